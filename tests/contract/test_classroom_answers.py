"""Every method of the Classroom port against a school that answers as Google does."""

import traceback

import pytest

from enrollment.ports import CreateAnswer, InviteAnswer, Misconfigured, Refused, Unavailable
from enrollment.reasons import Reason
from tests.contract.classroom import (
    ADA,
    ADMIN,
    BOB,
    CALLS,
    CODE,
    COURSE,
    FAY,
    PATIENCE,
    TEACHER,
    a_school,
    a_seat,
    outcome,
    trouble_of,
)


@pytest.fixture(params=["v1", "v2"])
def school(request):
    """The same school in both shapes of Google's errors."""
    with a_school(error_format=request.param) as found:
        yield found


def test_the_administrator_adds_a_student(school):
    fake, client = school

    answer = client.create_student(a_seat(), PATIENCE)

    (call,) = fake.log
    assert answer is CreateAnswer.ADDED
    assert (call.method, call.course, call.user) == ("courses.students.create", COURSE, ADA)
    assert (call.subject, call.deed) == (ADMIN, True)


def test_a_student_joins_with_a_code_as_me(school):
    fake, client = school

    answer = client.create_student(a_seat(code=CODE), PATIENCE)

    (call,) = fake.log
    assert answer is CreateAnswer.ADDED
    assert (call.user, call.subject, call.deed) == ("me", ADA, True)
    assert call.user_id == fake.school.account(ADA).id


def test_the_lookups_of_a_student_who_joins_are_made_as_me_too(school):
    fake, client = school
    client.create_student(a_seat(code=CODE), PATIENCE)

    found = client.is_student(a_seat(code=CODE), PATIENCE)
    teaches = client.is_teacher(a_seat(code=CODE), PATIENCE)

    assert (found, teaches) == (True, False)
    assert [(call.user, call.subject) for call in fake.log] == [("me", ADA)] * 3


ADMIN_ADDS = [
    (BOB, COURSE, CreateAnswer.EXISTS),
    (TEACHER, COURSE, CreateAnswer.EXISTS),
    ("none@northside.example", COURSE, CreateAnswer.NOT_FOUND),
    (ADA, "d:none", CreateAnswer.NOT_FOUND),
    (ADA, "712345678901", CreateAnswer.NOT_FOUND),
    (FAY, COURSE, CreateAnswer.CANNOT_ADD),
    ("young@northside.example", COURSE, CreateAnswer.CANNOT_ADD),
    (ADA, "p:abroad", CreateAnswer.FORBIDDEN),
    (ADA, "d:old", (Refused, Reason.COURSE_CLOSED)),
    (ADA, "d:full", (Refused, Reason.COURSE_FULL)),
    (ADA, "d:orphan", (Refused, Reason.OWNER_INACTIVE)),
    ("off@northside.example", COURSE, (Refused, Reason.ACCOUNT_DISABLED)),
    ("full@northside.example", COURSE, (Refused, Reason.STUDENT_OVER_LIMIT)),
    ("busy@northside.example", COURSE, (Unavailable, Reason.JOIN_LIMIT)),
    ("", COURSE, (Refused, Reason.INVALID_REQUEST)),
]


@pytest.mark.parametrize(("student", "course", "expected"), ADMIN_ADDS)
def test_each_refusal_of_a_direct_add_is_told_apart(school, student, course, expected):
    fake, client = school

    assert outcome(client.create_student, a_seat(student, course), PATIENCE) == expected
    assert [call.deed for call in fake.log] == [False]


CODE_JOINS = [
    (a_seat(code="wrong"), CreateAnswer.FORBIDDEN),
    (a_seat(BOB, code=CODE), CreateAnswer.EXISTS),
    (a_seat(TEACHER, code=CODE), CreateAnswer.EXISTS),
    (a_seat(ADA, "d:none", code=CODE), CreateAnswer.NOT_FOUND),
    (a_seat(ADA, "d:old", code=CODE), (Refused, Reason.COURSE_CLOSED)),
    (a_seat(ADA, "d:full", code=CODE), (Refused, Reason.COURSE_FULL)),
    (a_seat("full@northside.example", code=CODE), (Refused, Reason.STUDENT_OVER_LIMIT)),
    (a_seat("busy@northside.example", code=CODE), (Unavailable, Reason.JOIN_LIMIT)),
    (a_seat("off@northside.example", code=CODE), (Refused, Reason.STUDENT_ACCESS)),
]


@pytest.mark.parametrize(("seat", "expected"), CODE_JOINS)
def test_each_refusal_of_a_join_by_code_is_told_apart(school, seat, expected):
    fake, client = school

    assert outcome(client.create_student, seat, PATIENCE) == expected
    assert [call.deed for call in fake.log] == [False]


def test_looking_up_tells_student_teacher_stranger_and_course_apart(school):
    _, client = school
    seats = {
        "student": a_seat(BOB),
        "teacher": a_seat(TEACHER),
        "stranger": a_seat(ADA),
        "nobody": a_seat("none@northside.example"),
        "nowhere": a_seat(BOB, "d:none"),
    }

    found = {
        name: tuple(getattr(client, call)(seat, PATIENCE) for call in CALLS[1:4])
        for name, seat in seats.items()
    }

    assert found == {
        "student": (True, False, True),
        "teacher": (False, True, True),
        "stranger": (False, False, True),
        "nobody": (False, False, True),
        "nowhere": (False, False, False),
    }


@pytest.mark.parametrize("call", CALLS[1:4])
def test_a_lookup_that_is_forbidden_is_not_now(school, call):
    _, client = school

    found = outcome(getattr(client, call), a_seat(ADA, "p:abroad"), PATIENCE)

    assert found == (Unavailable, Reason.NOT_PERMITTED)


INVITATIONS = [
    (a_seat(FAY), InviteAnswer.INVITED),
    (a_seat(BOB), InviteAnswer.HAS_ROLE),
    (a_seat(TEACHER), InviteAnswer.HAS_ROLE),
    (a_seat("none@friend.example"), InviteAnswer.NOT_FOUND),
    (a_seat(FAY, "d:none"), InviteAnswer.NOT_FOUND),
    (a_seat("sam@elsewhere.example"), (Refused, Reason.UNTRUSTED_DOMAIN)),
    (a_seat(FAY, "d:old"), (Refused, Reason.COURSE_CLOSED)),
    (a_seat(FAY, "d:orphan"), (Refused, Reason.OWNER_INACTIVE)),
    (a_seat(FAY, "p:abroad"), (Unavailable, Reason.NOT_PERMITTED)),
]


@pytest.mark.parametrize(("seat", "expected"), INVITATIONS)
def test_each_answer_to_an_invitation_is_told_apart(school, seat, expected):
    _, client = school

    assert outcome(client.invite, seat, PATIENCE) == expected


def test_an_invitation_that_is_there_already_is_an_invitation(school):
    fake, client = school

    answers = [client.invite(a_seat(FAY), PATIENCE) for _ in range(2)]

    assert answers == [InviteAnswer.INVITED] * 2
    assert [call.deed for call in fake.log] == [True, False]


def test_the_invitation_limit_of_the_day_is_not_the_quota_of_the_minute(school):
    _, client = school
    people = (ADA, FAY, "young@northside.example", "busy@northside.example")

    answers = [outcome(client.invite, a_seat(person), PATIENCE) for person in people]

    assert answers == [InviteAnswer.INVITED] * 3 + [(Unavailable, Reason.INVITATION_LIMIT)]


TROUBLES = {
    "ClassroomDisabled": (Misconfigured, Reason.ADMIN_CLASSROOM_OFF),
    "ClassroomApiDisabled": (Misconfigured, Reason.ADMIN_API_OFF),
    "SERVICE_DISABLED": (Misconfigured, Reason.API_DISABLED),
    "ACCESS_TOKEN_SCOPE_INSUFFICIENT": (Misconfigured, Reason.SCOPES_MISSING),
    "UNAUTHENTICATED": (Misconfigured, Reason.CREDENTIALS_REJECTED),
    "away": (Unavailable, Reason.CLASSROOM_DOWN),
}


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("trouble", TROUBLES)
def test_a_lasting_trouble_is_the_same_to_every_method(school, call, trouble):
    fake, client = school
    fake.trouble(trouble)

    assert outcome(getattr(client, call), a_seat(), PATIENCE) == TROUBLES[trouble]
    assert len(fake.log) == 1


STUDENTS_OWN = dict.fromkeys(
    ("ClassroomDisabled", "ClassroomApiDisabled", "UNAUTHENTICATED"),
    (Refused, Reason.STUDENT_ACCESS),
)


@pytest.mark.parametrize(("trouble", "expected"), (TROUBLES | STUDENTS_OWN).items())
def test_trouble_with_a_students_own_access_is_the_students(school, trouble, expected):
    fake, client = school
    fake.trouble(trouble, subject=ADA)

    assert outcome(client.create_student, a_seat(code=CODE), PATIENCE) == expected
    assert client.create_student(a_seat(), PATIENCE) is CreateAnswer.ADDED


def everything_that_goes_wrong(fake, client):
    """What each method says to each seat above, and in each trouble."""
    seats = [a_seat(student, course) for student, course, _ in ADMIN_ADDS]
    seats += [seat for seat, _ in (*CODE_JOINS, *INVITATIONS)]
    for trouble, wanted in [(None, seats), *((each, [a_seat()]) for each in TROUBLES)]:
        fake.trouble(trouble)
        for seat in wanted:
            for call in CALLS:
                yield trouble_of(getattr(client, call), seat, PATIENCE)


def test_no_trouble_names_a_person_or_a_code(school):
    troubles = [each for each in everything_that_goes_wrong(*school) if each is not None]

    assert len(troubles) > 40
    for trouble in troubles:
        told = "".join(traceback.format_exception(trouble, limit=0))
        assert "example" not in trouble.detail + told
        assert CODE not in told
