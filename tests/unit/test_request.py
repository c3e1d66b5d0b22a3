"""What is a wish that may be worked on, and what is refused without being repeated."""

from datetime import datetime

import pytest
from pydantic import ValidationError

from enrollment.request import (
    EnrollmentRequest,
)
from tests.builders import ADA, a_request

BERND = "bernd@northside.example"


def faults_of(**changes):
    with pytest.raises(ValidationError) as caught:
        a_request(**changes)
    return str(caught.value)


@pytest.mark.parametrize("student", ["me", "ME", "Me", " me", "me ", "m\u0435", "\uff4d\uff45"])
def test_nobody_can_enroll_the_administrator_by_typing_me(student):
    assert "student" in faults_of(student=student)


@pytest.mark.parametrize(
    "student",
    [
        "ad\u0430@northside.example",  # a Cyrillic a
        "ada@norths\u0456de.example",  # a Ukrainian i
        "ada\uff20northside.example",  # a full-width @
        "ada@northside.example ",
        " ada@northside.example",
        "ada@northside.example\n",
        "ada@@northside.example",
        "ada..b@northside.example",
        ".ada@northside.example",
        "ada@northside",
        "ada@-northside.example",
        "ada@127.0.0.1",
        "ada@northside.example/../teachers",
        "Ada Lovelace <ada@northside.example>",
        "ada",
        "",
        "123a",
        "\u0661\u0662\u0663",  # Arabic digits
        "1" * 33,
        "a" * 244 + "@school.edu",
    ],
)
def test_what_is_neither_an_ascii_address_nor_digits_is_no_student(student):
    faults_of(student=student)


@pytest.mark.parametrize(
    "student",
    [
        ADA,
        "ADA@NORTHSIDE.EXAMPLE",
        "o'neil+3@student.northside.example",
        "a/b@northside.example",
        "112233445566778899001",
        "a" * 243 + "@school.edu",
    ],
)
def test_an_ascii_address_or_digits_are_a_student(student):
    assert a_request(student=student).student == student


@pytest.mark.parametrize(
    "course",
    ["1", "668219554310", "d:MATH-101-3", "p:math", "d:Chor & Orchester 7b", "d:" + "x" * 254],
)
def test_digits_and_aliases_are_courses(course):
    assert a_request(course_id=course).course_id == course


@pytest.mark.parametrize(
    "course",
    [
        "",
        "MATH-101",
        "x:MATH",
        "d:",
        "D:MATH",
        "d:a/b",
        "d:../students",
        "d: MATH",
        "d:MATH ",
        "d:MA\tTH",
        "d:MA\x00TH",
        "d:MA\x85TH",
        "d:MATH\n",
        "d:MATH\u00a0",
        "1 ",
        "12\n",
        "\u0661\u0662",
        "d:" + "x" * 255,
    ],
)
def test_what_cannot_be_put_into_a_path_is_no_course(course):
    faults_of(course_id=course)


@pytest.mark.parametrize("code", [None, "", "has space", "x\n", "x" * 65, "c\u00f6de"])
def test_a_student_who_acts_for_themselves_needs_a_code(code):
    assert "enrollment_code" in faults_of(mode="code", enrollment_code=code)


@pytest.mark.parametrize("request_id", ["short", "-with-a-dash", "has space in it", "x" * 129])
def test_an_id_is_8_to_128_plain_characters(request_id):
    assert "request_id" in faults_of(request_id=request_id)


def test_a_time_without_a_zone_is_no_time():
    assert "received_at" in faults_of(received_at=datetime(2026, 11, 23, 8))  # noqa: DTZ001


def test_a_minor_version_of_any_length_is_not_read():
    assert "schema_version" in faults_of(schema_version="1." + "0" * 2000)


def test_unknown_fields_are_ignored():
    request = a_request(homeroom="7b")

    assert not hasattr(request, "homeroom")


def test_no_address_course_or_code_is_in_a_requests_repr():
    shown = repr(a_request(mode="code", enrollment_code="x7gk2p", origin={"event_id": ADA}))

    assert ADA not in shown
    assert "x7gk2p" not in shown
    assert "MATH-101-3" not in shown


@pytest.mark.parametrize("field", sorted(EnrollmentRequest.model_fields))
def test_no_address_is_in_a_validation_error(field):
    wrong = f"{ADA} /"

    said = faults_of(**{field: wrong}) if field != "origin" else faults_of(origin={"kind": [wrong]})

    assert "ada@" not in said
