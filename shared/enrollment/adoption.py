"""What an engine that died had under way, taken over by the next one on the same store.

One of those requests may have ended it, or none: it was killed, or the power went. So nobody is
blamed, and the next engine tries them one at a time, before anything else. Whatever ends that one
too was alone, and its lapsed claim counts.
"""

from datetime import UTC, datetime

from enrollment.clock import Deadline
from enrollment.entry import Entry, Event, State
from enrollment.ports import Ledger, Message
from enrollment.timing import WAKE_AGAIN
from enrollment.wire import as_message, stored_request

MOST = 1000  # an engine has a worker's number under way; more were claimed by no engine of ours
EVER = datetime.max.replace(tzinfo=UTC)


def adopt(ledger: Ledger, deadline: Deadline) -> list[Message]:
    """Free what is claimed by a worker that is dead for sure; the requests, to be tried alone.

    Raises Unavailable.
    """
    claimed = ledger.due(State.CLAIMED, EVER, MOST, deadline)
    if len(claimed) > 1:
        for stored in claimed:
            ledger.update(stored, _released(stored.entry, stored.read_at), deadline)
    messages = (_message(stored.entry) for stored in claimed)
    return [each for each in messages if each is not None]


def _released(entry: Entry, now: datetime) -> Entry:
    return entry.noting(
        Event(at=now, attempt=entry.attempt, what="released", by="engine"),
        state=State.WAITING,
        answer_lost=True,  # it may have reached Classroom
        not_before=now,
        wake_at=now + WAKE_AGAIN,
    )


def _message(entry: Entry) -> Message | None:
    request = stored_request(entry.message)
    return as_message(entry.message, request) if request else None
