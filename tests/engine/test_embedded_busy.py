"""The embedded engine with more to do than it can: nothing starves, and nobody is hurried."""

import threading
from datetime import timedelta

import pytest

from enrollment import embedded
from enrollment.intake import Intake
from enrollment.job import Answer
from enrollment.outcome import Outcome
from enrollment.ports import CreateAnswer, Unavailable
from enrollment.reasons import Reason
from enrollment.wire import encode
from tests.builders import ADA, a_desk, a_request, an_engine
from tests.doubles import START, Overlay

DOWN = Unavailable(Reason.CLASSROOM_DOWN)
MINUTE = 60
TWENTY_MINUTES = 120  # of work at a call every ten seconds


def accept(desk, *names):
    for name in names:
        request = a_request(request_id=f"request-{name}", student=f"{name}@northside.example")
        Intake(desk.requests).accept(request, desk.deadline)


def outcome(desk, name):
    return desk.entry(f"request-{name}").outcome


def run(desk, wait=timedelta(0), **changes):
    return an_engine(desk, wait, **changes).run(lambda tally: None)


def a_school_with_a_young_account(minutes):
    """Ada's account cannot be added yet; there is a call every ten seconds."""

    def create(seat):
        young = seat.student == ADA and desk.clock.elapsed < minutes * MINUTE
        return CreateAnswer.CANNOT_ADD if young else CreateAnswer.ADDED

    desk = a_desk(share=6, create=create)
    desk.requests.publish([encode(a_request())], desk.deadline)
    return desk


def test_what_is_due_is_tried_in_time_while_a_long_queue_is_worked_off():
    desk = a_school_with_a_young_account(minutes=10)
    accept(desk, *(f"student-{n}" for n in range(TWENTY_MINUTES)))

    run(desk)

    entry = desk.entry()
    assert entry.outcome is Outcome.ENROLLED
    assert entry.settled_at - START < timedelta(minutes=17)


def test_what_was_woken_does_not_keep_the_queue_waiting():
    order = []
    desk = a_desk(create=lambda seat: order.append(seat.student) or CreateAnswer.ADDED)
    engine = an_engine(desk)
    woken = [
        encode(a_request(request_id=f"woken-00{n}", student=f"w{n}@x.example")) for n in "1234"
    ]
    engine._waking.topic.publish(woken, desk.deadline)
    accept(desk, "ada", "ben")

    engine.run(lambda tally: None)

    assert [each[0] for each in order] == ["w", "a", "w", "b", "w", "w"]


def test_what_was_woken_and_not_delivered_is_kept_for_the_next_engine():
    desk = a_school_with_a_young_account(minutes=10)
    run(desk)
    desk.clock.advance(minutes=16)
    engine = an_engine(desk)
    engine._waking.now()

    engine._waking.keep()

    assert desk.requests.depth(desk.deadline) == 1
    run(desk)
    assert desk.entry().outcome is Outcome.ENROLLED


def test_a_ledger_that_is_away_while_waking_beside_the_work_is_asked_again():
    desk = a_school_with_a_young_account(minutes=10)
    accept(desk, *(f"student-{n}" for n in range(TWENTY_MINUTES)))
    add, failed = desk.classroom.answers["create"], []

    def create(seat):
        away = 14 * MINUTE < desk.clock.elapsed < 17 * MINUTE  # it is due after 15
        desk.ledger.fail("due") if away else desk.ledger.mend()
        failed.append(away)
        return add(seat)

    desk.classroom.says(create=create)

    run(desk)

    assert any(failed)
    assert timedelta(minutes=17) <= desk.entry().settled_at - START < timedelta(minutes=19)


def test_what_would_wait_long_for_a_permit_stays_in_the_queue():
    desk = a_desk(share=1)
    accept(desk, "ada", "ben")

    tally = run(desk)

    assert tally.answers == {"enrolled": 2}
    assert desk.clock.elapsed >= MINUTE


def test_the_queue_is_looked_at_a_few_times_a_second_while_nothing_can_start():
    desk = a_desk(share=1)
    accept(desk, "ada", "ben")
    sleep, sleeps = desk.clock.sleep, []

    def noted(seconds):
        sleeps.append(seconds)
        assert len(sleeps) < 1000, "the engine spins"
        sleep(seconds)

    desk.clock.sleep = noted

    run(desk)

    idle = [each for each in sleeps if each <= embedded.PULSE.total_seconds()]
    assert len(idle) > 2 * 50
    assert max(idle) <= 0.5


def test_what_arrives_while_a_call_hangs_is_started_at_once():
    arrived, started = threading.Event(), []

    def create(seat):
        if seat.student == "ben@northside.example":
            arrived.set()
            return CreateAnswer.ADDED
        accept(desk, "ben")
        started.append(arrived.wait(5))
        return CreateAnswer.ADDED

    desk = a_desk(create=create)
    accept(desk, "ada")

    run(desk, workers=2)

    assert started == [True]


def test_a_due_time_in_the_past_lets_the_others_have_their_turn():
    desk, order = a_desk(), []

    class Late:
        """Answers `not now, but an hour ago` to Ada's request three times."""

        pace = desk.pace

        def handle(self, delivery):
            desk.clock.advance(seconds=1)
            order.append(delivery.attributes["request_id"])
            again = order.count("request-ada") < 3 and order[-1] == "request-ada"
            due = START - timedelta(hours=1) if again else None
            return Answer(acknowledge=not again, what="", due=due)

    accept(desk, "ada", "ben", "cloe")

    run(desk, enroller=Late())

    assert order == [f"request-{n}" for n in ("ada", "ben", "cloe", "ada", "ada")]


def test_two_short_absences_of_the_store_are_not_one_long_one():
    desk = a_desk(create=lambda seat: DOWN if desk.clock.elapsed < 410 else CreateAnswer.ADDED)
    accept(desk, "ada")
    sleep = desk.clock.sleep

    def sleep_and_see(seconds):
        sleep(seconds)
        away = 1 < desk.clock.elapsed < 201 or 210 < desk.clock.elapsed < 410
        desk.requests.fail("pull") if away else desk.requests.mend()

    desk.clock.sleep = sleep_and_see

    run(desk, wait=timedelta(minutes=10))

    assert desk.clock.elapsed >= 410
    assert outcome(desk, "ada") is Outcome.ENROLLED


def test_a_hold_by_an_operator_in_the_middle_of_a_run_ends_it_at_once():
    def create(seat):
        desk.line.hold_for_operator("exams", desk.deadline)
        return DOWN

    desk = a_desk(create=create)
    accept(desk, "ada", "ben", "cloe")

    run(desk, wait=timedelta(hours=1))

    assert desk.classroom.calls == 1
    assert desk.clock.elapsed < 5 * MINUTE
    assert outcome(desk, "ben") is None


class Damaged(Unavailable):
    """What is stored cannot be read."""


def test_a_damaged_record_ends_the_engine_when_all_else_is_done():
    desk = a_desk()
    accept(desk, "ada", "ben")
    due = desk.ledger.port.due

    def damaged(*words):
        due(*words)
        raise Damaged(Reason.LEDGER_DOWN, "a record cannot be read")

    desk.ledger.port = Overlay(desk.ledger.port, due=damaged)

    with pytest.raises(Damaged):
        run(desk, wait=timedelta(hours=1), damaged=Damaged)

    assert outcome(desk, "ada") is outcome(desk, "ben") is Outcome.ENROLLED
    assert desk.clock.elapsed < 1


def test_a_message_whose_entry_cannot_be_read_is_tried_less_and_less_often():
    desk = a_desk()
    accept(desk, "ada")
    desk.ledger.fail("create")

    tally = run(desk, wait=timedelta(minutes=5))

    assert tally.deliveries == 10
    assert tally.left == 1
    assert tally.next_due - desk.clock.now() > timedelta(minutes=5)


def test_what_was_woken_is_tried_less_and_less_often_while_the_ledger_is_away():
    later = Unavailable(Reason.CLASSROOM_DOWN, retry_after=timedelta(minutes=5))
    desk = a_desk(create=[later, CreateAnswer.ADDED])
    desk.deliver()
    desk.clock.advance(minutes=5)
    port, back_at = desk.ledger.port, desk.clock.elapsed + 10

    def create(*arguments):
        if desk.clock.elapsed < back_at:
            raise Unavailable(Reason.LEDGER_DOWN)
        return port.create(*arguments)

    desk.ledger.port = Overlay(port, create=create)

    tally = run(desk, wait=timedelta(minutes=1))

    assert tally.answers == {"not now": 4, "enrolled": 1}
