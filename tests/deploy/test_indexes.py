"""Every query that the Firestore adapters make has its index: the emulator would not say so.

Firestore itself refuses a query without one, and by then it is deployed.
"""

import ast
import json
from datetime import UTC, datetime

import pytest

from enrollment.adapters.clock import SystemClock
from enrollment.adapters.firestore import FirestoreLedger, FirestoreReviews
from enrollment.adapters.firestore.documents import Documents
from enrollment.clock import Deadline
from enrollment.entry import State
from infra.packaging import ROOT

ADAPTERS = ROOT / "shared/enrollment/adapters/firestore"
COLLECTIONS = json.loads((ROOT / "infra/topology.json").read_text())["collections"]
NOON = datetime(2026, 9, 1, 12, tzinfo=UTC)
ASKING = {"find", "pages", "count"}  # the methods of Documents that query


@pytest.fixture
def asked(monkeypatch):
    """What is asked of which collection; nothing is found."""
    queries = []

    def find(self, query, deadline):
        queries.append((self.collection, query))
        return []

    def count(self, query, deadline):
        queries.append((self.collection, query))
        return 0

    monkeypatch.setattr(Documents, "find", find)
    monkeypatch.setattr(Documents, "count", count)
    monkeypatch.setattr(Documents, "reference", lambda self, name: {"reference_value": name})
    return queries


def calls():
    """Each method of the adapters that asks a query, in every form that it can ask."""
    deadline = Deadline.starting_now(SystemClock())
    ledger, reviews = FirestoreLedger(None), FirestoreReviews(None)
    return {
        "due": lambda: ledger.due(State.WAITING, NOON, 5, deadline),
        "next_due": lambda: ledger.next_due(deadline),
        "counts": lambda: ledger.counts(deadline),
        "of_student": lambda: [
            ledger.of_student("key", course, deadline) for course in (None, "d:BIO-7")
        ],
        "of_request": lambda: reviews.of_request("request-1", deadline),
        "open_items": lambda: list(reviews.open_items(deadline)),
        "with_prefix": lambda: reviews.with_prefix("3f9a2c", 5, deadline),
        "count_open": lambda: reviews.count_open(deadline),
    }


def test_every_query_has_its_index(asked):
    for call in calls().values():
        call()

    missing = [(name, *needed(query)) for name, query in asked if not indexed(name, *needed(query))]
    assert missing == []


def test_no_query_is_forgotten_here():
    asking = set()
    for path in ADAPTERS.glob("*.py"):
        if path.name == "documents.py":
            continue
        for method in ast.walk(ast.parse(path.read_text())):
            if isinstance(method, ast.FunctionDef):
                called = {
                    each.func.attr
                    for each in ast.walk(method)
                    if isinstance(each, ast.Call) and isinstance(each.func, ast.Attribute)
                }
                asking |= {method.name} if ASKING & called else set()
    assert asking == set(calls())


def test_no_index_is_kept_for_nothing(asked):
    for call in calls().values():
        call()

    needs = {name: [] for name in COLLECTIONS}
    for name, query in asked:
        equal, ordered = needed(query)
        needs[name].append({*equal, *ordered})
    for name, collection in COLLECTIONS.items():
        assert set(collection["indexed"]) <= set().union(*needs[name])
        for together in collection["together"]:
            assert set(together) in needs[name]


@pytest.mark.parametrize(
    ("equal", "ordered", "found"),
    [
        (["state"], ["wake_at"], True),
        (["state"], ["updated_at"], False),  # as the ledger's document has it, and nobody asks
        ([], ["updated_at"], False),
        (["student_key", "course_id"], [], True),  # two single ones are merged
        (["outcome"], [], False),
        (["state", "outcome"], [], True),
        (["course_id", "outcome"], [], False),
        ([], [], True),
    ],
)
def test_what_is_not_indexed_is_seen(equal, ordered, found):
    assert indexed("enrollments", equal, ordered) is found


def needed(query):
    """The fields that a query compares for equality, and those that it orders by."""
    filters = query.get("where", {}).get("composite_filter", {}).get("filters", [])
    compared = [each["field_filter"] for each in filters]
    fields = [(each["field"]["field_path"], each["op"]) for each in compared]
    ordered = [each["field"]["field_path"] for each in query.get("order_by", [])]
    ordered = [each for each in ordered if each != "__name__"]  # every index ends with it
    ranges = [field for field, op in fields if op != "EQUAL" and field != "__name__"]
    assert set(ranges) <= set(ordered), "a range that the query is not ordered by"
    return [field for field, op in fields if op == "EQUAL"], ordered


def indexed(collection, equal, ordered):
    """Whether the indexes of infra/topology.json answer such a query."""
    single = COLLECTIONS[collection]["indexed"]
    together = COLLECTIONS[collection]["together"]
    if set(equal) <= set(single) and not ordered:
        return True
    if not equal and len(ordered) == 1:
        return ordered[0] in single
    cut = len(equal)
    return any(set(each[:cut]) == set(equal) and each[cut:] == ordered for each in together)
