"""The ten methods: what each asks of the school and how it shows the answer."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from infra.fake_classroom import admission, refusals, resources
from infra.fake_classroom.admission import Wish
from infra.fake_classroom.checks import Json
from infra.fake_classroom.errors import GoogleError, Refusal
from infra.fake_classroom.members import Account, Course, CourseState, Role
from infra.fake_classroom.pages import page
from infra.fake_classroom.school import School


@dataclass(frozen=True, kw_only=True)
class Question:
    """One checked call on its way to the school."""

    subject: Account
    now: float
    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)


def _found_course(school: School, name: str, otherwise: GoogleError) -> Course:
    course = school.course(name)
    if course is None:
        raise Refusal(otherwise)
    return course


def _visible_course(school: School, ask: Question, name: str) -> Course:
    """The course if the subject may look at it; a stranger's course answers a bare 403."""
    course = _found_course(school, name, refusals.NOT_FOUND)
    subject = ask.subject
    by_owner = subject.id == course.owner_id
    by_member = course.has(subject.id) and (
        subject.id in course.teachers or course.state is not CourseState.PROVISIONED
    )
    by_administrator = subject.id == school.administrator.id and school.is_own(
        school.accounts[course.owner_id].domain
    )
    # "only the user identified by the owner_id can view the course" (discovery document)
    hidden = course.state is CourseState.SUSPENDED and not by_owner
    if hidden or not (by_owner or by_member or by_administrator):
        raise Refusal(refusals.FORBIDDEN)
    return course


def get_course(school: School, ask: Question) -> Json:
    """courses.get."""
    course = _visible_course(school, ask, ask.path["id"])
    with_code = ask.subject.id in course.teachers or ask.subject.id == school.administrator.id
    return resources.course(course, with_code=with_code)


def create_student(school: School, ask: Question) -> Json:
    """courses.students.create."""
    if not ask.body.get("userId"):
        raise Refusal(refusals.INVALID_ARGUMENT)
    course = _found_course(school, ask.path["courseId"], refusals.COURSE_NOT_FOUND)
    wish = _wish(school, ask, course, Role.STUDENT)
    by_administrator = wish.by_administrator
    rows = admission.BY_THE_ADMINISTRATOR if by_administrator else admission.WITH_A_CODE
    account = _admitted(wish, rows)
    school.enroll(course, account, via="admin" if by_administrator else "code")
    return resources.student(course, account)


def create_invitation(school: School, ask: Question) -> Json:
    """invitations.create."""
    role = ask.body.get("role")
    if not ask.body.get("userId") or not ask.body.get("courseId") or role not in set(Role):
        raise Refusal(refusals.INVALID_ARGUMENT)
    course = _found_course(school, ask.body["courseId"], refusals.NOT_FOUND)
    wish = _wish(school, ask, course, Role(role))
    account = _admitted(wish, admission.BY_INVITATION)
    return resources.invitation(school.invite(ask.subject, course, account, wish.role, ask.now))


def _wish(school: School, ask: Question, course: Course, role: Role) -> Wish:
    user = ask.body["userId"]
    return Wish(
        school=school,
        subject=ask.subject,
        course=course,
        user=user,
        person=school.account(user, me=ask.subject),
        now=ask.now,
        code=ask.query.get("enrollmentCode"),
        role=role,
    )


def _admitted(wish: Wish, rows: tuple[admission.Row, ...]) -> Account:
    error = admission.refusal(wish, rows)
    if error is not None or wish.person is None:
        raise Refusal(error or refusals.NOT_FOUND)
    return wish.person


def get_student(school: School, ask: Question) -> Json:
    """courses.students.get."""
    course = _visible_course(school, ask, ask.path["courseId"])
    return resources.student(course, _member(school, ask, course.students))


def get_teacher(school: School, ask: Question) -> Json:
    """courses.teachers.get."""
    course = _visible_course(school, ask, ask.path["courseId"])
    return resources.teacher(course, _member(school, ask, course.teachers))


def _member(school: School, ask: Question, members: Iterable[str]) -> Account:
    account = school.account(ask.path["userId"], me=ask.subject)
    if account is None or account.id not in members:
        raise Refusal(refusals.NOT_FOUND)
    return account


def list_students(school: School, ask: Question) -> Json:
    """courses.students.list, 30 a page by default (discovery document)."""
    course = _visible_course(school, ask, ask.path["courseId"])
    users, more = page(course.students, ask.query, default=30)
    return _listing(
        "students", [resources.student(course, school.accounts[u]) for u in users], more
    )


def list_teachers(school: School, ask: Question) -> Json:
    """courses.teachers.list, 30 a page by default (discovery document)."""
    course = _visible_course(school, ask, ask.path["courseId"])
    users, more = page(course.teachers, ask.query, default=30)
    return _listing(
        "teachers", [resources.teacher(course, school.accounts[u]) for u in users], more
    )


def get_invitation(school: School, ask: Question) -> Json:
    """invitations.get."""
    seat = school.invitations.get(ask.path["id"])
    if seat is None:
        raise Refusal(refusals.NOT_FOUND)
    if seat.user_id != ask.subject.id:
        _visible_course(school, ask, seat.course_id)
    return resources.invitation(seat)


def list_invitations(school: School, ask: Question) -> Json:
    """invitations.list, by course or user or both, 500 a page by default (discovery document)."""
    course_name, user = ask.query.get("courseId"), ask.query.get("userId")
    if not course_name and not user:
        raise Refusal(refusals.INVALID_ARGUMENT)
    course = school.course(course_name) if course_name else None
    account = school.account(user, me=ask.subject) if user else None
    matching = (
        seat
        for seat in school.invitations.values()
        if (not course_name or (course is not None and seat.course_id == course.id))
        and (not user or (account is not None and seat.user_id == account.id))
    )
    seats, more = page(matching, ask.query, default=500)
    return _listing("invitations", [resources.invitation(seat) for seat in seats], more)


def _listing(name: str, items: list[Json], more: Mapping[str, str]) -> Json:
    """A page; an empty list is left out, as in all JSON of Google's."""
    return ({name: items} if items else {}) | dict(more)


def get_profile(school: School, ask: Question) -> Json:
    """userProfiles.get, which answers 403 for people who do not exist (discovery document)."""
    account = school.account(ask.path["userId"], me=ask.subject)
    by_administrator = ask.subject.id == school.administrator.id
    if account is None or not (
        account.id == ask.subject.id or (by_administrator and school.is_own(account.domain))
    ):
        raise Refusal(refusals.FORBIDDEN)
    return resources.profile(account)


METHODS: Mapping[str, Callable[[School, Question], Json]] = {
    "courses.get": get_course,
    "courses.students.create": create_student,
    "courses.students.get": get_student,
    "courses.students.list": list_students,
    "courses.teachers.get": get_teacher,
    "courses.teachers.list": list_teachers,
    "invitations.create": create_invitation,
    "invitations.get": get_invitation,
    "invitations.list": list_invitations,
    "userProfiles.get": get_profile,
}
