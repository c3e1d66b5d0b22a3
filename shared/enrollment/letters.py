"""What review is owed: a letter about a rejection, or the news that a wish came true after all."""

from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial

from enrollment.claims import Claims
from enrollment.clock import Deadline
from enrollment.entry import Entry, Event, Letter, State, Stored
from enrollment.outcome import Outcome
from enrollment.ports import Ledger, Message, Overtaken, Reviews, Topic
from enrollment.reasons import Reason
from enrollment.review_item import ItemState, ReviewItem, letter_id
from enrollment.timing import REMEMBERED
from enrollment.wire import Label, Unreadable, decode, letter


@dataclass(frozen=True)
class Letters:
    """Sends what is owed. Doing it twice does no harm: the same letter is one review item."""

    topic: Topic
    reviews: Reviews
    claims: Claims

    def send_owed(self, stored: Stored, now: datetime, deadline: Deadline, by: str) -> Stored:
        """Send what the entry owes, then note it. Raises Unavailable or LostClaim."""
        entry = stored.entry
        event = partial(Event, at=now, attempt=entry.attempt, by=by)
        if entry.outcome is Outcome.REJECTED:
            self.topic.publish([_letter_of(entry)], deadline)
            told = entry.noting(event(what="letter sent"), letter=Letter.SENT, wake_at=None)
        else:
            resolve(entry, self.reviews, now, deadline, by)
            closed = {"letter": None, "wake_at": None, "expire_at": now + REMEMBERED}
            told = entry.noting(event(what="review closed"), **closed)
        return self.claims.write(stored, told, deadline)

    def set_aside(self, body: bytes, label: Label, deadline: Deadline) -> None:
        """Send a letter about a message of which the ledger knows nothing."""
        self.topic.publish([letter(body, label)], deadline)


def resolve(entry: Entry, reviews: Reviews, now: datetime, deadline: Deadline, by: str) -> None:
    """Close every open item about a wish that came true."""
    for stored in reviews.of_request(entry.request_id, deadline):
        item = stored.item
        if item.state is not ItemState.OPEN or not is_of(item, entry):
            continue
        closed = replace(item, state=ItemState.RESOLVED, closed_at=now, closed_by=by)
        try:
            reviews.update(stored, closed, deadline)
        except Overtaken:
            continue  # a person has just closed it


def is_of(item: ReviewItem, entry: Entry) -> bool:
    """Whether an item is about the entry's wish, and not another message under the same id.

    What it wished before a person corrected it is the same wish.
    """
    if item.reason is Reason.ID_REUSED:
        return False
    try:
        same_content = decode(item.body).fingerprint == entry.fingerprint
    except Unreadable:
        return False
    # A message that was too old never came to the ledger: nothing there has corrected it.
    return same_content or (item.replay < entry.replay and item.reason is not Reason.TOO_OLD)


def let_expire(
    item: ReviewItem, reviews: Reviews, ledger: Ledger, now: datetime, deadline: Deadline
) -> None:
    """A rejection is forgotten in time once no letter of it is open, of any of its replays."""
    if item.request_id is None or item.reason is Reason.ID_REUSED:
        return  # no request's, or another one's
    items = [each.item for each in reviews.of_request(item.request_id, deadline)]
    if any(each.state is ItemState.OPEN and each.reason is not Reason.ID_REUSED for each in items):
        return
    seen = ledger.get(item.request_id, deadline)
    if seen is None or seen.entry.state is not State.SETTLED or seen.entry.expire_at:
        return
    own = letter_id(seen.entry.request_id, seen.entry.replay, seen.entry.fingerprint)
    if own not in {each.letter_id for each in items}:
        return  # it is still on the way, and will be open
    try:
        ledger.update(seen, replace(seen.entry, expire_at=now + REMEMBERED), deadline)
    except Overtaken:
        return  # it was reopened meanwhile


def _letter_of(entry: Entry) -> Message:
    assert entry.reason is not None
    label = Label(
        reason=entry.reason,
        detail=entry.detail or "",
        request_id=entry.request_id,
        attempts=entry.attempt,
        first_seen_at=entry.first_seen_at,
        replay=entry.replay,
    )
    return letter(entry.message.encode(), label)
