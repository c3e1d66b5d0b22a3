"""What unit tests are made of: the real use-cases on SQLite at `:memory:`, with sensible defaults.

Time is a clock that a story moves. Classroom answers what a story says. A port fails when told to.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from itertools import count
from typing import Any

from enrollment.adapters.sqlite import SqliteLedger, SqliteLine, SqliteQueue, SqliteReviews
from enrollment.claims import Claims
from enrollment.clock import Deadline
from enrollment.collect import Collector
from enrollment.embedded import Engine
from enrollment.enroll import Enroller
from enrollment.entry import Entry
from enrollment.job import Answer
from enrollment.journal import Journal
from enrollment.letters import Letters
from enrollment.line import LineKeeper
from enrollment.pace import Pace
from enrollment.policy import Policy
from enrollment.reasons import Reason
from enrollment.request import EnrollmentRequest
from enrollment.results import Results
from enrollment.review import Desk
from enrollment.review_item import ReviewItem
from enrollment.timing import Waits
from enrollment.wake import Waker, Woken
from enrollment.wire import Delivery, encode
from tests.doubles import START, KeptJournal, MovableClock, ScriptedClassroom, Shaky, in_memory

KEY = b"0123456789abcdef0123456789abcdef"
ADA = "ada@northside.example"
FOREIGN = "ada@elsewhere.example"
REQUEST_ID = "fall26:sis:88121:v3"


def a_request(**changes: Any) -> EnrollmentRequest:
    """Ada's wish to join MATH-101-3, received when the story starts."""
    usual = {
        "schema_version": "1",
        "request_id": REQUEST_ID,
        "action": "enroll",
        "source": "infinite-campus",
        "course_id": "d:MATH-101-3",
        "student": ADA,
        "received_at": START,
    }
    return EnrollmentRequest(**(usual | changes))


def a_delivery(
    what: EnrollmentRequest | bytes | None = None, number: int = 1, **attributes: str
) -> Delivery:
    """A delivery of a request, or of any bytes."""
    body = what if isinstance(what, bytes) else encode(what or a_request()).body
    return Delivery(body=body, attributes=attributes, number=number)


@dataclass
class WholeDesk:
    """Every use-case, wired as in production but for Classroom, the clock and chance."""

    clock: MovableClock
    classroom: ScriptedClassroom
    ledger: Any
    requests: Any
    letters: Any
    reviews: Any
    line: LineKeeper
    journal: Any
    pace: Pace
    enroller: Enroller
    waker: Waker
    collector: Collector
    review: Desk

    @property
    def deadline(self) -> Deadline:
        return Deadline.starting_now(self.clock)

    def deliver(self, what: EnrollmentRequest | bytes | None = None, number: int = 1) -> Answer:
        return self.enroller.handle(a_delivery(what, number))

    def entry(self, request_id: str = REQUEST_ID) -> Entry:
        stored = self.ledger.get(request_id, self.deadline)
        assert stored is not None, f"the ledger does not know {request_id}"
        return stored.entry

    def knows(self, request_id: str = REQUEST_ID) -> bool:
        return self.ledger.get(request_id, self.deadline) is not None

    def sent(self) -> list[Delivery]:
        """Take everything from the requests topic."""
        return _drained(self.requests.port, self.deadline)

    def collect(self) -> list[ReviewItem]:
        """Collect every letter that was published."""
        letters = _drained(self.letters.port, self.deadline)
        return [self.collector.collect(each) for each in letters]

    def wake(self) -> Woken:
        return self.waker.run()

    def open_items(self) -> list[ReviewItem]:
        return [each.item for each in self.reviews.open_items(self.deadline)]

    def item(self) -> Any:
        """The one open review item, as it is stored."""
        (item,) = self.reviews.open_items(self.deadline)
        return item


def a_desk(
    *,
    policy: Policy | None = None,
    waits: Waits | None = None,
    share: int = 6000,
    chance: Callable[[], float] = lambda: 1.0,
    journal: Journal | None = None,
    **answers: Any,
) -> WholeDesk:
    """A desk with nothing in it. `answers` are Classroom's, as in `a_desk(is_student=True)`."""
    clock, classroom, journal = MovableClock(), ScriptedClassroom(answers), journal or KeptJournal()
    database = in_memory(clock)
    ledger = Shaky(SqliteLedger(database), Reason.LEDGER_DOWN)
    requests = Shaky(SqliteQueue(database, "requests"), Reason.TOPIC_DOWN)
    letters = Shaky(SqliteQueue(database, "letters"), Reason.TOPIC_DOWN)
    reviews = Shaky(SqliteReviews(database), Reason.LEDGER_DOWN)
    claims, line, pace = (
        Claims(ledger, clock),
        LineKeeper(SqliteLine(database), clock),
        Pace(clock, share),
    )
    results = Results(
        claims=claims,
        letters=Letters(letters, reviews, claims),
        line=line,
        journal=journal,
        waits=waits or Waits(),
        chance=chance,
    )
    numbers = count(1)
    enroller = Enroller(
        classroom=classroom,
        results=results,
        pace=pace,
        clock=clock,
        policy=policy or Policy(own_domains=frozenset({"northside.example"})),
        pseudonym_key=KEY,
        new_claim=lambda: f"claim-{next(numbers)}",
    )
    waker = Waker(
        claims=claims,
        letters=results.letters,
        line=line,
        requests=requests,
        pace=pace,
        clock=clock,
    )
    return WholeDesk(
        clock=clock,
        classroom=classroom,
        ledger=ledger,
        requests=requests,
        letters=letters,
        reviews=reviews,
        line=line,
        journal=journal,
        pace=pace,
        enroller=enroller,
        waker=waker,
        collector=Collector(reviews, ledger, clock),
        review=Desk(reviews, ledger, requests, clock),
    )


def an_engine(desk: WholeDesk, wait: timedelta = timedelta(0), **changes: Any) -> Engine[Any]:
    """The embedded engine on a desk, with one worker, so that a story happens in one order."""
    usual = {
        "enroller": desk.enroller,
        "collector": desk.collector,
        "waker": desk.waker,
        "requests": desk.requests,
        "dead_letters": desk.letters,
        "agenda": desk.ledger,
        "clock": desk.clock,
        "wait": wait,
        "workers": 1,
    }
    return Engine(**(usual | changes))


def _drained(queue: SqliteQueue, deadline: Deadline) -> list[Delivery]:
    taken = queue.pull(1000, deadline)
    for each in taken:
        queue.acknowledge(each, deadline)
    return [each.delivery for each in taken]
