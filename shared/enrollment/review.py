"""The review desk: a person sees why, mends the cause, and replays or dismisses."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

from enrollment.clock import Clock, Deadline
from enrollment.drafts import completed
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

UNCHANGED: Mapping[str, str] = MappingProxyType({})


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
        changes: Mapping[str, str] = UNCHANGED,
    ) -> EnrollmentRequest:
        """Send an open item's request again, one replay later, with these fields changed.

        Of an unmapped wish they are what was missing. Raises NotReplayable, Overtaken if somebody
        else closed the item, or Unavailable.
        """
        item = stored.item
        if item.state is not ItemState.OPEN:
            raise NotReplayable(f"this item is {item.state.value}; only an open one is replayed")
        mended = self._replayable(item, changes, deadline)
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

    def _replayable(
        self, item: ReviewItem, changes: Mapping[str, str], deadline: Deadline
    ) -> EnrollmentRequest:
        if item.reason is Reason.ID_REUSED:
            raise NotReplayable(
                "its id belongs to another request: send it as a new one (`enrollment send`)"
            )
        request = self._request_of(item, changes)
        seen = self.ledger.get(request.request_id, deadline)
        known = seen.entry.replay if seen else request.replay
        update = {"replay": known + 1, "received_at": self.clock.now(), "retry": False}
        return request.model_copy(update=update)

    def _request_of(self, item: ReviewItem, changes: Mapping[str, str]) -> EnrollmentRequest:
        """The item's request with the changes in it, held to the rules of a new one."""
        body = item.body
        if item.is_draft:
            body = completed(body, changes, self.clock.now())
        try:
            request = decode(body)
        except Unreadable as trouble:
            raise NotReplayable(
                f"the message cannot be read ({trouble.detail}): {_remedy(item)}"
            ) from None
        try:
            return decode(encode(request.model_copy(update=dict(changes))).body)
        except Unreadable as trouble:
            raise NotReplayable(f"corrected like this it is no request: {trouble.detail}") from None


def _remedy(item: ReviewItem) -> str:
    if item.is_draft:
        return "say what is missing, as in --student ADDRESS or --course COURSE"
    return "let its sender correct it"
