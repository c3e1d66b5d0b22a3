"""What is known of one request: an entry of the ledger."""

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from enrollment.outcome import Outcome
from enrollment.reasons import Reason

HISTORY_FIRST, HISTORY_LAST = 5, 20


class State(StrEnum):
    """Where an entry is in its life."""

    CLAIMED = "claimed"
    WAITING = "waiting"
    SETTLED = "settled"


class Letter(StrEnum):
    """What review is owed about a settled entry, or has been told."""

    OWED = "owed"
    SENT = "sent"


@dataclass(frozen=True, kw_only=True)
class Event:
    """One line of an entry's history."""

    at: datetime
    attempt: int
    what: str
    reason: Reason | None = None
    by: str = "enroll"


@dataclass(frozen=True, kw_only=True)
class Entry:
    """What is known of one request. Times are the ledger's, in UTC."""

    request_id: str
    message: str
    fingerprint: str
    course_id: str
    student_key: str
    replay: int
    state: State
    claim: str
    first_seen_at: datetime
    outcome: Outcome | None = None
    reason: Reason | None = None
    detail: str | None = None
    attempt: int = 0
    lapses: int = 0
    # Classroom said that the person is in the course already; only as what is still to be seen.
    exists: bool = False
    answer_lost: bool = False
    not_before: datetime | None = None
    wake_at: datetime | None = None
    first_failed_at: datetime | None = None
    # The line's total of held seconds when first_failed_at was set: what has been added since was
    # not this request's fault.
    held_seconds: float = 0.0
    # The last reason that says something about this request (not a full quota or an outage), since
    # when, and how often in a row.
    last_reason: Reason | None = None
    reason_since: datetime | None = None
    reason_count: int = 0
    # How often Pub/Sub gave up delivering it and sent it to the dead letters instead.
    returns: int = 0
    letter: Letter | None = None
    settled_at: datetime | None = None
    expire_at: datetime | None = None
    # The fingerprints of what was wished before a person corrected it, the last few.
    corrected_from: tuple[str, ...] = ()
    history: tuple[Event, ...] = ()
    history_count: int = 0

    def noting(self, event: Event, **changes: Any) -> "Entry":
        """The entry so changed, with one more event; the first 5 and the last 20 are kept.

        One copy for both: each sets all of its fields again, which takes 8 µs.
        """
        events = (*self.history, event)
        if len(events) > HISTORY_FIRST + HISTORY_LAST:
            events = (*events[:HISTORY_FIRST], *events[-HISTORY_LAST:])
        return replace(self, history=events, history_count=self.history_count + 1, **changes)


@dataclass(frozen=True, kw_only=True)
class Count:
    """How many entries are alike; a ledger may leave the reasons together."""

    state: State
    outcome: Outcome | None
    reason: Reason | None
    number: int


@dataclass(frozen=True)
class Stored:
    """An entry as the ledger holds it.

    `version` is the ledger's own token of this state of the entry: a write that names it succeeds
    only if nobody has written since. `updated_at` and `read_at` are the ledger's clock.
    """

    entry: Entry
    version: object
    updated_at: datetime
    read_at: datetime
