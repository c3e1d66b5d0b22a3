"""A school that remembers: people, courses, rosters and invitations, without any IO."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Self

from infra.fake_classroom import school_builder, school_file
from infra.fake_classroom.members import (
    Account,
    AccountState,
    Course,
    Invitation,
    Role,
    invitation_id_for,
)

DAY = 86_400.0  # seconds; "waits one day before joining" (common-errors page)
INVITATIONS_A_DAY = 500  # by one teacher of a school (help article 7300976)
YOUNG_FOR_CALLS = 2  # where a file does not say how long a young account stays unknown


class School:
    """The state of the fake; every method is quick and pure, and the caller holds the lock."""

    def __init__(
        self,
        *,
        domains: Iterable[str],
        administrator: Account,
        accounts: Iterable[Account] = (),
        courses: Sequence[Course] = (),
        trusted_domains: Iterable[str] = (),
        invitation_quota: int = INVITATIONS_A_DAY,
        day_seconds: float = DAY,
    ) -> None:
        self.domains = tuple(domains)
        self.trusted_domains = tuple(trusted_domains)
        self.administrator = administrator
        self.invitation_quota = invitation_quota
        self.day_seconds = day_seconds
        self.accounts = {a.id: a for a in (administrator, *accounts)}
        self.courses = {course.id: course for course in courses}
        self.invitations: dict[str, Invitation] = {}
        self.revision = 0  # grows with every change of a roster
        self._by_email = {account.email: account for account in self.accounts.values()}
        self._by_alias = {name: course for course in courses for name in course.aliases}
        self._asked: dict[str, tuple[float, int]] = {}
        self._invited: dict[str, list[float]] = {}

    @classmethod
    def from_json(cls, document: Mapping[str, Any]) -> Self:
        """The school that a file describes; raises SchoolFileError with every mistake and place."""
        return cls(**school_builder.parts(document))

    def account(self, user: str, *, me: Account | None = None) -> Account | None:
        """The person behind a numeric id, an address in any case, or `me`."""
        if user == "me":
            return me
        return self.accounts.get(user) or self._by_email.get(user.lower())

    def course(self, name: str) -> Course | None:
        """The course behind a numeric id or an alias."""
        return self.courses.get(name) or self._by_alias.get(name)

    def is_own(self, domain: str) -> bool:
        """True for the domains that the administrator administers."""
        return domain in self.domains

    def domain_of(self, user: str, *, me: Account | None = None) -> str:
        """The domain of an account, or of an address that nobody here has; "" for unknown ids."""
        account = self.account(user, me=me)
        return account.domain if account else user.lower().rpartition("@")[2] if "@" in user else ""

    def is_foreign(self, user: str, *, me: Account | None = None) -> bool:
        """True if the person is known to belong to somebody else's domain."""
        domain = self.domain_of(user, me=me)
        return domain != "" and not self.is_own(domain)

    def is_trusted(self, domain: str) -> bool:
        """True for the own domains and those on the allow-list."""
        return self.is_own(domain) or domain in self.trusted_domains

    def still_in_its_state(self, account: Account, now: float) -> bool:
        """Ask for somebody once more; False when the passing state is over."""
        since, calls = self._asked.get(account.id, (now, 0))
        self._asked[account.id] = (since, calls + 1)
        seconds, count = self._patience(account)
        over_time = seconds is not None and now - since >= seconds
        over_calls = count is not None and calls >= count
        return not (over_time or over_calls)

    def _patience(self, account: Account) -> tuple[float | None, int | None]:
        given = (account.for_seconds, account.for_calls)
        if given != (None, None):
            return given
        return {
            AccountState.YOUNG: (None, YOUNG_FOR_CALLS),
            AccountState.JOINED_TODAY: (self.day_seconds, None),
        }.get(account.state, given)

    def enroll(self, course: Course, account: Account, *, via: str) -> None:
        """Put somebody on the roster; an open invitation has then served its purpose."""
        course.students[account.id] = via
        self.invitations.pop(invitation_id_for(course.id, account.id), None)
        self.revision += 1

    def may_invite(self, subject: Account, now: float) -> bool:
        """True while the acting user has sent fewer invitations than one day allows."""
        recent = [at for at in self._invited.get(subject.id, []) if now - at < self.day_seconds]
        self._invited[subject.id] = recent
        return len(recent) < self.invitation_quota

    def has_invited(self, course: Course, account: Account) -> bool:
        """True if a seat is kept: one invitation for a user and a course (discovery document)."""
        return invitation_id_for(course.id, account.id) in self.invitations

    def invite(
        self, subject: Account, course: Course, account: Account, role: Role, now: float
    ) -> Invitation:
        """Keep a seat for somebody, against the inviter's day."""
        name = invitation_id_for(course.id, account.id)
        invitation = Invitation(id=name, course_id=course.id, user_id=account.id, role=role)
        self.invitations[name] = invitation
        self._invited.setdefault(subject.id, []).append(now)
        self.revision += 1
        return invitation

    def roster(self) -> dict[str, list[list[str]]]:
        """Everybody who sits in a course or is invited to one."""
        emails = {account.id: account.email for account in self.accounts.values()}
        return {
            "students": [
                [course.id, user, emails[user], via]
                for course in self.courses.values()
                for user, via in course.students.items()
            ],
            "invitations": [
                [seat.course_id, seat.user_id, emails[seat.user_id], seat.role.value]
                for seat in self.invitations.values()
            ],
        }

    def to_json(self) -> dict[str, Any]:
        """The school as a file that `from_json` reads, rosters as they stand."""
        return school_file.document(self)
