"""One delivery in: what Classroom is asked, what the ledger remembers, what the topic is told."""

from dataclasses import replace
from datetime import timedelta

import pytest

from enrollment.entry import State
from enrollment.outcome import Outcome
from enrollment.ports import CreateAnswer, Refused, Unavailable
from enrollment.reasons import Reason
from enrollment.wire import encode
from tests.builders import a_delivery, a_desk, a_request
from tests.doubles import START, MovableClock

DOWN = Unavailable(Reason.CLASSROOM_DOWN)
FULL = Refused(Reason.COURSE_FULL, "@CourseMemberLimitReached")


def test_a_first_delivery_enrolls_the_student_with_one_call():
    desk = a_desk()

    answer = desk.deliver()

    assert answer.acknowledge
    assert answer.what == "enrolled"
    assert desk.classroom.asked == ["create"]
    assert desk.entry().outcome is Outcome.ENROLLED


def test_a_first_delivery_takes_two_writes_and_no_read():
    desk = a_desk()

    desk.deliver()

    assert desk.ledger.calls == ["create", "update"]


def test_a_success_is_forgotten_after_400_days_and_owes_nothing():
    desk = a_desk()

    desk.deliver()

    entry = desk.entry()
    assert entry.expire_at - entry.settled_at == timedelta(days=400)
    assert (entry.letter, entry.wake_at) == (None, None)


@pytest.mark.parametrize("days", [-90, 90])
def test_a_worker_whose_clock_is_wrong_takes_no_wish_for_too_old(days):
    desk, wrong = a_desk(), MovableClock()
    wrong.elapsed = timedelta(days=days).total_seconds()

    answer = replace(desk.enroller, clock=wrong).handle(a_delivery())

    assert answer.what == "enrolled"


@pytest.mark.parametrize("minutes", [-2, 2])
def test_what_is_early_is_so_by_the_ledgers_clock(minutes):
    desk, wrong = a_desk(create=DOWN), MovableClock()
    desk.deliver()
    wrong.elapsed = minutes * 60.0

    answer = replace(desk.enroller, clock=wrong).handle(a_delivery())

    assert (answer.acknowledge, answer.what) == (False, "early")


def test_a_duplicate_never_reaches_classroom():
    desk = a_desk()
    desk.deliver()

    answer = desk.deliver()

    assert answer.acknowledge
    assert answer.what == "duplicate"
    assert desk.classroom.calls == 1


def test_a_duplicate_takes_at_most_two_calls_of_the_ledger():
    desk = a_desk()
    desk.deliver()
    desk.ledger.calls.clear()

    desk.deliver()

    assert desk.ledger.calls == ["create", "get"]


def test_a_delivery_that_another_worker_holds_comes_back_in_five_seconds():
    desk = a_desk()
    second = []
    desk.classroom.says(create=lambda seat: second.append(desk.deliver()) or CreateAnswer.ADDED)

    first = desk.deliver()

    assert first.what == "enrolled"
    assert not second[0].acknowledge
    assert second[0].what == "held"
    assert (second[0].due - START).total_seconds() == pytest.approx(5, abs=0.1)
    assert desk.classroom.calls == 1


def test_what_is_due_within_a_minute_is_left_to_redelivery():
    desk = a_desk(create=DOWN)

    answer = desk.deliver()

    assert not answer.acknowledge
    assert answer.reason is Reason.CLASSROOM_DOWN
    assert desk.entry().state is State.WAITING
    assert desk.entry().wake_at == desk.entry().not_before + timedelta(minutes=15)


def test_what_is_due_later_is_left_to_wake():
    desk = a_desk(create=Unavailable(Reason.CLASSROOM_DOWN, retry_after=timedelta(minutes=5)))

    answer = desk.deliver()

    assert answer.acknowledge
    assert desk.entry().not_before - desk.entry().history[-1].at == timedelta(minutes=5)
    assert desk.entry().wake_at == desk.entry().not_before


def test_an_early_delivery_due_within_a_minute_is_answered_503_without_a_call():
    desk = a_desk(create=DOWN)
    desk.deliver()

    answer = desk.deliver()

    assert not answer.acknowledge
    assert answer.what == "early"
    assert answer.due == desk.entry().not_before
    assert desk.classroom.calls == 1


def test_an_early_delivery_due_later_is_acknowledged_without_a_call():
    desk = a_desk(create=Unavailable(Reason.CLASSROOM_DOWN, retry_after=timedelta(minutes=5)))
    desk.deliver()

    answer = desk.deliver()

    assert answer.acknowledge
    assert answer.what == "early"
    assert desk.classroom.calls == 1


def test_what_waited_long_enough_is_tried_again():
    desk = a_desk(create=[DOWN, CreateAnswer.ADDED])
    desk.deliver()
    desk.clock.advance(seconds=3)

    answer = desk.deliver()

    assert answer.what == "enrolled"
    assert desk.entry().attempt == 2


def test_an_id_that_comes_with_other_content_is_set_aside_and_the_ledger_untouched():
    desk = a_desk()
    desk.deliver()
    before = desk.entry()
    reused = a_request(course_id="d:BIO-7")

    answer = desk.deliver(reused)

    assert answer.acknowledge
    assert answer.reason is Reason.ID_REUSED
    assert desk.entry() == before
    (item,) = desk.collect()
    assert item.reason is Reason.ID_REUSED
    assert item.body == encode(reused).body


def test_an_unreadable_message_is_set_aside_with_its_body_unchanged():
    desk = a_desk()

    answer = desk.deliver(b"\xff not json")

    assert answer.acknowledge
    assert answer.reason is Reason.MALFORMED
    (item,) = desk.collect()
    assert item.body == b"\xff not json"
    assert desk.classroom.calls == 0


def test_an_unreadable_message_comes_back_while_its_letter_cannot_be_sent():
    desk = a_desk()
    desk.letters.fail("publish")

    answer = desk.deliver(b"not json")

    assert not answer.acknowledge
    assert answer.reason is Reason.TOPIC_DOWN


def test_without_a_permit_the_ledger_stays_untouched():
    desk = a_desk(share=1)
    desk.pace.take(0)

    answer = desk.deliver()

    assert not answer.acknowledge
    assert answer.reason is Reason.NO_PERMIT
    assert not desk.knows()


def test_a_duplicate_gives_its_permit_back():
    desk = a_desk(share=2)
    desk.deliver()
    desk.clock.advance(seconds=31)
    desk.deliver()

    answer = desk.deliver(a_request(request_id="another-request", course_id="d:BIO-7"))

    assert answer.what == "enrolled"


@pytest.mark.parametrize("method", ["create", "update"])
def test_a_ledger_that_is_down_is_answered_503(method):
    desk = a_desk()
    desk.ledger.fail(method)

    answer = desk.deliver()

    assert not answer.acknowledge
    assert answer.reason is Reason.LEDGER_DOWN


def test_a_ledger_that_is_down_keeps_no_permit():
    desk = a_desk(share=1)
    desk.ledger.fail("create")
    desk.deliver()
    desk.ledger.mend()

    answer = desk.deliver()

    assert answer.what == "enrolled"


def test_the_worker_never_gives_classroom_more_time_than_it_has():
    desk = a_desk()

    desk.deliver()

    assert desk.classroom.timeouts == [15.0]
