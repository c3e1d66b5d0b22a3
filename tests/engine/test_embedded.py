"""The embedded engine: one process that works until nothing is due, and loses nothing."""

from datetime import timedelta

import pytest

from enrollment.entry import State
from enrollment.intake import Intake
from enrollment.outcome import Outcome
from enrollment.ports import CreateAnswer, LineState, Misconfigured, Refused, Unavailable
from enrollment.reasons import Reason
from tests.builders import a_desk, a_request, an_engine

DOWN = Unavailable(Reason.CLASSROOM_DOWN)
FULL = Refused(Reason.COURSE_FULL)
TOMORROW = Unavailable(Reason.UNKNOWN_ANSWER, retry_after=timedelta(hours=24))


def run(desk, wait=timedelta(0), **changes):
    return an_engine(desk, wait, **changes).run(lambda tally: None)


def accept(desk, number=1):
    for each in range(number):
        request = a_request(request_id=f"request-{each}", course_id=f"d:{each}")
        Intake(desk.requests).accept(request, desk.deadline)


def outcomes(desk, number):
    return [desk.entry(f"request-{each}").outcome for each in range(number)]


def test_everything_that_was_accepted_is_enrolled():
    desk = a_desk()
    accept(desk, 5)

    tally = run(desk)

    assert outcomes(desk, 5) == [Outcome.ENROLLED] * 5
    assert (tally.deliveries, tally.answers, tally.left) == (5, {"enrolled": 5}, 0)
    assert tally.next_due is None


def test_many_workers_enroll_each_request_once():
    desk = a_desk()
    accept(desk, 20)

    run(desk, workers=8)

    assert outcomes(desk, 20) == [Outcome.ENROLLED] * 20
    assert desk.classroom.calls == 20


def test_an_empty_queue_is_done_at_once():
    desk = a_desk()

    tally = run(desk, wait=timedelta(hours=1))

    assert tally.deliveries == 0
    assert desk.clock.elapsed == 0


def test_letters_are_filed_as_well():
    desk = a_desk(create=FULL)
    accept(desk, 2)

    run(desk)

    assert [each.reason for each in desk.open_items()] == [Reason.COURSE_FULL] * 2
    assert desk.letters.depth(desk.deadline) == 0


def test_what_is_due_within_the_wait_is_waited_for():
    desk = a_desk(create=[DOWN, DOWN, CreateAnswer.ADDED])
    accept(desk)

    tally = run(desk, wait=timedelta(seconds=30))

    assert outcomes(desk, 1) == [Outcome.ENROLLED]
    assert tally.answers == {"waiting": 2, "enrolled": 1}


def test_what_is_due_later_is_left_and_told():
    desk = a_desk(create=TOMORROW)
    accept(desk)

    tally = run(desk, wait=timedelta(minutes=5))

    entry = desk.entry("request-0")
    assert entry.state is State.WAITING
    assert tally.next_due == entry.wake_at
    assert desk.clock.elapsed < 1


def test_what_was_left_is_found_by_the_next_engine():
    desk = a_desk(create=[TOMORROW, CreateAnswer.ADDED])
    accept(desk)
    run(desk)
    desk.clock.advance(days=1)

    run(desk)

    assert outcomes(desk, 1) == [Outcome.ENROLLED]


def test_a_no_gives_the_message_back_for_the_time_it_named():
    desk = a_desk(create=DOWN)
    accept(desk)

    tally = run(desk)

    assert tally.left == 1
    assert desk.requests.next_visible(desk.deadline) == desk.entry("request-0").not_before


def test_a_bug_on_one_request_does_not_keep_the_others():
    desk = a_desk(create=[KeyError("userId"), CreateAnswer.ADDED])
    accept(desk, 3)

    tally = run(desk)

    assert tally.faults == 1
    assert outcomes(desk, 3) == [None, Outcome.ENROLLED, Outcome.ENROLLED]


def test_a_bug_that_stays_ends_in_review_and_not_in_a_circle():
    desk = a_desk(create=KeyError("userId"), chance=lambda: 0.0)
    accept(desk)

    tally = run(desk, wait=timedelta(seconds=2))

    assert tally.faults == 10
    assert [each.reason for each in desk.open_items()] == [Reason.INTERNAL_ERROR]


def test_a_letter_that_cannot_be_filed_does_not_keep_the_others():
    desk = a_desk(create=FULL)
    accept(desk, 2)
    file, met = desk.reviews.port.file, []

    class Odd:
        """Reviews that fail on the first letter they meet, and only on that."""

        def file(self, item, deadline):
            met.append(item.letter_id)
            if item.letter_id == met[0]:
                raise KeyError(item.letter_id)
            return file(item, deadline)

    collector = desk.collector.__class__(Odd(), desk.ledger, desk.clock)

    tally = run(desk, collector=collector)

    assert tally.faults >= 1
    assert len(desk.open_items()) == 1
    assert desk.letters.depth(desk.deadline) == 1


def test_a_store_that_is_away_for_a_while_is_waited_for():
    desk = a_desk()
    accept(desk)
    desk.requests.fail("pull")
    sleep = desk.clock.sleep

    def sleep_and_mend(seconds):
        sleep(seconds)
        if desk.clock.elapsed > 10:
            desk.requests.mend()

    desk.clock.sleep = sleep_and_mend

    run(desk)

    assert outcomes(desk, 1) == [Outcome.ENROLLED]


def test_a_store_that_stays_away_ends_the_engine_and_loses_nothing():
    desk = a_desk()
    accept(desk)
    desk.requests.fail("pull")

    with pytest.raises(Unavailable):
        run(desk)

    assert desk.requests.depth(desk.deadline) == 1


def test_a_ledger_that_is_away_leaves_the_message_in_the_queue():
    desk = a_desk()
    accept(desk)
    desk.ledger.fail("create")

    tally = run(desk)

    assert tally.left == 1
    assert tally.answers == {"not now": 1}


def test_an_operators_hold_ends_the_engine_with_everything_remembered():
    desk = a_desk()
    accept(desk, 3)
    desk.line.hold_for_operator("exams", desk.deadline)

    tally = run(desk, wait=timedelta(hours=1))

    assert tally.answers == {"parked": 3}
    assert outcomes(desk, 3) == [None] * 3
    assert desk.classroom.calls == 0


def test_a_fault_that_is_mended_within_a_minute_is_found_out_by_the_probe():
    desk = a_desk(create=[Misconfigured(Reason.SCOPES_MISSING), CreateAnswer.ADDED])
    accept(desk, 3)

    run(desk, wait=timedelta(minutes=2))

    assert outcomes(desk, 3) == [Outcome.ENROLLED] * 3
    assert desk.line.look(desk.deadline).status.state is LineState.OPEN
    assert 60 <= desk.clock.elapsed < 70


def test_a_fault_that_outlasts_the_wait_ends_the_engine_with_everything_remembered():
    desk = a_desk(create=Misconfigured(Reason.SCOPES_MISSING))
    accept(desk, 3)

    run(desk, wait=timedelta(seconds=30))

    assert outcomes(desk, 3) == [None] * 3
    assert desk.classroom.calls == 1


def test_progress_is_told_each_second_and_at_the_end():
    desk = a_desk(create=[DOWN, DOWN, DOWN, CreateAnswer.ADDED])
    accept(desk)
    told = []

    an_engine(desk, timedelta(minutes=1)).run(lambda tally: told.append(desk.clock.elapsed))

    assert len(told) >= 14
    assert told[-1] == desk.clock.elapsed
