"""Messages as they travel: what can be read, what cannot, and that nobody's data leaks from it."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrollment.reasons import Reason
from enrollment.request import EnrollmentRequest
from enrollment.wire import (
    ATTRIBUTE_BYTES,
    MOST_BYTES,
    Label,
    Unreadable,
    decode,
    encode,
    letter,
    read_label,
)
from tests.builders import ADA, REQUEST_ID, a_delivery, a_request

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
FIELDS = sorted(EnrollmentRequest.model_fields)


def a_message(**changes):
    return json.dumps(json.loads(encode(a_request()).body) | changes).encode()


def a_label(**changes):
    usual = {
        "reason": Reason.COURSE_FULL,
        "detail": "@CourseMemberLimitReached",
        "request_id": REQUEST_ID,
        "attempts": 2,
        "first_seen_at": datetime(2026, 11, 23, 8, tzinfo=UTC),
        "replay": 1,
        "traceparent": TRACE,
    }
    return Label(**(usual | changes))


def trouble_with(body):
    with pytest.raises(Unreadable) as caught:
        decode(body)
    assert caught.value.__cause__ is None
    return caught.value


def what_is_said_of(body):
    """All that is said of a message that cannot be read; nothing if it can."""
    try:
        decode(body)
    except Unreadable as trouble:
        return f"{trouble} {trouble.detail} {trouble.request_id or ''}"
    return ""


@pytest.mark.parametrize(
    "request_",
    [
        a_request(),
        a_request(student=ADA, mode="code", enrollment_code="x7gk2p"),
        a_request(course_id="d:K\u00fcche & Caf\u00e9", replay=3, retry=True),
        a_request(origin={"kind": "sis", "event_id": "enr-88121", "version": "3"}),
    ],
    ids=["plain", "with a code", "with letters of all kinds", "with an origin"],
)
def test_a_request_that_travels_arrives_as_it_was(request_):
    assert decode(encode(request_).body) == request_


def test_a_messages_labels_hold_no_address():
    message = encode(a_request(), TRACE)

    assert message.attributes == {
        "request_id": REQUEST_ID,
        "source": "infinite-campus",
        "schema_version": "1",
        "traceparent": TRACE,
    }


def test_unknown_fields_are_ignored():
    assert decode(a_message(homeroom="7b", v2={"a": [1]})) == a_request()


UNREADABLE = {
    "nothing": (b"", "JSON"),
    "half": (b"{", "JSON"),
    "a list": (b"[]", "object"),
    "null": (b"null", "object"),
    "text": (b'"text"', "object"),
    "another encoding": (json.dumps({"student": ADA}).encode("utf-16"), "JSON"),
    "not UTF-8": (encode(a_request()).body.replace(b"ada@", b"\xc3\x28@"), "JSON"),
    "not UTF-8, in an unknown field": (b'{"x": "\xff", ' + a_message()[1:], "JSON"),
    "half a character": (b'{"student": "\\ud800"}', "JSON"),
    "deep": (b"[" * 60_000, "JSON"),
    "deep and whole": (b'{"a":' * 5_000 + b"1" + b"}" * 5_000, "JSON"),
    "too long": (a_message() + b" " * MOST_BYTES, "at most 65536"),
    "a huge number": (a_message(replay=10**30), "replay"),
    "a number of 50,000 digits": (b'{"replay": ' + b"9" * 50_000 + b"}", "JSON"),
    "a negative replay": (a_message(replay=-1), "replay"),
    "no student": (a_message(student=None), "student"),
    "an object for a student": (a_message(student={"email": ADA}), "student"),
    "a number for a course": (a_message(course_id=7), "course_id"),
    "another action": (a_message(action="drop"), "action"),
    "text for an origin": (a_message(origin="sis"), "origin"),
    "words for a time": (a_message(received_at="yesterday"), "received_at"),
    "no time zone": (a_message(received_at="2026-11-23T08:00:00"), "received_at"),
    "no code": (a_message(mode="code"), "enrollment_code"),
    "a short id": (a_message(request_id="x"), "request_id"),
    "nothing in it": (b"{}", "and 2 more"),
}


@pytest.mark.parametrize(("body", "detail"), UNREADABLE.values(), ids=UNREADABLE)
def test_what_is_no_request_is_unreadable_and_its_detail_names_what_is_wrong(body, detail):
    trouble = trouble_with(body)

    assert trouble.reason is Reason.MALFORMED
    assert detail in trouble.detail


@pytest.mark.parametrize("version", ["2", "2.1", "10", "0"])
def test_another_major_version_is_not_guessed_at(version):
    trouble = trouble_with(a_message(schema_version=version))

    assert trouble.reason is Reason.UNKNOWN_VERSION
    assert trouble.request_id == REQUEST_ID


@pytest.mark.parametrize("version", ["1", "1.4"])
def test_a_minor_version_is_read(version):
    assert decode(a_message(schema_version=version)).schema_version == version


def test_an_unreadable_message_keeps_its_id_if_that_is_one():
    assert trouble_with(a_message(student="me")).request_id == REQUEST_ID
    assert trouble_with(a_message(student="me", request_id=ADA)).request_id is None


# JSON values with an address somewhere in them.
ADDRESSED = st.sampled_from([ADA, f" {ADA}", f"2.{ADA}", f"{ADA}\n", [ADA], {ADA: ADA}])
PLANTED = (
    ADDRESSED
    | st.lists(ADDRESSED | st.none() | st.integers(), max_size=3)
    | st.dictionaries(st.sampled_from([*FIELDS, "kind", "occurred_at", ADA]), ADDRESSED, max_size=3)
)


@given(changes=st.dictionaries(st.sampled_from([*FIELDS, ADA, "extra"]), PLANTED, min_size=1))
def test_no_detail_ever_shows_what_a_message_holds(changes):
    assert "ada" not in what_is_said_of(a_message(**changes))


@given(number=st.integers(min_value=10**8))
def test_no_detail_shows_a_google_id_that_stands_in_the_wrong_place(number):
    for field in FIELDS:
        assert str(number) not in what_is_said_of(a_message(**{field: str(number)}))


@given(body=st.binary(max_size=200))
def test_any_bytes_are_a_request_or_unreadable(body):
    trouble = trouble_with(body)

    assert trouble.reason is Reason.MALFORMED


@given(cut=st.integers(min_value=0, max_value=len(a_message()) - 1))
def test_half_a_message_is_unreadable(cut):
    trouble = trouble_with(a_message()[:cut])

    assert "ada" not in trouble.detail


@given(body=st.binary(max_size=50))
def test_a_letter_keeps_the_body_byte_for_byte(body):
    assert letter(body, a_label()).body == body


def test_a_letters_label_that_travels_arrives_as_it_was():
    assert read_label(letter(b"", a_label()).attributes) == a_label()


@given(
    letters=st.sampled_from(["a", "\u00e9", "\u20ac", "\U0001f600", "a\u20ac"]),
    number=st.integers(1, 1100),
)
def test_a_long_label_is_cut_to_what_pubsub_takes_and_stays_readable(letters, number):
    detail = letters * number

    said = letter(b"", a_label(detail=detail)).attributes["detail"]

    assert len(said.encode()) <= ATTRIBUTE_BYTES
    assert detail.startswith(said)
    assert len(detail.encode()) < ATTRIBUTE_BYTES or len(said.encode()) > ATTRIBUTE_BYTES - 4


def test_labels_that_are_missing_or_odd_become_the_plainest_values():
    odd = {"reason": "sunspots", "attempts": "many", "replay": "9" * 30, "first_seen_at": "then"}

    for attributes in ({}, odd):
        label = read_label(attributes)
        assert label.reason is Reason.MALFORMED
        assert (label.attempts, label.replay, label.first_seen_at) == (0, 0, None)


@pytest.mark.parametrize(
    ("name", "foreign"),
    [
        ("request_id", ADA),
        ("request_id", "short"),
        ("request_id", f"{REQUEST_ID}\n"),
        ("request_id", "x" * 129),
        ("traceparent", ADA),
        ("traceparent", TRACE + ADA),
        ("traceparent", TRACE.upper()),
        ("detail", ADA),
        ("detail", f"course full: {ADA} was the last"),
        ("detail", "ada\uff20northside.example"),
    ],
)
def test_a_foreign_label_that_is_not_what_its_name_says_is_dropped(name, foreign):
    label = read_label({name: foreign})

    assert label == read_label({})
    assert not getattr(label, name)


LONG = st.text("\n\x00 a", min_size=1, max_size=20).map(lambda text: text * 1100)


@given(detail=st.text(min_size=1) | LONG)
def test_a_foreign_detail_is_one_line_no_longer_than_ours(detail):
    said = read_label({"detail": detail}).detail

    assert len(said.encode()) <= ATTRIBUTE_BYTES
    assert len(said.splitlines()) <= 1


@pytest.mark.parametrize("detail", ["400 FAILED_PRECONDITION @CourseMemberLimitReached", "@X"])
def test_a_detail_with_a_code_of_googles_arrives_as_it_was(detail):
    assert read_label(letter(b"", a_label(detail=detail)).attributes).detail == detail


def test_every_detail_about_a_message_arrives_as_it_was():
    for body, _ in UNREADABLE.values():
        detail = trouble_with(body).detail

        assert read_label(letter(b"", a_label(detail=detail)).attributes).detail == detail


@pytest.mark.parametrize(
    ("said", "trace"), [(TRACE, TRACE), (ADA, None), (TRACE + ADA, None), ("", None)]
)
def test_only_a_traceparent_is_taken_for_one(said, trace):
    assert a_delivery(traceparent=said).trace == trace


def test_a_letter_fits_into_a_message_whatever_its_body():
    label = Label(
        reason=Reason.MALFORMED,
        detail="",
        request_id=None,
        attempts=0,
        first_seen_at=None,
        replay=0,
    )

    assert letter(b"x" * 9_000_000, label).body == b"x" * 9_000_000
    assert len(letter(b"x" * 20_000_000, label).body) == 9_000_000
