"""What every format of a webhook comes down to: wishes, and what else a record turns out to be.

A place in a body is a JSON pointer (RFC 6901).
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from enrollment.sources.candidates import Person, Section
from enrollment.sources.dates import ALWAYS, Span
from enrollment.sources.known import Known
from enrollment.sources.skips import SkipReason

MOST_RECORDS = 500  # of a body: as many as are published at once
MOST_KNOWN = 2_000  # people and classes of a body: four commits of Firestore, about a second


class Fault(NamedTuple):
    """What is wrong with a body, where, and what to do; never a value of it."""

    pointer: str
    code: str
    detail: str


class Unfit(Exception):
    """The body is nothing that this format knows; `faults` is all of it."""

    def __init__(self, faults: Sequence[Fault]) -> None:
        super().__init__("; ".join(f"{each.pointer or '/'}: {each.code}" for each in faults))
        self.faults = tuple(faults)


@dataclass(frozen=True, kw_only=True)
class Wish:
    """A record that asks for an enrollment.

    The course and the student are named outright, or by the sender's own ids, which rules and the
    directory turn into them.
    """

    pointer: str
    course_id: str = field(default="", repr=False)
    student: str = field(default="", repr=False)
    class_id: str = field(default="", repr=False)
    user_id: str = field(default="", repr=False)
    # The ids are the sender's inner ones: no rule can use them, and the directory has to know them.
    inner: bool = False
    span: Span = ALWAYS
    version: str = field(default="", repr=False)
    request_id: str | None = None
    enrollment_code: str | None = field(default=None, repr=False)
    approve: str = ""  # why a person has to approve it before it is sent
    kind: str = "sis"
    system: str | None = field(default=None, repr=False)
    event_id: str | None = field(default=None, repr=False)
    occurred_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Passed:
    """A record that asks for nothing that can be done: why, and whose it is by the sender's ids."""

    pointer: str
    reason: SkipReason
    detail: str
    class_id: str = field(default="", repr=False)
    user_id: str = field(default="", repr=False)
    event_id: str | None = field(default=None, repr=False)
    occurred_at: datetime | None = None


@dataclass(frozen=True, kw_only=True)
class Wrong:
    """A record of our own format that its sender can mend."""

    pointer: str
    faults: tuple[Fault, ...]


@dataclass(frozen=True)
class Reading:
    """A body, read: its records in their order, and whom and what else it tells of.

    `single`: it is one record and no list. `mendable`: whoever sent it can mend what is wrong, and
    hears of it instead of a person here.
    """

    records: Sequence[Wish | Passed | Wrong]
    known: Known = field(default_factory=Known)
    single: bool = False
    mendable: bool = False


def not_too_many(reading: Reading) -> Reading:
    """The reading, if it can be published at once. Raises Unfit."""
    told = len(reading.known.people) + len(reading.known.sections)
    for number, most, what in (
        (len(reading.records), MOST_RECORDS, "records"),
        (told, MOST_KNOWN, "people and classes"),
    ):
        if number > most:
            fact = f"{number} {what}; a delivery has at most {most}: send it in parts"
            raise Unfit([Fault("", "too_many", fact)])
    return reading


def objects_in(body: object) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """The objects of a body with their places: one by itself, those of a list, or under `data`.

    Raises Unfit if there is none.
    """
    place = ""
    if isinstance(body, Mapping) and isinstance(body.get("data"), list):
        body, place = body["data"], "/data"
    if isinstance(body, Mapping):
        yield place, body
        return
    if not isinstance(body, list) or not all(isinstance(each, Mapping) for each in body):
        raise Unfit([Fault(place, "object_expected", "write one event, or a list of events")])
    for number, each in enumerate(body):
        yield f"{place}/{number}", each


def listed(body: Mapping[str, Any], one: str, many: str) -> Iterator[tuple[str, Any]]:
    """The records under `one` or `many` of a body, each with its place."""
    if one in body:
        yield f"/{one}", body[one]
    records = body.get(many) or []
    for number, record in enumerate(records if isinstance(records, list) else [records]):
        yield f"/{many}/{number}", record


def text(record: object, *path: str) -> str:
    """A text in nested objects, a whole number as its digits; "" for anything else."""
    for name in path:
        record = record.get(name) if isinstance(record, Mapping) else None
    if isinstance(record, bool):  # OneRoster writes "true", and some providers write true
        return str(record).lower()
    return " ".join(str(record).split()) if isinstance(record, str | int) else ""


__all__ = [
    "MOST_RECORDS",
    "Fault",
    "Passed",
    "Person",
    "Reading",
    "Section",
    "Unfit",
    "Wish",
    "Wrong",
    "listed",
    "not_too_many",
    "objects_in",
    "text",
]
