"""courses.students.create by the administrator: one row a refusal."""

import pytest

from tests.infra.fake_classroom.builders import ADA, ADMIN, TEACHER, a_school, add, ask

GUEST = "guest@elsewhere.example"


@pytest.mark.parametrize(
    ("course", "account", "user", "answer"),
    [
        ({"state": "ARCHIVED"}, {}, ADA, "400 CourseNotModifiable"),
        ({"state": "DECLINED"}, {}, ADA, "400 CourseNotModifiable"),
        ({"state": "SUSPENDED"}, {}, ADA, "400 CourseNotModifiable"),
        ({"owner_deleted": True}, {}, ADA, "400 InactiveCourseOwner"),
        ({"owner": "o@elsewhere.example"}, {}, ADA, "403 PERMISSION_DENIED"),
        ({"member_limit": 1}, {}, ADA, "400 CourseMemberLimitReached"),
        ({"students": [ADA]}, {}, ADA, "409 ALREADY_EXISTS"),
        ({}, {}, TEACHER, "409 ALREADY_EXISTS"),
        ({}, {"state": "disabled"}, "x@northside.example", "400 FAILED_PRECONDITION"),
        (
            {},
            {"state": "groups_full"},
            "x@northside.example",
            "400 UserGroupsMembershipLimitReached",
        ),
        (
            {},
            {"state": "joined_today"},
            "x@northside.example",
            "429 UserCourseJoinRateLimitReached",
        ),
        ({}, {"state": "young"}, "x@northside.example", "403 CannotDirectAddUser"),
        ({}, {}, GUEST, "403 CannotDirectAddUser"),
        ({}, {}, "nobody@northside.example", "404 NOT_FOUND"),
        ({}, {}, "100000000000000000001", "404 NOT_FOUND"),
        ({}, {}, "", "400 INVALID_ARGUMENT"),
    ],
)
def test_a_refused_add_leaves_the_roster_alone(course, account, user, answer):
    school = a_school({"email": "x@northside.example", **account}, **course)
    before = school.roster()

    said = add(school, user)

    assert said == answer
    assert school.roster() == before


def test_a_course_that_does_not_exist_has_its_own_code_on_create_only():
    school = a_school()

    create = ask(
        school, "courses.students.create", path={"courseId": "d:none"}, body={"userId": ADA}
    )
    read = ask(school, "courses.students.list", path={"courseId": "d:none"})

    assert create == "404 CourseNotFound"
    assert read == "404 NOT_FOUND"


def test_an_answer_carries_numeric_ids_and_neither_alias_nor_address():
    school = a_school()

    student = add(school)

    assert student["courseId"].isdecimal()
    assert student["userId"].isdecimal()
    assert "@" not in str(student)


@pytest.mark.parametrize("state", ["ACTIVE", "PROVISIONED"])
def test_the_administrator_may_add_while_the_course_can_be_modified(state):
    school = a_school(state=state)

    assert "userId" in add(school)


def test_one_person_is_one_member_by_whichever_identifier():
    school = a_school()
    number = add(school, "ADA@northside.example")["userId"]

    again = [add(school, ADA), add(school, number), add(school, "me"), add(school, ADMIN)]

    assert again[:2] == ["409 ALREADY_EXISTS"] * 2
    assert again[2]["userId"] == school.administrator.id
    assert again[3] == "409 ALREADY_EXISTS"


def test_a_young_account_is_known_after_as_many_calls_as_it_says():
    school = a_school({"email": "x@northside.example", "state": "young", "for_calls": 2})

    answers = [add(school, "x@northside.example") for _ in range(3)]

    assert answers[:2] == ["403 CannotDirectAddUser"] * 2
    assert "userId" in answers[2]


@pytest.mark.parametrize(
    ("state", "answer"),
    [("young", "403 CannotDirectAddUser"), ("joined_today", "429 UserCourseJoinRateLimitReached")],
)
def test_a_passing_state_is_over_as_many_seconds_after_the_first_call_as_it_says(state, answer):
    school = a_school({"email": "x@northside.example", "state": state, "for_seconds": 30})

    answers = [add(school, "x@northside.example", now=now) for now in (100, 129, 130)]

    assert answers[:2] == [answer] * 2
    assert "userId" in answers[2]
