"""When two wishes are the same: derived ids, fingerprints, and the keys that stand for students."""

import hashlib
import hmac
import json
from datetime import timedelta

import pytest

from enrollment.request import at_least_32_bytes, derived_request_id, student_key
from tests.builders import ADA, KEY, a_request

BERND = "bernd@northside.example"


# From the definition: r1- + 40 hex of HMAC-SHA256(key, [action, course_id, student, version]).
@pytest.mark.parametrize(
    ("course", "student", "version", "expected"),
    [
        (
            "d:MATH-101-3",
            "ada@northside.example",
            "3",
            "r1-d930419fb85684c873b4c256e97607f1b7fe5d33",
        ),
        (
            "d:MATH-101-3",
            "ada@northside.example",
            None,
            "r1-3c3850d9c25672d8280d62a12d966e77110f813a",
        ),
        (
            "668219554310",
            "112233445566778899001",
            "2026-08-20",
            "r1-1f3bfa64e49fac157a92b3a8760c043b377aa5b7",
        ),
        (
            "d:Kunst/Gr\u00fcn",
            "o'neil@northside.example",
            "\u00fc",
            "r1-f70e8d0efe5eccdb620926448cbbb0eb1c7b8080",
        ),
    ],
)
def test_a_derived_id_is_the_one_that_was_committed(course, student, version, expected):
    derived = derived_request_id(KEY, course_id=course, student=student, version=version)

    assert derived == expected
    wish = json.dumps(
        ["enroll", course, student, version], separators=(",", ":"), ensure_ascii=False
    )
    assert derived == "r1-" + hmac.new(KEY, wish.encode(), hashlib.sha256).hexdigest()[:40]


def derived(**changes):
    usual = {"course_id": "d:MATH-101-3", "student": ADA, "version": "3"}
    return derived_request_id(KEY, **(usual | changes))


def test_the_same_wish_has_the_same_id_however_its_address_is_written():
    assert derived(student="Ada@NorthSide.Example") == derived()


@pytest.mark.parametrize(
    "change", [{"version": "4"}, {"version": None}, {"student": BERND}, {"course_id": "d:BIO-7"}]
)
def test_another_version_student_or_course_is_another_id(change):
    assert derived(**change) != derived()


def test_another_schools_key_makes_another_id():
    theirs = derived_request_id(KEY[::-1], course_id="d:MATH-101-3", student=ADA, version="3")

    assert theirs != derived()


def test_a_derived_id_may_be_used_as_one():
    assert a_request(request_id=derived()).request_id == derived()


@pytest.mark.parametrize(
    "change", [{"course_id": "d:BIO-7"}, {"student": BERND}, {"mode": "code"}], ids=str
)
def test_other_content_has_another_fingerprint(change):
    other = a_request(enrollment_code="x7gk2p", **change)

    assert other.fingerprint != a_request().fingerprint


@pytest.mark.parametrize(
    "change",
    [
        {"replay": 3},
        {"retry": True},
        {"origin": {"kind": "form"}},
        {"source": "office-form"},
        {"student": ADA.upper()},
        {"received_at": a_request().received_at + timedelta(days=1)},
    ],
    ids=str,
)
def test_what_is_not_content_leaves_the_fingerprint_alone(change):
    assert a_request(**change).fingerprint == a_request().fingerprint


def test_a_mended_copy_has_a_fingerprint_of_its_own():
    request = a_request()
    before = request.fingerprint

    mended = request.model_copy(update={"student": BERND})

    assert mended.fingerprint != before


def test_a_student_key_is_32_hex_digits_and_the_same_however_the_address_is_written():
    key = student_key(KEY, ADA.upper())

    assert key == student_key(KEY, ADA)
    assert len(bytes.fromhex(key)) == 16
    assert key != student_key(KEY, BERND)


def test_a_key_of_fewer_than_32_bytes_is_refused_without_being_shown():
    with pytest.raises(ValueError, match="has 31 bytes") as caught:
        at_least_32_bytes("s" * 31)

    assert "sss" not in str(caught.value)
