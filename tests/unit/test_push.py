"""Push requests and Eventarc's shapes of them: each becomes a delivery, and none is refused."""

import base64
import hashlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrollment.clock import Deadline
from enrollment.push import as_delivery
from enrollment.review_item import unreadable_letter_id
from enrollment.wire import encode
from tests.builders import a_request
from tests.doubles import MovableClock

DEADLINE = Deadline.starting_now(MovableClock())
BODY = encode(a_request()).body
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


def message(**changes):
    told = {
        "data": base64.b64encode(BODY).decode(),
        "attributes": {"request_id": "r-1"},
        "messageId": "17",
        "message_id": "17",
        "publishTime": "2026-11-23T08:00:00Z",
    }
    return told | changes


def push(told=None, **more):
    envelope = {"message": message() if told is None else told, "subscription": "s"} | more
    return json.dumps(envelope).encode()


def read(body):
    return as_delivery(body, DEADLINE)


def test_a_push_is_read():
    delivery = read(push(deliveryAttempt=7))

    assert (delivery.body, delivery.attributes) == (BODY, {"request_id": "r-1"})
    assert (delivery.message_id, delivery.number, delivery.deadline) == ("17", 7, DEADLINE)


def test_a_push_that_does_not_count_is_a_first_delivery():
    assert read(push()).number == 1


def test_a_cloud_event_in_binary_mode_is_a_push_in_its_body():
    assert read(push()).body == BODY


def test_a_cloud_event_in_structured_mode_holds_the_push_as_its_data():
    event = {
        "specversion": "1.0",
        "type": "google.cloud.pubsub.topic.v1.messagePublished",
        "data": json.loads(push(deliveryAttempt=3)),
    }

    delivery = read(json.dumps(event).encode())

    assert (delivery.body, delivery.number) == (BODY, 3)


@pytest.mark.parametrize("told", [{"attributes": {"a": "b"}}, message(data=None), message(data="")])
def test_a_message_without_data_has_an_empty_body(told):
    assert read(push(told)).body == b""


@pytest.mark.parametrize(
    "body",
    [b"", b"{}", b"[]", b"null", b"\xff\xfe", b'{"message": 7}', b"[" * 100_000, b"{" * 100_000],
    ids=[
        "nothing",
        "object",
        "list",
        "null",
        "no UTF-8",
        "no message",
        "deep lists",
        "deep objects",
    ],
)
def test_what_is_no_push_is_delivered_as_it_is(body):
    assert read(body).body == body


@pytest.mark.parametrize("data", ["no base64!", 7, ["x"], "YQ", "ä"])
def test_a_message_whose_data_cannot_be_read_is_delivered_whole(data):
    body = push(message(data=data))

    assert read(body).body == body


@pytest.mark.parametrize("attempt", [None, "7", 0, -3, True, 2.5, []])
def test_an_odd_count_is_a_first_delivery(attempt):
    assert read(push(deliveryAttempt=attempt)).number == 1


def test_attributes_that_are_no_text_are_left_out():
    assert read(push(message(attributes={"a": "b", "c": 7, "d": None}))).attributes == {"a": "b"}


@given(JSON, JSON)
def test_no_json_is_too_odd(told, attempt):
    body = json.dumps({"message": told, "deliveryAttempt": attempt}).encode()

    assert read(body).number >= 1


@given(st.binary())
def test_no_body_is_too_odd(body):
    assert read(body).deadline is DEADLINE


def test_half_a_character_in_an_attribute_is_told_as_a_question_mark():
    told = message(attributes={"a": "x\ud800", "\udfff": "ä😀"})

    assert read(push(told)).attributes == {"a": "x?", "?": "ä😀"}


def test_half_a_character_still_makes_an_id():
    assert len(unreadable_letter_id(b"x", {"a": "\ud800"})) == 64


def test_the_id_of_an_unreadable_letter_stays_what_it_was():
    assert unreadable_letter_id(b"x", {"b": "ä", "a": "1"}) == (
        hashlib.sha256("x\na=1\nb=ä".encode()).hexdigest()
    )
