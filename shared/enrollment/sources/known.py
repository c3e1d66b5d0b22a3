"""People and classes that a sender has told of, by its own ids."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import TypeVar

from enrollment.sources.candidates import Person, Section

Record = TypeVar("Record", Person, Section)
A_DAY = timedelta(days=1)  # some clocks are wrong, and some write their own zone's time as UTC


@dataclass(frozen=True)
class Known:
    """People by their user ids, and classes by their class ids."""

    people: Mapping[str, Person] = field(default_factory=dict, repr=False)
    sections: Mapping[str, Section] = field(default_factory=dict, repr=False)

    def __bool__(self) -> bool:
        return bool(self.people or self.sections)

    def updated(self, told: "Known") -> "Known":
        """Both; of each person and class what was told last, unless it is out of date."""
        return Known(
            latest([*self.people.items(), *told.people.items()]),
            latest([*self.sections.items(), *told.sections.items()]),
        )

    def up_to(self, now: datetime) -> "Known":
        """The same; what says that it is of a day to come has no time that anything is told by.

        Else a slip in one year would keep out every later word about a person.
        """
        return Known(_up_to(self.people, now + A_DAY), _up_to(self.sections, now + A_DAY))


def _up_to(records: Mapping[str, Record], latest: datetime) -> dict[str, Record]:
    return {
        name: replace(it, changed_at=None) if it.changed_at and it.changed_at > latest else it
        for name, it in records.items()
    }


def latest(records: Iterable[tuple[str, Record]]) -> dict[str, Record]:
    """Of each id the last record that is not out of date."""
    kept: dict[str, Record] = {}
    for name, record in records:
        if name not in kept or not is_older(record, kept[name]):
            kept[name] = record
    return kept


def is_older(record: Person | Section, than: Person | Section) -> bool:
    """Whether a record is out of date, by the sender's own times; without both nobody can say."""
    if record.changed_at is None or than.changed_at is None:
        return False
    return record.changed_at < than.changed_at
