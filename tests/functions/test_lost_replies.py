"""Replies to commits that took effect are lost on the way back, and the client tries again."""

import pytest

from enrollment.entry import State
from enrollment.outcome import Outcome
from enrollment.ports import LineState
from tests.functions.conftest import a_push, a_request
from tests.functions.test_wake import wait_for
from tests.grpc_proxy import Proxy

NUMBER = 60


@pytest.fixture
def losing(doors, emulators):
    """The doors behind a proxy that swallows the reply of every tenth commit."""
    with Proxy(emulators.firestore, swallow_every=10) as proxy:
        doors.start_again(FIRESTORE_EMULATOR_HOST=proxy.address)
        yield doors, proxy


def requests():
    for number in range(NUMBER):
        course = "d:full" if number % 12 == 0 else "d:math"
        student = f"s{number}@northside.example"
        yield a_request(request_id=f"request-{number:02}", student=student, course_id=course)


def test_the_results_are_the_same_and_nothing_is_doubled(losing):
    doors, proxy = losing
    app = doors.app("enroll")

    answers = [app.test_client().post("/", json=a_push(each)) for each in requests()]

    assert proxy.swallowed >= NUMBER // 5
    assert {each.status_code for each in answers} == {200}
    assert len(doors.fake.log) == NUMBER
    entries = [doors.entry(each.request_id) for each in requests()]
    assert {each.state for each in entries} == {State.SETTLED}
    assert sum(each.outcome is Outcome.REJECTED for each in entries) == NUMBER // 12
    assert max(each.lapses for each in entries) == 0


def test_the_line_is_held_once_and_opened_whatever_is_lost(doors, emulators):
    with Proxy(emulators.firestore) as proxy:
        doors.start_again(FIRESTORE_EMULATOR_HOST=proxy.address)
        doors.fake.trouble("ClassroomDisabled")
        proxy.swallow_next(number=4)

        assert doors.enroll().text == "line held"

        alerts = [each for each in doors.log() if each["severity"] == "ALERT"]
        assert len(alerts) == 1
        proxy.swallow_next(number=2)
        doors.outside.line.resume(doors.deadline)
        status = doors.outside.line.look(doors.deadline).status
        assert status.state is LineState.OPEN


def test_what_wake_sends_is_sent_whatever_is_lost(losing):
    doors, _ = losing
    wait_for(doors, 25)

    sent = doors.post("wake").json["sent"]

    assert sent == 25
    waiting = [doors.entry(f"request-{number:03}") for number in range(25)]
    assert all(each.wake_at is not None for each in waiting)
