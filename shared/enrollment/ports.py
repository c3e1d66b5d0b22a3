"""What the core needs of the outside, and which trouble may cross each border.

Every method may raise `Unavailable`; what else it raises, its docstring says. An ordinary exception
is a fault of ours and crosses everything.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol

from enrollment.clock import Deadline
from enrollment.entry import Entry, State, Stored
from enrollment.reasons import Reason
from enrollment.review_item import ReviewItem, StoredItem

if TYPE_CHECKING:  # what only the intake needs is not loaded by `enroll`
    from enrollment.receipt import Noted, Receipt
    from enrollment.sources.candidates import Person, Section
    from enrollment.sources.known import Known


class Trouble(Exception):
    """Something kept a request from being enrolled; `detail` holds no address, name or code."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else str(reason))
        self.reason = reason
        self.detail = detail


class Refused(Trouble):
    """The request cannot succeed: asking again does not help."""


class Unavailable(Trouble):
    """It cannot succeed now.

    `answer_lost`: the call may have taken effect, its answer never arrived.
    """

    def __init__(
        self,
        reason: Reason,
        detail: str = "",
        *,
        retry_after: timedelta | None = None,
        answer_lost: bool = False,
    ) -> None:
        super().__init__(reason, detail)
        self.retry_after = retry_after
        self.answer_lost = answer_lost


class DamagedStore(Unavailable):
    """What is stored cannot be read; time does not mend it.

    `detail` names the record, or holds the store's own words, and never what stands in the record.
    """

    def __init__(self, detail: str) -> None:
        super().__init__(Reason.LEDGER_DOWN, detail)


class Misconfigured(Trouble):
    """We are at fault, and with us every request: the line is to be held."""


class AlreadyExists(Exception):
    """There already is an entry for this request."""


class Overtaken(Exception):
    """Somebody else wrote since it was read; nothing was written."""


class CreateAnswer(StrEnum):
    """Classroom's answers to `students.create` that only the core can interpret."""

    ADDED = "added"
    EXISTS = "exists"
    NOT_FOUND = "not found"
    CANNOT_ADD = "cannot add directly"
    FORBIDDEN = "forbidden without a cause"


class InviteAnswer(StrEnum):
    """Classroom's answers to `invitations.create` that only the core can interpret."""

    INVITED = "invited"
    HAS_ROLE = "has this role"
    NOT_FOUND = "not found"


@dataclass(frozen=True, kw_only=True)
class Seat:
    """A place in a course for one student, and who asks for it.

    `enrollment_code` is set exactly when the student acts (mode `code`), not the administrator.
    """

    course_id: str
    student: str = field(repr=False)
    enrollment_code: str | None = field(default=None, repr=False)


class Classroom(Protocol):
    """Google Classroom. Each method is exactly one HTTP call, given up after `timeout` seconds.

    Each raises Refused, Unavailable or Misconfigured for every answer that speaks for itself.
    """

    def create_student(self, seat: Seat, timeout: float) -> CreateAnswer:
        """Ask for the seat (courses.students.create)."""

    def is_student(self, seat: Seat, timeout: float) -> bool:
        """Whether the person is a student of the course (courses.students.get)."""

    def is_teacher(self, seat: Seat, timeout: float) -> bool:
        """Whether the person is a teacher of the course (courses.teachers.get)."""

    def course_exists(self, seat: Seat, timeout: float) -> bool:
        """Whether the course can be read at all (courses.students.list, one student)."""

    def invite(self, seat: Seat, timeout: float) -> InviteAnswer:
        """Invite the person as a student (invitations.create)."""


class Ledger(Protocol):
    """The memory of requests. One writer wins: a write names what it read."""

    def create(self, entry: Entry, deadline: Deadline) -> Stored:
        """Store the first entry of a request. Raises AlreadyExists."""

    def get(self, request_id: str, deadline: Deadline) -> Stored | None:
        """The entry of a request, or None."""

    def update(self, seen: Stored, entry: Entry, deadline: Deadline) -> Stored:
        """Replace what was seen. Raises Overtaken if it has changed since."""

    def due(
        self,
        state: State,
        before: datetime,
        limit: int,
        deadline: Deadline,
        after: Stored | None = None,
    ) -> Sequence[Stored]:
        """The entries in a state whose `wake_at` is not later than a time, oldest first.

        At most `limit`; `after` is the last entry of the page before. What cannot be read raises
        DamagedStore, or is left out and told to whoever runs the service: it stops nobody else.
        """


@dataclass(frozen=True)
class Message:
    """A body and its attributes, as they travel on a topic."""

    body: bytes = field(repr=False)
    attributes: Mapping[str, str] = field(default_factory=dict, repr=False)


class Topic(Protocol):
    """A topic that messages are published on."""

    def publish(self, messages: Sequence[Message], deadline: Deadline) -> None:
        """Return once every message is accepted for good. Raises Unavailable(topic_down)."""


class Reviews(Protocol):
    """The review items that wait for a person, and those that are closed."""

    def file(self, item: ReviewItem, deadline: Deadline) -> StoredItem:
        """Store an item, or return the one that is there under the same id."""

    def get(self, letter_id: str, deadline: Deadline) -> StoredItem | None:
        """The item with this id, or None."""

    def update(self, seen: StoredItem, item: ReviewItem, deadline: Deadline) -> StoredItem:
        """Replace what was seen. Raises Overtaken if it has changed since."""

    def of_request(self, request_id: str, deadline: Deadline) -> Sequence[StoredItem]:
        """Every item of one request."""

    def open_items(self, deadline: Deadline) -> Iterator[StoredItem]:
        """The open items, oldest first, read page by page."""


class Receipts(Protocol):
    """What senders were answered, for as long as they may send the same again."""

    def keep(self, receipt: "Receipt", deadline: Deadline) -> "Receipt":
        """Keep a receipt, or return the one that is there under the same key."""

    def find(self, key: str, deadline: Deadline) -> "Receipt | None":
        """The receipt that is kept under a key, or None."""

    def of_request(
        self, request_id: str, sources: Collection[str], deadline: Deadline
    ) -> "Mapping[str, Noted]":
        """What became of a request, by those of the sources that have sent one of this id."""


class Directory(Protocol):
    """The people and classes that senders have told of, by the senders' own ids."""

    def find(
        self, source: str, people: Collection[str], sections: Collection[str], deadline: Deadline
    ) -> "Known":
        """Those of the people and classes that a source has told of."""

    def learn(self, source: str, known: "Known", now: datetime, deadline: Deadline) -> None:
        """Remember people and classes, in the place of what was known of them.

        What is out of date by the sender's own times changes nothing.
        """


class Lookup(Protocol):
    """A sender's own system, which can be asked about the ids that the sender names.

    Each method is one question; whether the system knows nobody of an id, or the id is nothing that
    it could know, is the same answer. Each may raise Unavailable(sis_down or secrets_down).
    """

    def person(self, user_id: str, deadline: Deadline) -> "Person | None":
        """Who has this id, or None."""

    def section(self, class_id: str, deadline: Deadline) -> "Section | None":
        """The class that has this id, or None."""


class FormLooks(Protocol):
    """Whoever asks now and then that every form be looked at."""

    def ask(self, now: datetime, deadline: Deadline) -> bool:
        """Whether a look was due and has been asked for."""


class LineState(StrEnum):
    """Whether requests go on to Classroom."""

    OPEN = "open"
    HELD = "held"


class HeldBy(StrEnum):
    """Who holds the line: a fault of ours, which is probed, or an operator, who ends it."""

    FAULT = "fault"
    OPERATOR = "operator"


@dataclass(frozen=True, kw_only=True)
class LineStatus:
    """The line. `held_seconds` is the total of all holds that have ended.

    `suspects`: courses that were refused without a cause; a probe of theirs proves nothing.
    """

    state: LineState = LineState.OPEN
    held_by: HeldBy | None = None
    why: str | None = None
    since: datetime | None = None
    next_probe: datetime | None = None
    held_seconds: float = 0.0
    suspects: tuple[str, ...] = ()


@dataclass(frozen=True)
class StoredLine:
    """The line as it is stored; `version` is None if it never was."""

    status: LineStatus
    version: object
    read_at: datetime


class Line(Protocol):
    """The one document that says whether the line is open."""

    def read(self, deadline: Deadline) -> StoredLine:
        """The line as it stands."""

    def write(self, seen: StoredLine, status: LineStatus, deadline: Deadline) -> StoredLine:
        """Replace what was seen. Raises Overtaken if it has changed since."""
