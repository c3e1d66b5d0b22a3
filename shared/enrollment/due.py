"""Entries whose time has come, as a store hands them out: page by page, oldest first."""

from collections.abc import Iterator

from enrollment.clock import Deadline, ServerTime
from enrollment.entry import State, Stored
from enrollment.ports import Ledger
from enrollment.timing import LEASE


def due(
    ledger: Ledger,
    state: State,
    time: ServerTime,
    deadline: Deadline,
    *,
    page: int,
    after: Stored | None = None,
) -> Iterator[Stored]:
    """Due entries in pages of `page`, until the deadline. What fails is passed over in this run."""
    while deadline.remaining() > 0:
        entries = ledger.due(state, time.now(), page, deadline, after)
        for stored in entries:
            if deadline.remaining() <= 0:
                return  # the rest is as due in the next run
            yield stored
        if len(entries) < page:
            return
        after = entries[-1]


def is_live(stored: Stored) -> bool:
    """Whether a worker has claimed it, and may still be at work."""
    return stored.entry.state is State.CLAIMED and stored.read_at < stored.updated_at + LEASE
