"""When Classroom says 409: the person is there already. As what, a look-up has to find out."""

from dataclasses import replace

import pytest

from enrollment.entry import State
from enrollment.outcome import Outcome
from enrollment.ports import CreateAnswer, Unavailable
from enrollment.reasons import Reason
from enrollment.timing import LAPSES
from tests.builders import REQUEST_ID, a_desk

EXISTS = CreateAnswer.EXISTS
DOWN = Unavailable(Reason.CLASSROOM_DOWN)


def test_a_student_on_the_roster_is_already_enrolled():
    desk = a_desk(create=EXISTS, is_student=True)

    answer = desk.deliver()

    assert answer.what == "already_enrolled"
    assert desk.entry().outcome is Outcome.ALREADY_ENROLLED


def test_a_teacher_of_the_course_is_refused():
    desk = a_desk(create=EXISTS, is_teacher=True)

    answer = desk.deliver()

    assert answer.reason is Reason.IS_TEACHER
    assert desk.classroom.asked == ["create", "is_student", "is_teacher"]


def test_somebody_who_is_neither_is_looked_for_five_times_and_then_reviewed():
    desk = a_desk(create=EXISTS)

    for _ in range(4):
        desk.deliver()
        assert desk.entry().reason is Reason.CONFLICT_UNCLEAR
        assert desk.entry().state is State.WAITING
        desk.clock.advance(hours=1)
    desk.deliver()

    assert desk.entry().outcome is Outcome.REJECTED
    assert [each.reason for each in desk.collect()] == [Reason.CONFLICT_UNCLEAR]


@pytest.mark.parametrize("look_up", ["is_student", "is_teacher"])
def test_a_failed_look_up_is_not_followed_by_another_create(look_up):
    desk = a_desk(create=EXISTS)
    desk.classroom.says(**{look_up: [DOWN, True]})
    desk.deliver()
    desk.clock.advance(minutes=1)

    answer = desk.deliver()

    assert answer.acknowledge
    assert desk.classroom.asked.count("create") == 1


def test_what_classroom_said_is_remembered_over_crashes():
    desk = a_desk(create=EXISTS, is_student=[DOWN, False, False, True])
    desk.deliver()
    desk.clock.advance(minutes=1)
    stored = desk.ledger.get(REQUEST_ID, desk.deadline)
    desk.ledger.update(stored, replace(stored.entry, lapses=LAPSES), desk.deadline)

    rests = desk.deliver()
    desk.clock.advance(hours=1)
    answer = desk.deliver()

    assert rests.reason is Reason.CRASHING
    assert answer.what == "already_enrolled"
    assert desk.classroom.asked.count("create") == 1


def test_a_look_up_may_fail_often_without_another_create():
    desk = a_desk(create=EXISTS, is_student=[DOWN, DOWN, DOWN, True])
    for _ in range(3):
        desk.deliver()
        desk.clock.advance(hours=1)

    answer = desk.deliver()

    assert answer.what == "already_enrolled"
    assert desk.classroom.asked.count("create") == 1


def test_a_lost_look_up_does_not_make_an_old_member_a_new_one():
    lost = Unavailable(Reason.NO_ANSWER, answer_lost=True)
    desk = a_desk(create=CreateAnswer.EXISTS, is_student=[lost, True])
    desk.deliver()
    desk.clock.advance(minutes=1)

    answer = desk.deliver()

    assert answer.what == "already_enrolled"
