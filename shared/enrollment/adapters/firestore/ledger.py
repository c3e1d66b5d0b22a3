"""The ledger in Firestore."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from enrollment.adapters.firestore.connection import Firestore
from enrollment.adapters.firestore.documents import Document, Documents
from enrollment.adapters.firestore.queries import all_of, compared, moment, ordered, where
from enrollment.adapters.firestore.records import (
    Unreadable,
    changes,
    read,
    readable,
    reading_document,
    readings,
)
from enrollment.clock import Deadline
from enrollment.entry import Count, Entry, State, Stored
from enrollment.outcome import Outcome

ENTRY = readings(Entry)
PAGE = 200


class FirestoreLedger:
    """Entries in the collection `enrollments`; Firestore's clock is the ledger's clock.

    `unreadable` is told the id of a record that is due and cannot be read; the others go on.
    """

    def __init__(self, firestore: Firestore, unreadable: Unreadable | None = None) -> None:
        self._entries = Documents(firestore, "enrollments")
        self._unreadable = unreadable

    def create(self, entry: Entry, deadline: Deadline) -> Stored:
        """Store the first entry of a request. Raises AlreadyExists."""
        done = self._entries.create(key(entry.request_id), _changes(entry), deadline)
        return Stored(entry, done.version, done.at, done.read_at)

    def get(self, request_id: str, deadline: Deadline) -> Stored | None:
        """The entry of a request, or None."""
        found, _ = self._entries.look(key(request_id), deadline)
        return _stored(found) if found else None

    def update(self, seen: Stored, entry: Entry, deadline: Deadline) -> Stored:
        """Replace what was seen. Raises Overtaken if it has changed since.

        Only what differs is sent: under the precondition nothing else can have changed. Its own
        write is recognised when the reply was lost, at the price of one look.
        """
        assert isinstance(seen.version, int)
        differences = _changes(entry, seen.entry)
        done = self._entries.write(key(entry.request_id), seen.version, differences, deadline)
        return Stored(entry, done.version, done.at, done.read_at)

    def due(
        self,
        state: State,
        before: datetime,
        limit: int,
        deadline: Deadline,
        after: Stored | None = None,
    ) -> Sequence[Stored]:
        """The entries in a state whose `wake_at` is not later than a time, oldest first.

        One that cannot be read holds up no other. Raises DamagedStore if nobody is told of it.
        """
        query: dict[str, Any] = {
            **all_of(
                compared("state", "EQUAL", {"string_value": state.value}),
                compared("wake_at", "LESS_THAN_OR_EQUAL", moment(before)),
            ),
            **ordered("wake_at"),
            "limit": {"value": limit},
        }
        if after is not None and after.entry.wake_at is not None:
            last = self._entries.reference(key(after.entry.request_id))
            query["start_at"] = {"values": [moment(after.entry.wake_at), last], "before": False}
        found: list[Stored] = []
        while True:
            page = self._entries.find(query, deadline)
            found.extend(readable(page, _stored, self._unreadable))
            if len(page) < limit or len(found) >= limit:
                return found[:limit]
            query["start_at"] = self._entries.after(page[-1], "wake_at")

    def next_due(self, deadline: Deadline) -> datetime | None:
        """The earliest `wake_at` of all, or None."""
        first = self._entries.find({**ordered("wake_at"), "limit": {"value": 1}}, deadline)
        wake_at = first[0].fields["wake_at"] if first else None
        return wake_at if isinstance(wake_at, datetime) else None

    def counts(self, deadline: Deadline) -> list[Count]:
        """How many entries there are of each state and outcome.

        They are not told apart by reason: each of the reasons would take a query more.
        """
        unsettled = [(state, None) for state in State if state is not State.SETTLED]
        kinds = [*unsettled, *((State.SETTLED, outcome) for outcome in Outcome)]
        return [
            Count(state=state, outcome=outcome, reason=None, number=number)
            for state, outcome in kinds
            if (number := self._entries.count(_alike(state, outcome), deadline))
        ]

    def of_student(
        self, student_key: str, course_id: str | None, deadline: Deadline
    ) -> Sequence[Stored]:
        """The entries of one student, in one course if it is given, oldest first."""
        course = {"course_id": course_id} if course_id is not None else {}
        query = where(student_key=student_key, **course)
        pages = self._entries.pages(query, PAGE, deadline)
        found = sorted(
            (each for page in pages for each in page), key=lambda each: (each.created_at, each.id)
        )
        return [_stored(each) for each in found]


def key(request_id: str) -> str:
    """The id that an entry is stored under: no address in a path, whatever a sender chose."""
    return hashlib.sha256(request_id.encode()).hexdigest()


def _alike(state: State, outcome: Outcome | None) -> dict[str, Any]:
    if outcome is None:
        return where(state=state.value)
    return where(state=state.value, outcome=outcome.value)


def _changes(entry: Entry, seen: Entry | None = None) -> dict[str, Any]:
    """What is sent of an entry; its message stands under `request`."""
    changed = changes(ENTRY, entry, seen)
    if "message" in changed:
        changed["request"] = changed.pop("message")
    return changed


def _stored(document: Document) -> Stored:
    with reading_document(_name(document)):
        fields = {**document.fields, "message": document.fields.get("request")}
        entry = Entry(**read(ENTRY, fields))
        if key(entry.request_id) != document.id:
            raise ValueError
    return Stored(entry, document.version, document.updated_at, document.read_at)


def _name(document: Document) -> str:
    """Which record it is: its request's id if that can still be made out, else the document's."""
    said = document.fields.get("request_id")
    if isinstance(said, str) and key(said) == document.id:
        return f"the record of request {said}"
    return f"the record with id {document.id}"
