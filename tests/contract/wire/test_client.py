"""What the client sends, and that no answer whatever breaks it or makes it talk."""

import json
import logging
import time
import traceback
from contextlib import contextmanager
from datetime import timedelta

import pytest

from enrollment.adapters.classroom import GoogleClassroom, LoopbackIdentities
from enrollment.adapters.classroom.credentials import FRESH_SECONDS
from enrollment.ports import CreateAnswer, Misconfigured, Refused, Seat, Unavailable
from enrollment.reasons import Reason
from enrollment.timing import BACKOFF_MOST
from tests.contract.wire.servers import reply, serving
from tests.unit.classroom.bodies import V1, body, error
from tests.unit.classroom.identities import ADA, ADMIN, Google, delegation

BY_ADMIN = Seat(course_id="d:math 101", student=ADA)
BY_CODE = Seat(course_id="d:math 101", student=ADA, enrollment_code="k7&q")
ADDED = reply(b'{"courseId": "7", "userId": "1"}', Content_Type="application/json")
NOT_ALLOWED = "403 Forbidden"


@contextmanager
def a_client(server, identities=None):
    client = GoogleClassroom(
        ADMIN, identities or LoopbackIdentities(), server.url.removesuffix("v1")
    )
    try:
        yield client
    finally:
        client.close()


def refused(status, content):
    return reply(content, status, Content_Type="application/json; charset=UTF-8")


def trouble_of(client, *, seat=BY_ADMIN, call="create_student", timeout=2.0):
    """The trouble that one call makes."""
    with pytest.raises((Refused, Unavailable, Misconfigured)) as raised:
        getattr(client, call)(seat, timeout)
    return raised.value


def ask(*steps, **call):
    """The troubles that these replies make, one of each call."""
    with serving(*steps) as server, a_client(server) as client:
        troubles = [trouble_of(client, **call) for _ in steps]
        assert len(server.hits) == len(steps)
    return troubles


def test_a_direct_add_sends_the_student_and_asks_for_nothing_but_ids():
    with serving(ADDED) as server, a_client(server) as client:
        assert client.create_student(BY_ADMIN, 2.0) is CreateAnswer.ADDED

    head, _, sent = server.hits[0].partition(b"\r\n\r\n")
    target = head.split(b" ")[1]
    assert target.startswith(b"/v1/courses/d%3Amath%20101/students?")
    assert b"fields=courseId%2CuserId" in target
    assert b"enrollmentCode" not in target
    assert json.loads(sent) == {"userId": ADA}
    assert b"Bearer loopback:" + ADMIN.encode() in head


def test_a_join_by_code_sends_me_and_the_code():
    with serving(ADDED) as server, a_client(server) as client:
        client.create_student(BY_CODE, 2.0)

    head, _, sent = server.hits[0].partition(b"\r\n\r\n")
    assert b"enrollmentCode=k7%26q" in head
    assert json.loads(sent) == {"userId": "me"}
    assert b"Bearer loopback:" + ADA.encode() in head


NO_OBJECTS = [b"", b"OK", b"null", b"[]", b'"OK"', b"7", b"{", b"<html>", b"\xff", b"[" * 100_000]


@pytest.mark.parametrize("kind", ["application/json", "text/plain"])
def test_a_200_without_a_json_object_is_a_lost_answer(kind):
    troubles = ask(*(reply(content, Content_Type=kind) for content in NO_OBJECTS))

    assert [each.reason for each in troubles] == [Reason.NO_ANSWER] * len(NO_OBJECTS)
    assert all(each.answer_lost for each in troubles)


CALLS = ["create_student", "is_student", "is_teacher", "course_exists", "invite"]


@pytest.mark.parametrize("call", CALLS)
def test_a_200_of_somebody_on_the_way_is_no_answer_of_classroom(call):
    filtered = reply(b'{"blocked_by": "web filter"}', Content_Type="application/json")

    (trouble,) = ask(filtered, call=call)

    assert trouble.reason is Reason.NO_ANSWER


def test_a_course_without_students_exists():
    empty = reply(b"{}", Content_Type="application/json")

    with serving(empty) as server, a_client(server) as client:
        assert client.course_exists(BY_ADMIN, 2.0)


@pytest.mark.parametrize(
    ("asked_for", "pause"),
    [
        ("90", timedelta(seconds=90)),
        ("86400", BACKOFF_MOST),
        ("9" * 20, BACKOFF_MOST),
        (" 7 ", timedelta(seconds=7)),
        ("-1", None),
        ("Mon, 23 Nov 2026 08:00:00 GMT", None),
    ],
)
@pytest.mark.parametrize("status", ["503 Service Unavailable", "429 Too Many Requests"])
def test_the_pause_that_google_asks_for_is_kept(status, asked_for, pause):
    (trouble,) = ask(reply(b"{}", status, Retry_After=asked_for))

    assert trouble.retry_after == pause


ODD = {
    "a list around errors[]": json.dumps([error(403, "PERMISSION_DENIED", "x", shape=V1)]),
    "an empty list": "[]",
    "a number for a message": '{"error": {"code": 403, "message": 5}}',
    "an object for a message": '{"error": {"code": 403, "message": {"a": 1}}}',
    "an empty errors[]": '{"error": {"code": 403, "errors": []}}',
    "numbers in errors[]": '{"error": {"code": 403, "errors": [1]}}',
    "a word for an error": '{"error": "denied"}',
    "an error that is null": '{"error": null}',
    "too deep": "[" * 100_000,
}


@pytest.mark.parametrize("call", ["is_student", "invite"])
def test_an_error_of_any_shape_is_an_answer_and_no_crash(call):
    troubles = ask(*(refused(NOT_ALLOWED, each.encode()) for each in ODD.values()), call=call)

    assert {each.reason for each in troubles} == {Reason.NOT_PERMITTED, Reason.NO_ANSWER}
    assert not any(each.answer_lost for each in troubles)


TALKATIVE = [
    body(403, "PERMISSION_DENIED", f"@ClassroomDisabled {ADA} may not"),
    body(403, None, f"{ADA} has exceeded: quota exceeded"),
    f"<p>{ADA} may not".encode(),
]


@pytest.mark.parametrize("seat", [BY_ADMIN, BY_CODE], ids=["admin", "code"])
def test_whom_an_error_names_is_told_to_nobody(caplog, seat):
    with caplog.at_level(logging.INFO):
        troubles = ask(*(refused(NOT_ALLOWED, content) for content in TALKATIVE), seat=seat)

    told = "".join(line for each in troubles for line in traceback.format_exception(each))
    assert caplog.records == []
    assert "northside" not in told
    assert "k7" not in told


@pytest.mark.parametrize("seat", [BY_ADMIN, BY_CODE], ids=["admin", "code"])
def test_not_even_at_debug_does_googles_library_log_whom_a_call_names(caplog, seat):
    caplog.set_level(logging.DEBUG)
    caplog.set_level(logging.DEBUG, "googleapiclient.discovery")
    with serving(ADDED, ADDED, ADDED) as server, a_client(server) as client:
        client.create_student(seat, 2.0)
        client.is_student(seat, 2.0)
        client.is_teacher(seat, 2.0)

    assert len(server.hits) == 3
    assert not any(word in caplog.text for word in ("northside", "k7", "enrollmentCode", "userId"))


def test_a_401_to_an_old_token_is_not_now_and_to_a_fresh_one_holds_the_line():
    google = Google()
    identities = delegation(google)
    denied = refused("401 Unauthorized", body(401, "UNAUTHENTICATED", "x"))
    with serving(ADDED, denied, denied) as server, a_client(server, identities) as client:
        client.create_student(BY_ADMIN, 2.0)
        identities._tokens[ADMIN].renewed_at -= FRESH_SECONDS

        first, second = trouble_of(client), trouble_of(client)

    assert (type(first), first.reason) == (Unavailable, Reason.CLASSROOM_DOWN)
    assert (type(second), second.reason) == (Misconfigured, Reason.CREDENTIALS_REJECTED)
    assert (len(server.hits), len(google.granted)) == (3, 2)


class Slow(LoopbackIdentities):
    """Takes its time to say who calls."""

    def headers(self, subject, *, as_student, timeout):
        time.sleep(0.02)
        return super().headers(subject, as_student=as_student, timeout=timeout)


def test_the_time_for_a_token_is_part_of_the_time_for_the_call():
    with serving(ADDED) as server, a_client(server, Slow()) as client:
        trouble = trouble_of(client, timeout=0.01)

    assert (trouble.reason, trouble.answer_lost) == (Reason.CLASSROOM_DOWN, False)
    assert server.hits == []


def test_a_token_that_nobody_gives_is_trouble_before_any_call():
    identities = delegation(Google(refusal="unauthorized_client"))
    with serving(ADDED) as server, a_client(server, identities) as client:
        trouble = trouble_of(client)

    assert trouble.reason is Reason.DELEGATION_REFUSED
    assert server.hits == []
