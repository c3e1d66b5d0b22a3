"""What an operator looks at and changes, whichever engine it belongs to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from enrollment.clock import Clock, Deadline
from enrollment.entry import Count, Stored
from enrollment.form_ports import FormStates
from enrollment.intake import Intake
from enrollment.line import LineKeeper
from enrollment.ports import Directory, Ledger, Reviews
from enrollment.review import Desk
from enrollment.review_item import StoredItem


class SearchableLedger(Ledger, Protocol):
    """A ledger that people ask about many entries at once."""

    def next_due(self, deadline: Deadline) -> datetime | None:
        """The earliest `wake_at` of all, or None."""

    def counts(self, deadline: Deadline) -> Sequence[Count]:
        """How many entries are alike."""

    def of_student(
        self, student_key: str, course_id: str | None, deadline: Deadline
    ) -> Sequence[Stored]:
        """The entries of one student, in one course if it is given, oldest first."""


class SearchableReviews(Reviews, Protocol):
    """Review items that people look for."""

    def with_prefix(self, prefix: str, limit: int, deadline: Deadline) -> Sequence[StoredItem]:
        """Items whose ids begin so, open or closed, at most so many."""

    def count_open(self, deadline: Deadline) -> int:
        """How many items wait for a person."""


class Imports(Protocol):
    """The rosters that were imported, so that an interrupted import goes on as the one it was."""

    def received_at(self, digest: str, deadline: Deadline) -> datetime:
        """When the roster with these requests was received: now, or when it was interrupted."""

    def all_sent(self, digest: str, deadline: Deadline) -> None:
        """All of the roster is on the queue."""


class Pseudonyms(Protocol):
    """Which key made the ids in a store."""

    def check(self, key: bytes, deadline: Deadline) -> None:
        """Remember the first key; raise OtherKey for any other."""

    def look(self, key: bytes, deadline: Deadline) -> bool:
        """Whether a key is remembered; nothing is written. Raises OtherKey for any other."""


@dataclass(frozen=True, kw_only=True)
class Queue:
    """What is on the queue, and when the first of it is due."""

    requests: int
    dead_letters: int
    next_due: datetime | None


class Store(Protocol):
    """A memory of requests with all that belongs to it, opened."""

    @property
    def clock(self) -> Clock:
        """The machine's clock."""

    @property
    def ledger(self) -> SearchableLedger:
        """What is known of each request."""

    @property
    def reviews(self) -> SearchableReviews:
        """What waits for a person."""

    @property
    def line(self) -> LineKeeper:
        """Whether requests go to Classroom."""

    @property
    def imports(self) -> Imports:
        """The rosters that were imported."""

    @property
    def pseudonyms(self) -> Pseudonyms:
        """The key of the ids."""

    def directory(self) -> Directory:
        """The people and classes that sources have told of."""

    def forms(self) -> FormStates:
        """How far each Google Form has been read."""

    @property
    def intake(self) -> Intake:
        """The way onto the queue."""

    @property
    def desk(self) -> Desk:
        """What a person may do with a review item."""

    def queue(self, deadline: Deadline) -> Queue | None:
        """What is on the queue; None where only the queue's own service can tell."""

    def close(self) -> None:
        """Close the connections; the store stays."""
