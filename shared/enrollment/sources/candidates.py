"""What every format comes down to: rows that may be sent, with their class, person and dates."""

from collections.abc import Hashable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple, Protocol

from enrollment.sources.dates import ALWAYS, Span
from enrollment.sources.rules import ClassFields, PersonFields, Refusal
from enrollment.sources.skips import Skipped, SkipReason
from enrollment.sources.tables import Line

ENROLLMENTS = "enrollments.csv"  # where most formats write who is in which class


class Candidate(NamedTuple):
    """A row that asks for an enrollment now."""

    row: int
    of_class: ClassFields
    person: PersonFields
    version: str
    event_id: str | None = None
    occurred_at: datetime | None = None


class Reader(Protocol):
    """One format, built from the files; it raises RosterError then and never while it is read."""

    format: str
    file: str  # the one whose rows are asked about, as people are told
    system: str | None
    total_rows: int
    warnings: list[str]

    @property
    def lists(self) -> tuple[Mapping[str, "Person"], Mapping[str, "Section"]]:
        """The people and classes by their ids, as far as the format lists them."""

    def rows(self) -> Iterator[Candidate | Skipped]:
        """One result for each row of `file`, in order."""


@dataclass(frozen=True, slots=True)
class Section:
    """A class: what rules may name of it, whether it exists, when it runs."""

    fields: ClassFields
    active: bool = True
    span: Span = ALWAYS
    changed_at: datetime | None = None  # by the sender's own word, as far as its format has one


@dataclass(frozen=True, slots=True)
class Person:
    """A person: what rules may name of them, whether the account is in use, and their role."""

    fields: PersonFields
    active: bool = True
    other_role: str = ""  # what says that the person is no student
    changed_at: datetime | None = None


class Later:
    """Finds rows that a later row of the same file contradicts: the last one decides.

    Only keys with a row that is not active are kept, which are few.
    """

    def __init__(self) -> None:
        self._last: dict[Hashable, tuple[int, bool]] = {}

    def note(self, key: Hashable, row: int, *, active: bool) -> None:
        """Take a row into account, in the order of the file."""
        if not active or key in self._last:
            self._last[key] = (row, active)

    def refusal(self, key: Hashable, row: int, *, active: bool) -> Refusal | None:
        """Why a row does not count, if a later one says otherwise."""
        last, last_active = self._last.get(key, (row, active))
        if last <= row or last_active == active:
            return None
        says = "active" if last_active else "not active"
        return Refusal(SkipReason.SUPERSEDED, f"row {last} says later that it is {says}")


def skipped(line: Line, refusal: Refusal, class_id: str, user_id: str) -> Skipped:
    """A row that is not sent, with its ids unless its cells are out of place."""
    if line.fault:
        return Skipped(line.number, refusal.reason, refusal.detail)
    return Skipped(line.number, refusal.reason, refusal.detail, class_id, user_id)


def current(
    section: Section | Refusal,
    person: Person | Refusal,
    spans: Iterable[Span],
    taught_in: str,
    as_of: date,
) -> tuple[Section, Person] | Refusal:
    """The class and the person of an active student's row, or why it asks for nothing now.

    `taught_in` is the row that has the same person as a teacher of the class, or "".
    """
    if isinstance(section, Refusal):
        return section
    if not section.active:
        return Refusal(SkipReason.CLASS_INACTIVE, "the class or its course is marked as deleted")
    for span in spans:
        if refusal := out_of_time(span, as_of):
            return refusal
    if isinstance(person, Refusal):
        return person
    if not person.active:
        fact = "the person is marked as deleted, suspended or not enabled"
        return Refusal(SkipReason.USER_INACTIVE, fact)
    if person.other_role:
        return Refusal(SkipReason.ROLE_MISMATCH, person.other_role)
    if taught_in:
        fact = f"{taught_in} lists the same person as a teacher of the class"
        return Refusal(SkipReason.ROLE_MISMATCH, fact)
    return section, person


def out_of_time(span: Span, as_of: date, *, begun: date | None = None) -> Refusal | None:
    """Whether a span is over, or has not begun, or cannot be told.

    `begun` is the last day that has begun, if it may be another one than `as_of`.
    """
    if span.fault:
        return Refusal(SkipReason.UNREADABLE_DATE, span.fault)
    if span.end and span.end.day < as_of:
        return Refusal(SkipReason.ENDED, f"the {span.end.place} ended on {span.end.day}")
    if span.begin and span.begin.day > (begun or as_of):
        fact = f"the {span.begin.place} begins on {span.begin.day}"
        return Refusal(SkipReason.NOT_STARTED, fact)
    return None


def school_year(day: date) -> str:
    """The year in which a day's school year ends, as OneRoster writes it; July begins a new one."""
    july = 7
    return str(day.year + (day.month >= july))
