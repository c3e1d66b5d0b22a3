"""Review items in Firestore."""

import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from enrollment.adapters.firestore.connection import Firestore
from enrollment.adapters.firestore.documents import Document, Documents
from enrollment.adapters.firestore.queries import all_of, compared, ordered, where
from enrollment.adapters.firestore.records import (
    Unreadable,
    changes,
    read,
    readable,
    reading_document,
    readings,
)
from enrollment.clock import Deadline
from enrollment.ports import AlreadyExists, Unavailable
from enrollment.reasons import Reason
from enrollment.review_item import ItemState, ReviewItem, StoredItem
from enrollment.timing import REMEMBERED

PAGE = 200  # items of 600 bytes as a rule, and of 256 KiB at most
NEAR_ID = re.compile(r"[0-9A-Za-z-]{1,500}")  # what may be asked for; our own are hex digits
ITEM = readings(ReviewItem)


class FirestoreReviews:
    """Review items in the collection `reviews`.

    A closed one carries `expire_at`, so that Firestore deletes it when its time is over.
    `unreadable` is told the id of an open one that cannot be read; the others are still shown.
    """

    def __init__(self, firestore: Firestore, unreadable: Unreadable | None = None) -> None:
        self._items = Documents(firestore, "reviews")
        self._unreadable = unreadable

    def file(self, item: ReviewItem, deadline: Deadline) -> StoredItem:
        """Store an item, or return the one that is there under the same id."""
        try:
            done = self._items.create(item.letter_id, _changes(item), deadline)
        except AlreadyExists:  # a letter of long ago, or our own commit whose reply was lost
            there = self.get(item.letter_id, deadline)
        else:
            return StoredItem(item, done.version)
        if there is None:  # it was there a moment ago: deleted when its time was over
            raise Unavailable(Reason.LEDGER_DOWN, "the item was deleted in between")
        return there

    def get(self, letter_id: str, deadline: Deadline) -> StoredItem | None:
        """The item with this id, or None."""
        if not NEAR_ID.fullmatch(letter_id):
            return None
        found, _ = self._items.look(letter_id, deadline)
        return _stored(found) if found else None

    def update(self, seen: StoredItem, item: ReviewItem, deadline: Deadline) -> StoredItem:
        """Replace what was seen. Raises Overtaken if it has changed since."""
        assert isinstance(seen.version, int)
        differences = _changes(item, seen.item)
        done = self._items.write(item.letter_id, seen.version, differences, deadline)
        return StoredItem(item, done.version)

    def of_request(self, request_id: str, deadline: Deadline) -> Sequence[StoredItem]:
        """Every item of one request."""
        pages = self._items.pages(where(request_id=request_id), PAGE, deadline)
        found = [_stored(each) for page in pages for each in page]
        return sorted(found, key=lambda each: (each.item.filed_at, each.item.letter_id))

    def open_items(self, deadline: Deadline) -> Iterator[StoredItem]:
        """The open items, oldest first, read page by page.

        One that cannot be read hides no other. Raises DamagedStore if nobody is told of it.
        """
        query = {**where(state=ItemState.OPEN.value), **ordered("filed_at")}
        query["limit"] = {"value": PAGE}
        while True:
            page = self._items.find(query, deadline)
            yield from readable(page, _stored, self._unreadable)
            if len(page) < PAGE:
                return
            query["start_at"] = self._items.after(page[-1], "filed_at")

    def with_prefix(self, prefix: str, limit: int, deadline: Deadline) -> Sequence[StoredItem]:
        """Items whose ids begin so, open or closed, at most so many."""
        if not NEAR_ID.fullmatch(prefix):
            return []
        low, high = self._items.reference(prefix), self._items.reference(prefix + "\uffff")
        query = {
            **all_of(
                compared("__name__", "GREATER_THAN_OR_EQUAL", low),
                compared("__name__", "LESS_THAN", high),
            ),
            **ordered(),
            "limit": {"value": limit},
        }
        return [_stored(each) for each in self._items.find(query, deadline)]

    def count_open(self, deadline: Deadline) -> int:
        """How many items wait for a person."""
        return self._items.count(where(state=ItemState.OPEN.value), deadline)


def _changes(item: ReviewItem, seen: ReviewItem | None = None) -> dict[str, Any]:
    """What is sent of an item, and with its state when its time is over."""
    changed = changes(ITEM, item, seen)
    if "closed_at" in changed or "state" in changed:
        changed["expire_at"] = _expire_at(item)
    return changed


def _expire_at(item: ReviewItem) -> datetime | None:
    """When Firestore may delete it: never while it waits for a person."""
    if item.state is ItemState.OPEN or item.closed_at is None:
        return None
    return item.closed_at + REMEMBERED


def _stored(document: Document) -> StoredItem:
    with reading_document(f"the record of review item {document.id}"):
        item = ReviewItem(**read(ITEM, document.fields))
        if item.letter_id != document.id:
            raise ValueError
    return StoredItem(item, document.version)
