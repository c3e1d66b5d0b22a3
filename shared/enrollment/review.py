"""The review desk: a person sees why, mends the cause, and replays or dismisses."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from enrollment.clock import Clock, Deadline
from enrollment.letters import let_expire
from enrollment.ports import Ledger, Reviews, Topic
from enrollment.reasons import Reason
from enrollment.request import EnrollmentRequest
from enrollment.review_item import (
    ItemState,
    ReviewItem,
    StoredItem,
)
from enrollment.wire import Unreadable, decode, encode


class NotReplayable(Exception):
    """The item cannot be sent again as it is; the message says what to do instead."""


@dataclass(frozen=True)
class Desk:
    """What a person may do with a review item."""

    reviews: Reviews
    ledger: Ledger
    requests: Topic
    clock: Clock

    def replay(
        self,
        stored: StoredItem,
        by: str,
        deadline: Deadline,
        mend: Callable[[EnrollmentRequest], EnrollmentRequest] | None = None,
    ) -> EnrollmentRequest:
        """Send an open item's request again, one replay later, corrected by `mend` if given.

        Raises NotReplayable, Overtaken if somebody else closed the item, or Unavailable.
        """
        item = stored.item
        if item.state is not ItemState.OPEN:
            raise NotReplayable(f"this item is {item.state.value}; only an open one is replayed")
        request = self._replayable(item, deadline)
        mended = _checked(mend(request)) if mend else request
        # Published first: a second message is a duplicate, a lost one would be a lie.
        self.requests.publish([encode(mended)], deadline)
        closed = replace(item, state=ItemState.REPLAYED, closed_at=self.clock.now(), closed_by=by)
        self.reviews.update(stored, closed, deadline)
        return mended

    def dismiss(self, stored: StoredItem, by: str, why: str, deadline: Deadline) -> ReviewItem:
        """Close an open item without sending it again. Raises NotReplayable or Overtaken."""
        item = stored.item
        if item.state is not ItemState.OPEN:
            raise NotReplayable(f"this item is {item.state.value}; only an open one is dismissed")
        closed = replace(
            item,
            state=ItemState.DISMISSED,
            closed_at=self.clock.now(),
            closed_by=by,
            note=why,
        )
        done = self.reviews.update(stored, closed, deadline)
        let_expire(item, self.reviews, self.ledger, self.clock.now(), deadline)
        return done.item

    def _replayable(self, item: ReviewItem, deadline: Deadline) -> EnrollmentRequest:
        if item.reason is Reason.ID_REUSED:
            raise NotReplayable(
                "its id belongs to another request: send it as a new one (`enrollment send`)"
            )
        try:
            request = decode(item.body)
        except Unreadable as trouble:
            raise NotReplayable(
                f"the message cannot be read ({trouble.detail}): let its sender correct it"
            ) from None
        seen = self.ledger.get(request.request_id, deadline)
        known = seen.entry.replay if seen else request.replay
        update = {"replay": known + 1, "received_at": self.clock.now(), "retry": False}
        return request.model_copy(update=update)


def _checked(request: EnrollmentRequest) -> EnrollmentRequest:
    """A corrected request, held to the rules of a new one."""
    try:
        return decode(encode(request).body)
    except Unreadable as trouble:
        raise NotReplayable(f"corrected like this it is no request: {trouble.detail}") from None
