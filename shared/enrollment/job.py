"""One delivery under way, and the answer that it gets."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from enrollment.clock import Deadline, ServerTime
from enrollment.ledger import Arrival
from enrollment.line import held_in_all
from enrollment.ports import StoredLine
from enrollment.reasons import Reason
from enrollment.request import EnrollmentRequest
from enrollment.timing import PARK_FROM_DELIVERY, SOON
from enrollment.wire import Delivery


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What the topic is told. Unacknowledged, the message comes again, best not before `due`."""

    acknowledge: bool
    what: str
    reason: Reason | None = None
    due: datetime | None = None
    attempt: int = 0
    calls: int = 0


@dataclass(frozen=True, kw_only=True)
class Job:
    """One delivery of a readable request, with the line as it was seen at its start."""

    delivery: Delivery
    arrival: Arrival
    deadline: Deadline
    line: StoredLine
    line_time: ServerTime

    @property
    def request(self) -> EnrollmentRequest:
        """The request that was delivered."""
        return self.arrival.request

    @property
    def held_in_all(self) -> float:
        """The line's total of held seconds, now."""
        return held_in_all(self.line.status, self.line_time.now())

    @property
    def too_often(self) -> bool:
        """Delivered so often that Pub/Sub must not be asked to bring it again."""
        return self.delivery.number >= PARK_FROM_DELIVERY

    def due(
        self,
        until: datetime,
        now: datetime,
        what: str,
        reason: Reason | None = None,
        *,
        soon: timedelta = SOON,
    ) -> Answer:
        """Within `soon` the topic brings it again. Later, or too often already, `wake` does."""
        again = until - now <= soon and not self.too_often
        return Answer(acknowledge=not again, what=what, reason=reason, due=until)
