"""Dead letters, filed for a person: the same letter is one item, however often it comes."""

import hashlib
from dataclasses import dataclass, replace

from enrollment.clock import Clock, Deadline
from enrollment.entry import Entry
from enrollment.letters import is_of, let_expire
from enrollment.ports import Ledger, Overtaken, Reviews
from enrollment.reasons import Reason
from enrollment.review_item import (
    ItemState,
    ReviewItem,
    StoredItem,
    letter_id,
    unreadable_letter_id,
)
from enrollment.wire import Delivery, Label, Unreadable, decode, read_label

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
        return self.file(delivery, read_label(delivery.attributes), deadline)

    def file(self, delivery: Delivery, label: Label, deadline: Deadline) -> ReviewItem:
        """File a message under this label, closed if its wish has come true by now."""
        item = self._item(delivery, label)
        stored = self.reviews.file(item, deadline)
        if item.request_id is None or item.reason is Reason.ID_REUSED:
            return stored.item
        # Looked up after the filing: a success settled later finds the item and closes it.
        seen = self.ledger.get(item.request_id, deadline)
        now_is = self._as_it_is(stored.item, item, seen.entry if seen else None)
        filed = self._update(stored, now_is, deadline).item
        if filed.state is ItemState.DISMISSED:  # refused once more, and still nobody's to look at
            let_expire(filed, self.reviews, self.ledger, self.clock.now(), deadline)
        return filed

    def _item(self, delivery: Delivery, label: Label) -> ReviewItem:
        body = delivery.body
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
        if entry.outcome.success and there.state is ItemState.OPEN and is_of(there, entry):
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


def _passing(name: str) -> bool:
    return name in NOT_IDENTITY or name.startswith(("CloudPubSub", "googclient_"))


def _identity(delivery: Delivery, label: Label) -> str:
    try:
        request = decode(delivery.body)
    except Unreadable:
        kept = {k: v for k, v in delivery.attributes.items() if not _passing(k)}
        return unreadable_letter_id(delivery.body, kept)
    return letter_id(request.request_id, label.replay or request.replay, request.fingerprint)
