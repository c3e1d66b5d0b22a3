"""invitations.*: a seat kept for somebody."""

import pytest

from infra.fake_classroom.school import School
from tests.infra.fake_classroom.builders import ADA, TEACHER, a_document, a_school, add, ask, invite

FRIEND = "fay@friend.example"
STRANGER = "sam@elsewhere.example"
OFF = "off@northside.example"
PEOPLE = ({"email": FRIEND}, {"email": STRANGER}, {"email": OFF, "state": "disabled"})


@pytest.mark.parametrize("subject", ["admin@northside.example", TEACHER])
def test_a_friend_is_invited_by_administrator_or_teacher(subject):
    school = a_school(*PEOPLE)

    seat = invite(school, FRIEND, subject=subject)

    assert seat["userId"] == school.account(FRIEND).id
    assert school.roster()["invitations"] == [[seat["courseId"], seat["userId"], FRIEND, "STUDENT"]]


@pytest.mark.parametrize(
    ("user", "role", "course", "answer"),
    [
        (STRANGER, "STUDENT", {}, "403 CannotInviteUserInUntrustedDomain"),
        ("new@elsewhere.example", "STUDENT", {}, "403 CannotInviteUserInUntrustedDomain"),
        ("nobody@friend.example", "STUDENT", {}, "404 NOT_FOUND"),
        (OFF, "STUDENT", {}, "400 FAILED_PRECONDITION"),
        (ADA, "STUDENT", {"students": [ADA]}, "400 FAILED_PRECONDITION"),
        (TEACHER, "STUDENT", {}, "400 FAILED_PRECONDITION"),
        (ADA, "OWNER", {}, "400 IneligibleOwner"),
        (ADA, "COURSE_ROLE_UNSPECIFIED", {}, "400 INVALID_ARGUMENT"),
        (ADA, "STUDENT", {"state": "ARCHIVED"}, "400 CourseNotModifiable"),
        (ADA, "STUDENT", {"owner": "o@elsewhere.example"}, "403 PERMISSION_DENIED"),
    ],
)
def test_a_refused_invitation_keeps_no_seat(user, role, course, answer):
    school = a_school(*PEOPLE, **course)

    said = invite(school, user, role=role)

    assert said == answer
    assert school.roster()["invitations"] == []


def test_a_user_and_a_course_have_one_invitation():
    school = a_school()
    first = invite(school, ADA)

    second = invite(school, ADA.upper())

    assert second == "409 ALREADY_EXISTS"
    assert ask(school, "invitations.get", path={"id": first["id"]}) == first


def test_an_invitation_ends_when_its_person_is_added():
    school = a_school()
    seat = invite(school, ADA)

    add(school, ADA)

    assert ask(school, "invitations.get", path={"id": seat["id"]}) == "404 NOT_FOUND"


def test_a_day_allows_so_many_invitations_and_the_next_day_as_many_again():
    document = a_document(*PEOPLE, {"email": "b@friend.example"})
    school = School.from_json(document | {"invitation_quota": 1, "day_seconds": 24})

    users = (FRIEND, "b@friend.example", "b@friend.example")
    answers = [invite(school, user, now=now) for user, now in zip(users, (0, 23, 24), strict=True)]

    assert answers[1] == "429 UserInvitationQuotaExhausted"
    assert "id" in answers[2]


def test_invitations_are_listed_by_course_or_by_person_and_never_all():
    school = a_school(*PEOPLE)
    seat = invite(school, FRIEND)
    queries = ({"courseId": "d:math 101/a"}, {"userId": FRIEND}, {"userId": ADA}, {})

    answers = [ask(school, "invitations.list", query=query) for query in queries]

    assert answers == [{"invitations": [seat]}, {"invitations": [seat]}, {}, "400 INVALID_ARGUMENT"]
