"""A source cannot enroll outside of what the school allows it, by any field, alias or spelling."""

import pytest

from enrollment.receipt import Became
from tests.intake import NATIVE, a_door


@pytest.fixture
def door():
    return a_door()


LIMITED = NATIVE.model_copy(
    update={"courses": ("d:BIO-*",), "email_domains": ("student.northside.example",)}
)
BO = {"course_id": "d:BIO-7", "student": "bo@student.northside.example"}


@pytest.mark.parametrize(
    "change",
    [
        {"course_id": "d:MATH-1"},
        {"course_id": "p:BIO-7"},
        {"course_id": "D:BIO-7"},
        {"course_id": "d:bio-7"},
        {"course_id": " d:MATH-1"},
        {"course_id": "d: BIO-7"},
        {"course_id": "d:\u200bBIO-7"},
        {"course_id": "d:\u0412IO-7"},
        {"course_id": "d:BIO-7/students"},
        {"course_id": "d:X\nd:BIO-7"},
        {"course_id": "123456789012"},
        {"course_id": "d:BIO-7\u0000"},
        {"course_id": "%64:BIO-7"},
        {"course_id": None, "class_id": "MATH-1"},
        {"course_id": None, "class_id": "../BIO-7"},
        {"student": "bo@northside.example"},
        {"student": "bo@student.northside.example.evil.example"},
        {"student": "bo@evil.example@student.northside.example"},
        {"student": "bo@STUDENT.NORTHSIDE.EXAMPLE.evil.example"},
        {"student": "bo@student.norths\u0131de.example"},
        {"student": "bo@student.northside.example."},
        {"student": "bo@evil.example,bo@student.northside.example"},
        {"student": "Bo <bo@student.northside.example>"},
        {"student": "b\u043e@student.northside.example"},
        {"student": "117392938475610293847"},
        {"student": "me"},
        {"student": "ME"},
        {"student": None, "user_id": "me"},
        {"student": None, "user_id": "117392938475610293847"},
    ],
)
def test_outside_of_its_limits_a_source_reaches_nobody(door, change):
    told = door.told(BO | change, LIMITED)

    assert [became for became, _ in told] == [Became.REFUSED]
    assert door.sent() == []
    assert door.collected() == []


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"student": "BO@Student.Northside.Example"},
        {"student": " bo@student.northside.example "},
        {"student": "bo\uff20student.northside.example"},
        {"course_id": "d:BIO-8 "},
    ],
)
def test_within_its_limits_another_spelling_is_the_same_person(door, change):
    assert door.told(BO | change, LIMITED) == [(Became.ACCEPTED, None)]

    (request,) = door.sent()
    assert request.student == "bo@student.northside.example"
    assert request.course_id.startswith("d:BIO-")


@pytest.mark.parametrize("field", ["source", "replay", "received_at", "retry", "mode"])
def test_what_the_body_says_of_itself_gives_it_no_more_rights(door, field):
    said = {"source": "sis", "replay": 9, "received_at": "2020-01-01T00:00:00Z", "retry": True,
            "mode": "admin"}  # fmt: skip

    door.receive(BO | {field: said[field]}, LIMITED)

    (request,) = door.sent()
    assert (request.source, request.replay, request.mode) == ("sis", 0, "admin")
    assert request.received_at == door.clock.now()


def test_an_unlimited_source_is_what_it_was_declared(door):
    assert door.told({"course_id": "p:X", "student": "x@anywhere.example"}) == [
        (Became.ACCEPTED, None)
    ]
