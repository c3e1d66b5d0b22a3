"""Who may be put where by whom: one row a refusal, the first that applies is Classroom's answer.

The rows follow the error lists of `courses.students.create` and `invitations.create` in the
discovery document and the common-errors page; their order among each other is ours, since
Google does not document it.
"""

from collections.abc import Callable
from dataclasses import dataclass

from infra.fake_classroom import refusals
from infra.fake_classroom.errors import GoogleError
from infra.fake_classroom.members import FROZEN, Account, AccountState, Course, CourseState, Role
from infra.fake_classroom.school import School


@dataclass(frozen=True, kw_only=True)
class Wish:
    """Somebody (subject) wants a person in a course; `person` is None if no account is known."""

    school: School
    subject: Account
    course: Course
    user: str
    person: Account | None
    now: float
    code: str | None = None
    role: Role = Role.STUDENT

    @property
    def by_administrator(self) -> bool:
        """True if the one administrator asks."""
        return self.subject.id == self.school.administrator.id

    @property
    def by_teacher(self) -> bool:
        """True if a teacher of this very course asks."""
        return self.subject.id in self.course.teachers

    @property
    def for_oneself(self) -> bool:
        """True if the subject wants in, by whichever identifier."""
        return self.person is not None and self.person.id == self.subject.id

    def person_is(self, state: AccountState) -> bool:
        """True if the account stands like that."""
        return self.person is not None and self.person.state is state

    def person_is_still(self, state: AccountState) -> bool:
        """True if the account stands like that and has not been asked for long enough."""
        person = self.person
        if person is None or person.state is not state:
            return False
        return self.school.still_in_its_state(person, self.now)


Row = tuple[Callable[[Wish], bool], GoogleError]


def _owner_is_elsewhere(wish: Wish) -> bool:
    return not wish.school.is_own(wish.school.accounts[wish.course.owner_id].domain)


def _already_has_role(wish: Wish) -> bool:
    if wish.person is None:
        return False
    return wish.person.id in wish.course.teachers or (
        wish.role is Role.STUDENT and wish.person.id in wish.course.students
    )


def _is_untrusted(wish: Wish) -> bool:
    domain = wish.school.domain_of(wish.user, me=wish.subject)
    return domain != "" and not wish.school.is_trusted(domain)


_THE_COURSE: tuple[Row, ...] = (
    (lambda w: w.course.state in FROZEN, refusals.COURSE_NOT_MODIFIABLE),
    (lambda w: w.course.owner_deleted, refusals.INACTIVE_OWNER),
)
_THE_SEAT: tuple[Row, ...] = (
    (lambda w: w.person_is(AccountState.DISABLED), refusals.PRECONDITION),
    (lambda w: w.person_is(AccountState.GROUPS_FULL), refusals.GROUPS_FULL),
    (lambda w: w.person_is_still(AccountState.JOINED_TODAY), refusals.JOINED_TODAY),
    (lambda w: w.course.is_full, refusals.COURSE_FULL),
)
_IS_MEMBER: Row = (
    lambda w: w.person is not None and w.course.has(w.person.id),
    refusals.ALREADY_EXISTS,
)

BY_THE_ADMINISTRATOR: tuple[Row, ...] = (
    # "… and the course owner is in the admin's domain" (manage-users guide)
    (_owner_is_elsewhere, refusals.FORBIDDEN),
    *_THE_COURSE,
    _IS_MEMBER,
    (lambda w: w.school.is_foreign(w.user, me=w.subject), refusals.CANNOT_DIRECT_ADD),
    (lambda w: w.person is None, refusals.NOT_FOUND),
    (lambda w: w.person_is_still(AccountState.YOUNG), refusals.CANNOT_DIRECT_ADD),
    *_THE_SEAT,
)
WITH_A_CODE: tuple[Row, ...] = (
    # "Teachers can't directly add users", students only themselves (manage-users guide)
    (lambda w: not w.for_oneself, refusals.FORBIDDEN),
    (lambda w: w.code is None or w.code != w.course.enrollment_code, refusals.FORBIDDEN),
    # accessible by the primary teacher and domain administrators only (discovery document)
    (lambda w: w.course.state is CourseState.PROVISIONED, refusals.FORBIDDEN),
    (_is_untrusted, refusals.FORBIDDEN),
    *_THE_COURSE,
    _IS_MEMBER,
    *_THE_SEAT,
)
BY_INVITATION: tuple[Row, ...] = (
    (lambda w: not (w.by_administrator or w.by_teacher), refusals.FORBIDDEN),
    (lambda w: w.by_administrator and _owner_is_elsewhere(w), refusals.FORBIDDEN),
    *_THE_COURSE,
    (_is_untrusted, refusals.UNTRUSTED_DOMAIN),
    (lambda w: w.person is None, refusals.NOT_FOUND),
    (lambda w: w.person_is(AccountState.DISABLED), refusals.PRECONDITION),
    (
        lambda w: w.role is Role.OWNER and not _already_has_role(w),
        refusals.INELIGIBLE_OWNER,
    ),
    (lambda w: w.role is not Role.OWNER and _already_has_role(w), refusals.PRECONDITION),
    (
        lambda w: w.person is not None and w.school.has_invited(w.course, w.person),
        refusals.ALREADY_EXISTS,
    ),
    (
        lambda w: not w.school.may_invite(w.subject, w.now),
        refusals.INVITATIONS_EXHAUSTED,
    ),
)


def refusal(wish: Wish, rows: tuple[Row, ...]) -> GoogleError | None:
    """The first row that applies, or None if the wish may be granted."""
    return next((error for applies, error in rows if applies(wish)), None)
