"""Accepting wishes: what is accepted is on the topic, and nobody replays from outside."""

import pytest

from enrollment.intake import BATCH, Intake
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from enrollment.wire import decode
from tests.builders import a_desk, a_request


def test_an_accepted_request_is_on_the_topic():
    desk = a_desk()

    Intake(desk.requests).accept(a_request(), desk.deadline)

    (sent,) = desk.sent()
    assert decode(sent.body) == a_request()
    assert sent.attributes["request_id"] == a_request().request_id


def test_whoever_asks_from_outside_asks_for_the_first_time():
    desk = a_desk()
    intake, request = Intake(desk.requests), a_request(replay=7)

    intake.accept(request, desk.deadline)
    list(intake.accept_all([request], desk.deadline))

    assert [decode(each.body).replay for each in desk.sent()] == [0, 0]


def test_a_retry_stays_one():
    desk = a_desk()

    Intake(desk.requests).accept(a_request(retry=True), desk.deadline)

    assert decode(desk.sent()[0].body).retry


def test_nothing_is_promised_while_the_topic_is_down():
    desk = a_desk()
    desk.requests.fail()

    with pytest.raises(Unavailable) as caught:
        Intake(desk.requests).accept(a_request(), desk.deadline)

    assert caught.value.reason is Reason.TOPIC_DOWN


def test_many_requests_are_accepted_in_batches_and_counted():
    desk = a_desk()
    many = (a_request(request_id=f"request-{number:04}") for number in range(BATCH + 2))

    accepted = list(Intake(desk.requests).accept_all(many, desk.deadline))

    assert accepted == [BATCH, BATCH + 2]
    assert desk.requests.calls == ["publish", "publish"]


def test_what_was_accepted_before_the_topic_failed_has_been_counted():
    desk = a_desk()
    many = (a_request(request_id=f"request-{number:04}") for number in range(BATCH + 2))
    accepted = Intake(desk.requests).accept_all(many, desk.deadline)
    so_far = next(accepted)
    desk.requests.fail()

    with pytest.raises(Unavailable):
        next(accepted)

    assert so_far == BATCH


def test_nothing_at_all_is_accepted_without_a_call():
    desk = a_desk()

    assert list(Intake(desk.requests).accept_all([], desk.deadline)) == []
    assert desk.requests.calls == []
