"""Drafts in review: wishes that a person completes, or approves."""

import json

import pytest

from enrollment.wire import Delivery
from enrollment.wiring.embedded import open_store
from tests.cli.commands import run
from tests.cli.schools import CLOE


def file_drafts(store, *halves, reason="unmapped"):
    """File wishes of a sender that lead to no account or course here."""
    school = open_store(store.removeprefix("sqlite:///"))
    for number, half in enumerate(halves):
        request_id = f"u1-{number:040x}"
        body = {"schema_version": "1", "request_id": request_id, "action": "enroll",
                "source": "sis", "mode": "admin"} | half  # fmt: skip
        labels = {"reason": reason, "request_id": request_id}
        delivery = Delivery(body=json.dumps(body).encode(), attributes=labels)
        school.collector.collect(delivery)
    school.database.close()


def test_of_an_unmapped_wish_all_that_is_clear_is_shown_and_what_to_type(store):
    file_drafts(store, {"class_id": "BIO-7", "user_id": CLOE, "course_id": "d:BIO-7"})
    (item,) = run("review", "list", "--json", "--reason", "unmapped").json["items"]

    said = run("review", "show", item["id"]).out

    assert "somebody into d:BIO-7" in said
    assert "source sis, request u1-" in said
    assert "class BIO-7 and person c***@northside.example" in said
    assert f"review replay {item['id'][:12]} --student ADDRESS" in said
    assert "--course" not in said
    assert CLOE not in said
    assert CLOE in run("review", "show", item["id"], "--show-addresses").out


@pytest.mark.parametrize(
    "halves",
    [
        ({"class_id": "BIO-7"}, {"class_id": "MATH-1"}),
        ({"course_id": "d:BIO-7"}, {"course_id": "d:MATH-1"}),
        ({"user_id": "17"}, {"user_id": "18"}),
    ],
)
def test_one_course_is_not_given_to_unmapped_wishes_of_several_classes(store, halves):
    file_drafts(store, *({"student": CLOE} | half for half in halves))

    said = run("review", "replay", "--reason", "unmapped", "--course", "d:BIO-7", "--yes")

    assert said.code == 2
    assert "corrects items of one course" in said.err
    assert run("review", "list", "--json", "--reason", "unmapped").json["open"] == 2


def test_one_course_is_given_to_all_unmapped_wishes_of_one_class(store):
    halves = [{"class_id": "BIO-7", "student": f"s{n}@northside.example"} for n in range(2)]
    file_drafts(store, *halves)

    said = run("review", "replay", "--reason", "unmapped", "--course", "d:BIO-7", "--yes", "--json")

    assert len(said.json["replayed"]) == 2


@pytest.mark.parametrize(
    ("half", "shown", "course", "of_class"),
    [
        ({"class_id": "BIO-7"}, "class BIO-7", None, "BIO-7"),
        ({"class_id": "BIO-7", "course_id": "d:B-7"}, "d:B-7", "d:B-7", None),
        ({}, "", None, None),
    ],
)
def test_of_unmapped_wishes_the_list_shows_as_much_as_is_clear(
    store, half, shown, course, of_class
):
    file_drafts(store, {"student": CLOE} | half)

    (item,) = run("review", "list", "--json", "--reason", "unmapped").json["items"]
    table = run("review", "list", "--reason", "unmapped").out

    assert (item["source"], item["course_id"], item["class_id"]) == ("sis", course, of_class)
    assert item["student"] == "c***@northside.example"
    assert shown in table
    assert "c***@northside.example" in table
    assert CLOE not in table


def test_what_needs_approval_is_shown_and_approved_as_it_is(store):
    whole = {"student": CLOE, "course_id": "d:BIO-7"}
    file_drafts(store, whole, reason="needs_approval")
    (item,) = run("review", "list", "--json", "--reason", "needs_approval").json["items"]

    said = run("review", "show", item["id"]).out
    replayed = run("review", "replay", item["id"], "--json").json["replayed"]

    assert (item["course_id"], item["student"]) == ("d:BIO-7", "c***@northside.example")
    assert "c***@northside.example into d:BIO-7" in said
    assert "its ids are" not in said
    assert f"review replay {item['id'][:12]}\n" in said
    assert len(replayed) == 1


def test_what_needs_approval_is_never_among_all(store):
    whole = {"student": CLOE, "course_id": "d:MATH-7B"}
    file_drafts(store, whole, reason="needs_approval")

    every = run("review", "replay", "--all", "--yes", "--json")
    nameless = run("review", "replay", "--reason", "", "--yes")
    left = run("review", "list", "--json", "--reason", "needs_approval").json["items"]
    by_reason = run("review", "replay", "--reason", "needs_approval", "--yes", "--json")

    assert "1 item left that wait" in every.err
    assert "is no reason" in nameless.err
    assert [len(left), len(by_reason.json["replayed"])] == [1, 1]
    assert left[0]["id"] not in {each["id"] for each in every.json["replayed"]}


def test_what_a_stranger_sends_without_end_is_dismissed_at_once(store):
    halves = [{"student": f"s{n}@northside.example", "course_id": "d:MATH-7B"} for n in range(3)]
    file_drafts(store, *halves, reason="needs_approval")
    others = run("review", "list", "--json").json["open"] - 3
    why = ("--reason", "needs_approval", "--why", "nobody here has asked")

    asked = run("review", "dismiss", *why)
    done = run("review", "dismiss", *why, "--yes", "--json")

    assert "Dismiss 3 items?" in asked.err
    assert len(done.json["dismissed"]) == 3
    assert run("review", "list", "--json").json["open"] == others


def test_nothing_is_dismissed_that_nobody_chose(store):
    said = run("review", "dismiss", "--why", "tidying up", "--yes")

    assert said.code == 2
    assert "say which items in one way" in said.err
