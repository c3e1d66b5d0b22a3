"""When Classroom says 404: it says so of valid courses and students too, so it is asked again."""

from datetime import timedelta

import pytest

from enrollment.entry import State
from enrollment.policy import Policy
from enrollment.ports import CreateAnswer, InviteAnswer, Unavailable
from enrollment.reasons import Reason
from enrollment.timing import Waits
from tests.builders import ADA, FOREIGN, a_desk, a_request
from tests.doubles import START

MISSING = CreateAnswer.NOT_FOUND
DOWN = Unavailable(Reason.CLASSROOM_DOWN)


def deliver_when_due(desk, request):
    """Deliver as soon as the request may be tried again."""
    if desk.knows() and desk.entry().not_before:
        desk.clock.elapsed = (desk.entry().not_before - START).total_seconds() + 0.001
    return desk.deliver(request)


def first_404s(desk, request):
    for _ in range(2):
        assert deliver_when_due(desk, request).reason is Reason.NOT_FOUND


def test_it_is_asked_three_times_with_time_between():
    desk, request = a_desk(create=MISSING, course_exists=False), a_request()

    first_404s(desk, request)
    last_gap = desk.entry().not_before - desk.entry().history[-1].at
    deliver_when_due(desk, request)

    assert last_gap == timedelta(seconds=20)
    assert desk.classroom.asked == ["create"] * 3 + ["course_exists"]


def test_a_course_that_cannot_be_read_either_is_unknown():
    desk, request = a_desk(create=MISSING, course_exists=False), a_request()
    first_404s(desk, request)

    answer = deliver_when_due(desk, request)

    assert answer.reason is Reason.COURSE_UNKNOWN


@pytest.mark.parametrize("student", [FOREIGN, "112233445566778899001"])
def test_a_foreign_student_of_a_readable_course_is_unknown(student):
    desk, request = a_desk(create=MISSING), a_request(student=student)
    first_404s(desk, request)

    answer = deliver_when_due(desk, request)

    assert answer.reason is Reason.STUDENT_UNKNOWN


def test_a_student_of_the_schools_own_domain_is_waited_for():
    desk, request = a_desk(create=MISSING), a_request(student=ADA.upper())
    first_404s(desk, request)

    answer = deliver_when_due(desk, request)

    assert answer.acknowledge
    assert desk.entry().state is State.WAITING
    assert desk.entry().reason is Reason.ACCOUNT_MISSING


def test_the_student_is_waited_for_48_hours_from_the_first_404():
    desk, request = a_desk(create=MISSING), a_request()
    first_404s(desk, request)

    answer = deliver_when_due(desk, request)
    while answer.reason is Reason.ACCOUNT_MISSING:
        answer = deliver_when_due(desk, request)

    assert answer.reason is Reason.STUDENT_UNKNOWN
    gap = Waits().account_missing_gap
    assert timedelta(hours=48) <= desk.clock.now() - START < timedelta(hours=48) + gap


def test_a_passing_outage_does_not_start_the_48_hours_again():
    desk, request = a_desk(create=MISSING), a_request()
    first_404s(desk, request)
    deliver_when_due(desk, request)
    desk.clock.advance(hours=40)
    desk.classroom.says(create=DOWN)
    desk.deliver(request)
    desk.classroom.says(create=MISSING)
    desk.clock.advance(hours=9)

    answer = desk.deliver(request)

    assert answer.reason is Reason.STUDENT_UNKNOWN


def test_a_passing_outage_does_not_start_the_three_tries_again():
    desk, request = a_desk(create=[MISSING, DOWN, MISSING], course_exists=False), a_request()
    for _ in range(3):
        deliver_when_due(desk, request)

    answer = deliver_when_due(desk, request)

    assert answer.reason is Reason.COURSE_UNKNOWN


def test_an_account_that_is_made_meanwhile_is_enrolled():
    desk, request = a_desk(create=[MISSING, MISSING, MISSING, CreateAnswer.ADDED]), a_request()
    for _ in range(3):
        deliver_when_due(desk, request)

    answer = deliver_when_due(desk, request)

    assert answer.what == "enrolled"


def test_a_404_of_an_invitation_is_asked_again_as_well():
    policy = Policy(own_domains=frozenset(), inviting_sources=frozenset({"infinite-campus"}))
    desk = a_desk(create=CreateAnswer.CANNOT_ADD, invite=InviteAnswer.NOT_FOUND, policy=policy)
    request = a_request(student=FOREIGN)
    first_404s(desk, request)

    answer = deliver_when_due(desk, request)

    assert answer.reason is Reason.STUDENT_UNKNOWN
