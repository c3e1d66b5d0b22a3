"""Clever's events: a section's students as the difference to those before."""

import pytest

from enrollment.sources.clever_events import read_clever
from enrollment.sources.events import Unfit, Wish


def section(what="updated", students=("a", "b"), before=("a",), **more):
    event = {
        "type": f"sections.{what}",
        "id": "514767bf80833fb55b1c2dd7",
        "created": "2026-08-20T18:25:43Z",
        "data": {"object": {"id": "s1", "sis_id": "587", "students": list(students)}},
    }
    if before is not None:
        event["data"]["previous_attributes"] = {"students": list(before)}
    return event | more


def user(what="updated", **more):
    told = {"id": "u1", "email": "ada@northside.example",
            "roles": {"student": {"sis_id": "0017"}}}  # fmt: skip
    return {"type": f"users.{what}", "id": "e1", "data": {"object": told | more}}


def became(body):
    return [
        (each.user_id, "wish" if isinstance(each, Wish) else each.reason.value)
        for each in read_clever(body).records
    ]


def test_who_came_into_a_section_is_a_wish_and_who_left_is_told():
    assert became(section(students=("a", "b", "c"), before=("a", "z"))) == [
        ("b", "wish"), ("c", "wish"), ("z", "withdrawn"),
    ]  # fmt: skip


def test_a_wish_names_the_section_and_the_place_of_the_student():
    wish = read_clever(section()).records[0]

    assert (wish.class_id, wish.user_id, wish.inner) == ("s1", "b", True)
    assert wish.pointer == "/data/object/students/1"
    assert wish.version == wish.event_id == "514767bf80833fb55b1c2dd7"


def test_all_of_a_new_section_came():
    assert became(section("created", before=None)) == [("a", "wish"), ("b", "wish")]


def test_all_of_a_deleted_section_left():
    assert became(section("deleted", before=None)) == [("a", "withdrawn"), ("b", "withdrawn")]


def test_a_section_whose_list_did_not_change_asks_for_nothing():
    assert became(section(before=None)) == [("", "no_enrollment")]
    assert became(section(students=("a",), before=("a",))) == [("", "no_enrollment")]


def test_previous_attributes_beside_the_data_are_found():
    event = section(before=None, previous_attributes={"students": ["a"]})

    assert became(event) == [("b", "wish")]


def test_clevers_envelopes_are_opened():
    listed = {"data": [{"data": section(), "uri": "/v3.1/events/1"}, {"data": user()}]}

    assert became(listed) == [("b", "wish"), ("", "no_enrollment")]
    assert read_clever(listed).records[0].pointer == "/data/0/data/data/object/students/1"


def test_users_and_sections_are_told_of():
    known = read_clever([user(), section()]).known

    assert known.people["u1"].fields == ("0017", "ada@northside.example", "")
    assert known.people["u1"].other_role == ""
    assert known.sections["s1"].fields.class_id == "587"


@pytest.mark.parametrize(
    ("event", "active", "other_role"),
    [
        (user("deleted"), False, ""),
        (user(roles={"teacher": {}}), True, "users gives another role"),
        (user(roles={}), True, ""),
        ({**user(), "type": "teachers.updated"}, True, "users gives another role"),
    ],
)
def test_who_is_gone_or_teaches_is_no_student_to_add(event, active, other_role):
    person = read_clever(event).known.people["u1"]

    assert (person.active, person.other_role) == (active, other_role)


@pytest.mark.parametrize("students", [None, 7, "abc", [7, None, {}], {"a": 1}])
def test_a_list_that_is_none_holds_nobody(students):
    event = section("created", before=None)
    event["data"]["object"]["students"] = students

    assert became(event) == [("", "no_enrollment")]


@pytest.mark.parametrize("body", [None, 7, "text", [7]])
def test_what_holds_no_event_is_told(body):
    with pytest.raises(Unfit):
        read_clever(body)


def test_a_student_who_is_listed_twice_comes_once():
    assert became(section(students=("b", "b"), before=())) == [("b", "wish")]
