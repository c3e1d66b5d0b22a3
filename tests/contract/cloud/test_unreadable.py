"""A record that cannot be read holds up no other, and somebody is told which one it is."""

import hashlib
from datetime import timedelta

import pytest
from google.cloud import firestore

from enrollment.adapters.firestore import FirestoreLedger, FirestoreReviews, reviews
from enrollment.entry import State
from enrollment.ports import DamagedStore
from tests.contract.builders import NOON, a_waiting_entry, an_item

NUMBER = 12


@pytest.fixture
def google(behind):
    client = firestore.Client(project=behind.project)
    yield client
    client.close()


@pytest.fixture
def told():
    return []


def due(behind, told, limit):
    """Every page, as `wake` asks for them."""
    ledger, after, found = FirestoreLedger(behind.database, told.append), None, []
    for _ in range(NUMBER + 1):
        page = ledger.due(State.WAITING, NOON, limit, behind.deadline, after)
        found += [each.entry.wake_at for each in page]
        if len(page) < limit:
            return found
        after = page[-1]
    raise AssertionError("the walk does not end")


def fill(behind, google, broken, damage):
    """So many due entries, the first the oldest; the ids of those that were damaged."""
    ids = []
    for number in range(NUMBER):
        entry = a_waiting_entry(number, NOON - timedelta(minutes=NUMBER - number))
        behind.ledger.create(entry, behind.deadline)
        ids.append(hashlib.sha256(entry.request_id.encode()).hexdigest())
    for number in broken:
        google.document(f"enrollments/{ids[number]}").update(damage)
    return [ids[number] for number in broken]


@pytest.mark.parametrize("limit", [1, 3, 5, NUMBER, 100])
@pytest.mark.parametrize("broken", [[0], [2], range(6), [11], range(12), [0, 2, 4, 6, 8, 10]])
def test_what_is_due_is_found_around_it(behind, google, told, limit, broken):
    ids = fill(behind, google, broken, {"reason": "a reason of tomorrow"})

    found = due(behind, told, limit)

    readable = [number for number in range(NUMBER) if number not in broken]
    assert found == [NOON - timedelta(minutes=NUMBER - number) for number in readable]
    assert set(told) == set(ids)


def test_where_nobody_would_be_told_it_is_an_error(behind, google):
    fill(behind, google, [3], {"reason": "a reason of tomorrow"})

    with pytest.raises(DamagedStore):
        behind.ledger.due(State.WAITING, NOON, 100, behind.deadline)


def test_what_is_due_next_is_known_all_the_same(behind, google):
    fill(behind, google, [0], {"reason": "a reason of tomorrow"})

    assert behind.ledger.next_due(behind.deadline) == NOON - timedelta(minutes=NUMBER)


@pytest.fixture
def pages_of_two(monkeypatch):
    monkeypatch.setattr(reviews, "PAGE", 2)


@pytest.mark.usefixtures("pages_of_two")
@pytest.mark.parametrize(
    "damage", [{"reason": "tomorrow's"}, {"filed_at": "noon"}, {"filed_at": {"at": [1, None]}}]
)
@pytest.mark.parametrize("broken", [[0], [1, 2, 3], range(6)])
def test_open_items_are_shown_around_it(behind, google, told, damage, broken):
    items = [an_item(letter_id=f"{n:064x}", filed_at=NOON + timedelta(n)) for n in range(6)]
    for item in items:
        behind.reviews.file(item, behind.deadline)
    for number in broken:
        google.document(f"reviews/{items[number].letter_id}").update(damage)

    opened = FirestoreReviews(behind.database, told.append).open_items(behind.deadline)

    assert [each.item for each in opened] == [n for i, n in enumerate(items) if i not in broken]
    assert sorted(told) == [items[number].letter_id for number in broken]
