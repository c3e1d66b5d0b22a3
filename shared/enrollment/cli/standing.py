"""How things stand in a store: what became of requests, what waits, what is in review."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from enrollment.clock import Deadline
from enrollment.entry import Count, State, Stored
from enrollment.outcome import Outcome
from enrollment.ports import LineState, LineStatus
from enrollment.reasons import Reason
from enrollment.wiring.store import Queue, Store

LOOKING = timedelta(minutes=5)  # a million entries are counted in seconds
PAGE = 500
EVER = datetime.max.replace(tzinfo=UTC)


@dataclass(kw_only=True)
class Waiting:
    """Requests that wait for the same reason, and when the first of them is due."""

    count: int = 0
    next_due: datetime | None = None

    def add(self, due: datetime | None) -> None:
        """Count one more."""
        self.count += 1
        if due is not None:
            self.next_due = min(due, self.next_due or due)


@dataclass(kw_only=True)
class Standing:
    """One look at a store. `rejected`, by reason, and `queue` are None where it cannot tell."""

    outcomes: Counter[Outcome] = field(default_factory=Counter)
    rejected: Counter[Reason] | None = field(default_factory=Counter)
    waiting: int = 0
    claimed: int = 0
    waits: dict[Reason, Waiting] = field(default_factory=dict)
    review: Counter[Reason] = field(default_factory=Counter)
    line: LineStatus
    queue: Queue | None

    @property
    def requests(self) -> int:
        """All that the ledger knows."""
        return self.outcomes.total() + self.waiting + self.claimed

    @property
    def unsettled(self) -> int:
        """What may still be sent to Classroom; a waiting one may be on the queue as well."""
        queued = self.queue.requests if self.queue else 0
        return max(queued, self.waiting + self.claimed)

    @property
    def in_review(self) -> int:
        """How many items wait for a person."""
        return self.review.total()

    @property
    def held(self) -> bool:
        """Whether the line is held."""
        return self.line.state is LineState.HELD

    @property
    def next_due(self) -> datetime | None:
        """When the first of the waiting requests is due."""
        return min((each.next_due for each in self.waits.values() if each.next_due), default=None)


def standing(store: Store, *, reviews: bool = True) -> Standing:
    """How things stand; without `reviews`, only what is counted quickly. Raises Unavailable."""
    deadline = Deadline.starting_now(store.clock, LOOKING)
    found = Standing(line=store.line.look(deadline).status, queue=store.queue(deadline))
    for count in store.ledger.counts(deadline):
        _add(found, count)
    if reviews:
        for stored in _waiting(store, deadline):
            reason = stored.entry.reason or Reason.INTERNAL_ERROR
            found.waits.setdefault(reason, Waiting()).add(stored.entry.not_before)
        found.review.update(each.item.reason for each in store.reviews.open_items(deadline))
    return found


def _add(found: Standing, count: Count) -> None:
    match count.state:
        case State.WAITING:
            found.waiting += count.number
        case State.CLAIMED:
            found.claimed += count.number
        case State.SETTLED:
            assert count.outcome is not None
            found.outcomes[count.outcome] += count.number
            if count.outcome is Outcome.REJECTED:
                _add_rejected(found, count)


def _add_rejected(found: Standing, count: Count) -> None:
    if count.reason is None:
        found.rejected = None
    elif found.rejected is not None:
        found.rejected[count.reason] += count.number


def _waiting(store: Store, deadline: Deadline) -> Iterator[Stored]:
    """The waiting entries, page by page."""
    last = None
    while True:
        page = store.ledger.due(State.WAITING, EVER, PAGE, deadline, last)
        yield from page
        if len(page) < PAGE:
            return
        last = page[-1]
