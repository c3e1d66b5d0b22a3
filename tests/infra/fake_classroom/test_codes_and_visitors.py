"""Who else may do and see what: students with a code, teachers, strangers."""

import pytest

from tests.infra.fake_classroom.builders import ADA, ADMIN, TEACHER, a_school, add, ask

CODE = "abc123"
BOB = "bob@northside.example"
COURSE = {"courseId": "d:math 101/a"}


@pytest.mark.parametrize("user", ["me", ADA, "Ada@Northside.Example"])
def test_a_student_joins_with_the_code(user):
    school = a_school(enrollment_code=CODE)

    student = add(school, user, code=CODE, subject=ADA)

    assert student["userId"] == school.account(ADA).id
    assert school.roster()["students"][0][3] == "code"


@pytest.mark.parametrize(
    ("subject", "user", "code", "course"),
    [
        pytest.param(ADA, "me", None, {}, id="without a code"),
        pytest.param(ADA, "me", "wrong", {}, id="with a wrong code"),
        pytest.param(ADA, "me", CODE, {"state": "PROVISIONED"}, id="before the course is open"),
        pytest.param(ADA, BOB, CODE, {}, id="for somebody else"),
        pytest.param(TEACHER, BOB, CODE, {}, id="as a teacher"),
        pytest.param("x@elsewhere.example", "me", CODE, {}, id="from an untrusted domain"),
    ],
)
def test_nobody_joins_like_that(subject, user, code, course):
    school = a_school(
        {"email": BOB}, {"email": "x@elsewhere.example"}, enrollment_code=CODE, **course
    )

    assert add(school, user, code=code, subject=subject) == "403 PERMISSION_DENIED"


def test_a_student_of_the_course_who_joins_again_is_there_already():
    school = a_school(enrollment_code=CODE, students=[ADA])

    assert add(school, "me", code=CODE, subject=ADA) == "409 ALREADY_EXISTS"


@pytest.mark.parametrize(
    ("subject", "course", "answer"),
    [
        (ADMIN, {}, "seen"),
        (TEACHER, {}, "seen"),
        (ADA, {}, "403 PERMISSION_DENIED"),
        (ADA, {"students": [ADA]}, "seen"),
        (ADA, {"students": [ADA], "state": "PROVISIONED"}, "403 PERMISSION_DENIED"),
        (ADMIN, {"owner": "o@elsewhere.example"}, "403 PERMISSION_DENIED"),
        (ADMIN, {"state": "SUSPENDED"}, "403 PERMISSION_DENIED"),
        (TEACHER, {"state": "SUSPENDED"}, "seen"),
    ],
)
def test_a_course_shows_itself_to_its_members_and_their_administrator(subject, course, answer):
    school = a_school(**course)

    said = ask(school, "courses.get", path={"id": "d:math 101/a"}, subject=subject)

    assert (said if isinstance(said, str) else "seen") == answer


def test_roles_are_read_by_role():
    school = a_school(students=[ADA])

    answers = {
        (role, user): ask(school, f"courses.{role}.get", path=COURSE | {"userId": user})
        for role in ("students", "teachers")
        for user in (ADA, TEACHER, "nobody@northside.example")
    }

    found = {asked for asked, answer in answers.items() if answer != "404 NOT_FOUND"}
    assert found == {("students", ADA), ("teachers", TEACHER)}


def test_a_list_comes_in_pages_that_miss_nobody():
    pupils = [f"p{n:02}@northside.example" for n in range(65)]
    school = a_school(students=pupils)
    seen, query, sizes = [], {}, []

    while True:
        answer = ask(school, "courses.students.list", path=COURSE, query=query)
        sizes.append(len(answer["students"]))
        seen += [student["userId"] for student in answer["students"]]
        if "nextPageToken" not in answer:
            break
        query = {"pageToken": answer["nextPageToken"]}

    assert sizes == [30, 30, 5]
    assert seen == [school.account(pupil).id for pupil in pupils]


@pytest.mark.parametrize("query", [{"pageSize": "-1"}, {"pageToken": "?"}, {"pageToken": "LTU="}])
def test_a_page_that_cannot_be_is_an_invalid_argument(query):
    school = a_school()

    said = ask(school, "courses.students.list", path=COURSE, query=query)

    assert said == "400 INVALID_ARGUMENT"


@pytest.mark.parametrize(
    ("subject", "user", "answer"),
    [
        (ADMIN, ADA, "seen"),
        (ADA, "me", "seen"),
        (ADA, TEACHER, "403 PERMISSION_DENIED"),
        (ADMIN, "nobody@northside.example", "403 PERMISSION_DENIED"),
    ],
)
def test_a_profile_that_is_missing_or_not_ones_own_is_forbidden(subject, user, answer):
    school = a_school()

    said = ask(school, "userProfiles.get", path={"userId": user}, subject=subject)

    assert (said if isinstance(said, str) else "seen") == answer
