"""What the log says of a call: delivered, conclusive, done."""

import socket
import time
from urllib.parse import urlsplit

import pytest

from infra.fake_classroom import FakeClassroom
from infra.fake_classroom.log import Call, Log
from tests.infra.fake_classroom.builders import ADA, a_school, send_student

GUEST = "guest@elsewhere.example"
YOUNG = "y@northside.example"


def a_call(**fields):
    blank = dict.fromkeys(Call.__dataclass_fields__.keys() - {"n", "delivered", "conclusive"})
    return Call(**(blank | {"received_at": 0.0, "subject": "", "deed": False} | fields))


@pytest.mark.parametrize(
    ("user", "course", "status", "conclusive"),
    [
        (ADA, {}, 200, True),
        (ADA, {"students": [ADA]}, 409, True),
        (ADA, {"state": "ARCHIVED"}, 400, True),
        ("", {}, 400, True),
        (GUEST, {}, 403, True),
        (YOUNG, {}, 403, False),
        (ADA, {"owner": GUEST}, 403, False),
        ("nobody@northside.example", {}, 404, False),
    ],
)
def test_an_answer_is_conclusive_if_no_second_try_can_change_it(user, course, status, conclusive):
    with FakeClassroom(a_school({"email": YOUNG, "state": "young"}, **course)) as fake:
        send_student(fake.endpoint, user)

        (call,) = fake.log

    assert (call.status, call.delivered, call.conclusive) == (status, True, conclusive)


@pytest.mark.parametrize("kind", ["away", "PERMISSION_DENIED", "ClassroomDisabled"])
def test_trouble_of_the_administrator_settles_nothing(kind):
    with FakeClassroom(a_school()) as fake:
        fake.trouble(kind)
        send_student(fake.endpoint)

        (call,) = fake.log

    assert not call.conclusive


def test_a_call_is_written_down_as_typed_and_as_understood():
    school = a_school()
    with FakeClassroom(school) as fake:
        before = time.time()
        send_student(fake.endpoint, "Ada@northside.example")

        (call,) = fake.log

    assert (call.n, call.method, call.fault, call.deed) == (
        1,
        "courses.students.create",
        None,
        True,
    )
    assert (call.course, call.user) == ("d:math 101/a", "Ada@northside.example")
    assert (call.course_id, call.user_id) == (
        school.course("d:math 101/a").id,
        school.account(ADA).id,
    )
    assert call.subject == "admin@northside.example"
    assert before <= call.received_at <= call.answered_at <= time.time()


def sent(fake):
    """A socket on which Ada has been asked for, and no more."""
    body = b'{"userId":"ada@northside.example"}'
    head = b"POST /v1/courses/d%%3Amath%%20101%%2Fa/students HTTP/1.1\r\nContent-Length: %d\r\n\r\n"
    client = socket.create_connection(("127.0.0.1", urlsplit(fake.endpoint).port))
    client.sendall(head % len(body) + body)
    return client


def test_a_client_that_has_left_before_the_reply_learned_nothing():
    rules = [{"fault": "slow", "seconds": 0.02}]
    with FakeClassroom(a_school(), rules=rules) as fake:
        sent(fake).close()
        time.sleep(0.05)  # a reply written to nobody would be written by now

        (call,) = fake.log

    assert call.deed
    assert not call.delivered
    assert not call.conclusive


def test_a_reply_that_dies_unread_in_the_clients_buffer_was_not_delivered():
    with FakeClassroom(a_school()) as fake:
        with sent(fake) as client:
            client.recv(1, socket.MSG_PEEK)  # the reply is here, and nobody reads it
            before = fake.log[0].delivered

        deadline = time.monotonic() + 2
        while fake.log[0].delivered and time.monotonic() < deadline:
            time.sleep(0.001)

        assert before
        assert fake.log[0].deed
        assert not fake.log[0].delivered


def test_a_full_log_says_so():
    log = Log(cap=2)

    for _ in range(3):
        log.record(a_call(), settles=False, by_quota=False)

    assert [call.n for call in log.calls()] == [1, 2]
    assert log.counts()["calls"] == 3
    assert log.counts()["not_logged"] == 1
    assert "the last 1 calls" in log.counts()["error"]


def test_a_reader_waits_for_the_reply_that_is_being_written():
    log = Log()
    receipt = log.record(a_call(), settles=True, by_quota=False)
    receipt.writing()
    receipt.written(at=1.0, whole=True)

    (call,) = log.calls()

    assert (call.delivered, call.conclusive, call.answered_at) == (True, True, 1.0)
