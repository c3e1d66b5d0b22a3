"""The review desk: dead letters are filed; a person sees why, mends the cause, and replays."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from enrollment.clock import Clock, Deadline
from enrollment.entry import Entry, State
from enrollment.ports import Ledger, Overtaken, Reviews, Topic
from enrollment.reasons import Reason
from enrollment.request import EnrollmentRequest
from enrollment.review_item import (
    ItemState,
    ReviewItem,
    StoredItem,
    letter_id,
    unreadable_letter_id,
)
from enrollment.timing import REMEMBERED
from enrollment.wire import Delivery, Label, Unreadable, decode, encode, read_label

MOST_BODY = 262_144  # a longer body is kept as its first part, with its length and hash
KEPT_OF_LONGER = 65_536
# These differ between two deliveries of the same unreadable message.
NOT_IDENTITY = frozenset({"attempts", "first_seen_at", "traceparent"})


@dataclass(frozen=True)
class Collector:
    """Files dead letters. The same letter twice is one item."""

    reviews: Reviews
    ledger: Ledger
    clock: Clock

    def collect(self, delivery: Delivery) -> ReviewItem:
        """File a dead letter, closed if its wish has come true by now. Raises Unavailable."""
        deadline = delivery.deadline or Deadline.starting_now(self.clock)
        item = self._item(delivery)
        stored = self.reviews.file(item, deadline)
        if item.request_id is None or item.reason is Reason.ID_REUSED:
            return stored.item
        # Looked up after the filing: a success settled later finds the item and closes it.
        seen = self.ledger.get(item.request_id, deadline)
        now_is = self._as_it_is(stored.item, item, seen.entry if seen else None)
        filed = self._update(stored, now_is, deadline).item
        if filed.state is ItemState.DISMISSED:  # refused once more, and still nobody's to look at
            _let_expire(filed, self.ledger, self.clock.now(), deadline)
        return filed

    def _item(self, delivery: Delivery) -> ReviewItem:
        label, body = read_label(delivery.attributes), delivery.body
        too_long = len(body) > MOST_BODY
        return ReviewItem(
            letter_id=_identity(delivery, label),
            reason=label.reason,
            detail=label.detail,
            body=body[:KEPT_OF_LONGER] if too_long else body,
            attempts=label.attempts,
            replay=label.replay,
            filed_at=self.clock.now(),
            request_id=label.request_id,
            first_seen_at=label.first_seen_at,
            trace=label.traceparent,
            truncated=too_long,
            length=len(body),
            sha256=hashlib.sha256(body).hexdigest(),
        )

    def _as_it_is(self, there: ReviewItem, new: ReviewItem, entry: Entry | None) -> ReviewItem:
        """The item in the light of the ledger: closed by a success, renewed by another reason.

        Refused again for the same reason, a dismissed item stays dismissed: a person has seen it.
        """
        if entry is None or entry.outcome is None:
            return there
        if entry.outcome.success and there.state is ItemState.OPEN:
            now = self.clock.now()
            return replace(there, state=ItemState.RESOLVED, closed_at=now, closed_by="collect")
        told = there.state in {ItemState.OPEN, ItemState.DISMISSED}
        if told and there.reason is not new.reason and entry.reason is new.reason:
            return new
        return there

    def _update(self, stored: StoredItem, item: ReviewItem, deadline: Deadline) -> StoredItem:
        if item == stored.item:
            return stored
        try:
            return self.reviews.update(stored, item, deadline)
        except Overtaken:
            return self.reviews.get(item.letter_id, deadline) or stored


def _identity(delivery: Delivery, label: Label) -> str:
    try:
        request = decode(delivery.body)
    except Unreadable:
        kept = {k: v for k, v in delivery.attributes.items() if k not in NOT_IDENTITY}
        return unreadable_letter_id(delivery.body, kept)
    return letter_id(request.request_id, label.replay or request.replay, request.fingerprint)


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
        _let_expire(item, self.ledger, self.clock.now(), deadline)
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


def _let_expire(item: ReviewItem, ledger: Ledger, now: datetime, deadline: Deadline) -> None:
    """A rejection is forgotten in time once no letter of it is open."""
    if item.request_id is None or item.reason is Reason.ID_REUSED:
        return  # no request's, or another one's
    seen = ledger.get(item.request_id, deadline)
    if seen is None or seen.entry.state is not State.SETTLED or seen.entry.expire_at:
        return
    try:
        ledger.update(seen, replace(seen.entry, expire_at=now + REMEMBERED), deadline)
    except Overtaken:
        return  # it was reopened meanwhile


def _checked(request: EnrollmentRequest) -> EnrollmentRequest:
    """A corrected request, held to the rules of a new one."""
    try:
        return decode(encode(request).body)
    except Unreadable as trouble:
        raise NotReplayable(f"corrected like this it is no request: {trouble.detail}") from None
