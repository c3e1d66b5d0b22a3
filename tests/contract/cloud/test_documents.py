"""What stands in Firestore: the fields that the outside may rely on, and what damage does."""

import hashlib
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from google.cloud import firestore

from enrollment.entry import Event, State
from enrollment.outcome import Outcome
from enrollment.ports import DamagedStore, HeldBy, LineState, LineStatus
from enrollment.reasons import Reason
from enrollment.review_item import ItemState
from enrollment.timing import REMEMBERED
from tests.contract.builders import NOON, REQUEST_ID, STUDENT, an_arrival, an_entry, an_item

KEY = hashlib.sha256(REQUEST_ID.encode()).hexdigest()
ENTRY, ITEM, LINE = f"enrollments/{KEY}", f"reviews/{an_item().letter_id}", "control/line"
SECRET = "ada@northside.example"


@pytest.fixture
def google(behind):
    """The same database through Google's own client."""
    client = firestore.Client(project=behind.project)
    yield client
    client.close()


@pytest.fixture
def fill(behind):
    """One document of each kind; how to read them again."""
    behind.ledger.create(an_entry(wake_at=NOON).noting(AN_EVENT), behind.deadline)
    behind.reviews.file(an_item(), behind.deadline)
    behind.line.write(behind.line.read(behind.deadline), HELD, behind.deadline)
    return {
        ENTRY: lambda: behind.ledger.get(REQUEST_ID, behind.deadline).entry,
        ITEM: lambda: behind.reviews.get(an_item().letter_id, behind.deadline).item,
        LINE: lambda: behind.line.read(behind.deadline).status,
    }


AN_EVENT = Event(at=NOON, attempt=1, what="claimed", reason=Reason.LINE_HELD)
HELD = LineStatus(state=LineState.HELD, held_by=HeldBy.FAULT, since=NOON, suspects=("d:ART-1",))


def stands(google, path):
    return google.document(path).get().to_dict()


def test_an_entry_stands_under_the_hash_of_its_id_with_its_fields_by_name(google, fill):
    document = stands(google, ENTRY)

    assert document["request_id"] == REQUEST_ID
    assert document["request"] == an_arrival().message
    assert document["state"] == "claimed"
    assert document["wake_at"] == document["first_seen_at"] == NOON
    assert document["wake_at"].tzinfo is UTC
    assert document["history"][-1:] == [
        {"at": NOON, "attempt": 1, "what": "claimed", "reason": AN_EVENT.reason, "by": "enroll"}
    ]
    assert abs(document["updated_at"] - datetime.now(UTC)) < timedelta(minutes=1)


def test_what_is_none_is_no_field(behind, google, fill):
    assert "outcome" not in stands(google, ENTRY)

    stored = behind.ledger.get(REQUEST_ID, behind.deadline)
    behind.ledger.update(stored, replace(stored.entry, wake_at=None), behind.deadline)

    assert "wake_at" not in stands(google, ENTRY)


def test_no_path_holds_an_address(behind, google):
    named_so = f"{STUDENT.replace('@', '.')}:v1"
    behind.ledger.create(an_entry(request_id=named_so), behind.deadline)

    assert [each.id for each in google.collection("enrollments").list_documents()] == [
        hashlib.sha256(named_so.encode()).hexdigest()
    ]


def test_a_closed_item_may_be_deleted_in_time_and_an_open_one_never(behind, google, fill):
    stored = behind.reviews.get(an_item().letter_id, behind.deadline)
    assert "expire_at" not in stands(google, ITEM)

    closed = replace(stored.item, state=ItemState.DISMISSED, closed_at=NOON)
    stored = behind.reviews.update(stored, closed, behind.deadline)
    assert stands(google, ITEM)["expire_at"] == NOON + REMEMBERED

    behind.reviews.update(stored, replace(closed, state=ItemState.OPEN), behind.deadline)
    assert "expire_at" not in stands(google, ITEM)


def test_an_item_that_is_filed_closed_may_be_deleted_in_time(behind, google):
    behind.reviews.file(an_item(state=ItemState.RESOLVED, closed_at=NOON), behind.deadline)

    assert stands(google, ITEM)["expire_at"] == NOON + REMEMBERED


def test_times_are_plain(behind):
    stored = behind.ledger.create(an_entry(), behind.deadline)
    read = behind.ledger.get(REQUEST_ID, behind.deadline)

    times = (stored.updated_at, stored.read_at, read.updated_at, read.read_at)
    assert {type(each) for each in (*times, read.entry.first_seen_at)} == {datetime}
    assert {each.tzinfo for each in times} == {UTC}


@pytest.mark.parametrize("path", [ENTRY, ITEM, LINE])
def test_a_document_of_a_newer_version_is_read(google, fill, path):
    before = fill[path]()

    google.document(path).update({"mood": "sunny", "where": firestore.GeoPoint(1, 2), "no": None})

    assert fill[path]() == before


def test_a_field_that_a_hand_has_emptied_is_absent(google, fill):
    google.document(ENTRY).update({"detail": None, "wake_at": None})

    assert fill[ENTRY]().wake_at is None


def test_fields_of_a_newer_version_are_still_there_after_a_write(behind, google, fill):
    google.document(ENTRY).update({"mood": "sunny"})
    stored = behind.ledger.get(REQUEST_ID, behind.deadline)

    settled = replace(stored.entry, state=State.SETTLED, outcome=Outcome.ENROLLED)
    behind.ledger.update(stored, settled, behind.deadline)

    assert stands(google, ENTRY)["mood"] == "sunny"


DAMAGES = {
    "an address for a time": (ENTRY, {"first_seen_at": SECRET}),
    "an address for a number": (ENTRY, {"attempt": SECRET}),
    "true for a number": (ENTRY, {"attempt": True}),
    "no such state": (ENTRY, {"state": SECRET}),
    "no such reason": (ENTRY, {"reason": SECRET}),
    "no message": (ENTRY, {"request": firestore.DELETE_FIELD}),
    "a message of bytes": (ENTRY, {"request": SECRET.encode()}),
    "a place for a message": (ENTRY, {"request": firestore.GeoPoint(1, 2)}),
    "another's id": (ENTRY, {"request_id": SECRET}),
    "an address for a history": (ENTRY, {"history": SECRET}),
    "an address in the history": (ENTRY, {"history": [SECRET]}),
    "half an event": (ENTRY, {"history": [{"what": SECRET}]}),
    "a text for a body": (ITEM, {"body": SECRET}),
    "no reason": (ITEM, {"reason": firestore.DELETE_FIELD}),
    "another letter's id": (ITEM, {"letter_id": SECRET}),
    "no such state of a line": (LINE, {"state": SECRET}),
    "an address for seconds": (LINE, {"held_seconds": SECRET}),
    "numbers for courses": (LINE, {"suspects": [1]}),
}


@pytest.mark.parametrize(("path", "damage"), DAMAGES.values(), ids=DAMAGES)
def test_a_damaged_document_is_named_without_its_content(google, fill, path, damage):
    google.document(path).update(damage)

    with pytest.raises(DamagedStore) as caught:
        fill[path]()

    assert "cannot be read" in caught.value.detail
    assert SECRET not in f"{caught.value}"
    assert caught.value.__suppress_context__


def test_a_damaged_entry_is_named_by_its_request_if_that_can_be_told(google, fill):
    google.document(ENTRY).update({"state": SECRET})
    with pytest.raises(DamagedStore, match=REQUEST_ID):
        fill[ENTRY]()

    google.document(ENTRY).update({"request_id": SECRET})
    with pytest.raises(DamagedStore, match=KEY):
        fill[ENTRY]()


def test_another_database_of_the_same_project_is_another_store(behind):
    from enrollment.adapters.firestore import FirestoreLedger, open_firestore

    behind.ledger.create(an_entry(), behind.deadline)
    other = open_firestore(behind.project, "enrollment")

    assert FirestoreLedger(other).get(REQUEST_ID, behind.deadline) is None
    other.close()
