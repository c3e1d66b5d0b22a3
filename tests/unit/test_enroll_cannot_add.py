"""When Classroom will not add somebody directly: new accounts, foreign accounts, invitations."""

from datetime import timedelta

import pytest

from enrollment.outcome import Outcome
from enrollment.policy import Policy
from enrollment.ports import CreateAnswer, InviteAnswer, Unavailable
from enrollment.reasons import Reason
from tests.builders import FOREIGN, a_desk, a_request
from tests.doubles import START

CANNOT_ADD = CreateAnswer.CANNOT_ADD
INVITING = Policy(
    own_domains=frozenset({"northside.example"}), inviting_sources=frozenset({"infinite-campus"})
)


def test_a_foreign_account_is_refused_at_once():
    desk = a_desk(create=CANNOT_ADD)

    answer = desk.deliver(a_request(student=FOREIGN))

    assert answer.reason is Reason.OUTSIDE_DOMAIN
    assert desk.entry().outcome is Outcome.REJECTED


def test_an_account_of_the_schools_own_is_tried_every_quarter_of_an_hour():
    desk = a_desk(create=CANNOT_ADD)

    answer = desk.deliver()

    assert answer.acknowledge
    assert answer.reason is Reason.ACCOUNT_PENDING
    assert desk.entry().not_before - START == timedelta(minutes=15)


def test_an_account_of_the_schools_own_is_refused_after_six_hours():
    desk = a_desk(create=CANNOT_ADD)

    answer = desk.deliver()
    while answer.reason is Reason.ACCOUNT_PENDING:
        desk.clock.advance(minutes=15)
        answer = desk.deliver()

    assert answer.reason is Reason.OUTSIDE_DOMAIN
    assert desk.clock.now() - START == timedelta(hours=6)


def test_an_account_that_can_be_added_after_an_hour_is_enrolled():
    desk = a_desk(create=[CANNOT_ADD, CreateAnswer.ADDED])
    desk.deliver()
    desk.clock.advance(hours=1)

    answer = desk.deliver()

    assert answer.what == "enrolled"


def test_a_foreign_account_is_invited_where_its_source_may_invite():
    desk = a_desk(create=CANNOT_ADD, policy=INVITING)

    answer = desk.deliver(a_request(student=FOREIGN))

    assert answer.what == "invited"
    assert desk.entry().outcome is Outcome.INVITED
    assert desk.classroom.asked == ["create", "invite"]


def test_an_own_account_is_invited_only_after_six_hours():
    desk = a_desk(create=CANNOT_ADD, policy=INVITING)
    first = desk.deliver()
    desk.clock.advance(hours=6, minutes=1)

    last = desk.deliver()

    assert first.reason is Reason.ACCOUNT_PENDING
    assert last.what == "invited"


def test_another_source_may_not_invite():
    desk = a_desk(create=CANNOT_ADD, policy=INVITING)

    answer = desk.deliver(a_request(student=FOREIGN, source="office-form"))

    assert answer.reason is Reason.OUTSIDE_DOMAIN
    assert "invite" not in desk.classroom.asked


def test_a_student_who_acts_for_themselves_is_never_invited():
    desk = a_desk(create=CANNOT_ADD, policy=INVITING)

    answer = desk.deliver(a_request(student=FOREIGN, mode="code", enrollment_code="x7gk2p"))

    assert answer.reason is Reason.OUTSIDE_DOMAIN
    assert "invite" not in desk.classroom.asked


@pytest.mark.parametrize(
    ("role", "what"), [("is_student", "already_enrolled"), ("is_teacher", "rejected")]
)
def test_an_invitation_of_somebody_with_a_role_is_read_back(role, what):
    desk = a_desk(create=CANNOT_ADD, invite=InviteAnswer.HAS_ROLE, policy=INVITING, **{role: True})

    answer = desk.deliver(a_request(student=FOREIGN))

    assert answer.what == what


def test_an_invitation_that_nobody_with_a_role_explains_is_that_of_a_disabled_account():
    desk = a_desk(create=CANNOT_ADD, invite=InviteAnswer.HAS_ROLE, policy=INVITING)

    answer = desk.deliver(a_request(student=FOREIGN))

    assert answer.reason is Reason.ACCOUNT_DISABLED


@pytest.mark.parametrize("reason", [Reason.JOIN_LIMIT, Reason.INVITATION_LIMIT])
def test_a_limit_of_the_day_is_tried_again_the_next_day(reason):
    desk = a_desk(create=Unavailable(reason), chance=lambda: 0.0)

    answer = desk.deliver()

    assert answer.acknowledge
    assert desk.entry().not_before - START == timedelta(hours=24)


def test_a_class_at_its_limit_of_the_day_does_not_come_back_in_one_second():
    soonest = a_desk(create=Unavailable(Reason.JOIN_LIMIT), chance=lambda: 0.0)
    latest = a_desk(create=Unavailable(Reason.JOIN_LIMIT), chance=lambda: 1.0)

    soonest.deliver()
    latest.deliver()

    assert latest.entry().not_before - soonest.entry().not_before == timedelta(hours=2.4)


def test_a_limit_of_the_day_does_not_slow_the_pace():
    desk = a_desk(create=Unavailable(Reason.JOIN_LIMIT))
    before = desk.pace.gap

    desk.deliver()

    assert desk.pace.gap == before
