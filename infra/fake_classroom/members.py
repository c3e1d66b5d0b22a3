"""Accounts, courses and invitations: what a school is made of."""

from dataclasses import dataclass, field
from enum import StrEnum
from hashlib import sha256

MEMBER_LIMIT = 1000  # teachers and students of one class, school accounts (help article 7300976)


class AccountState(StrEnum):
    """How an account stands when somebody wants it in a course."""

    ACTIVE = "active"
    DISABLED = "disabled"
    YOUNG = "young"  # just made: Google does not know it everywhere yet
    GROUPS_FULL = "groups_full"
    JOINED_TODAY = "joined_today"  # has joined as many courses as one day allows


class CourseState(StrEnum):
    """The states of the discovery document."""

    ACTIVE = "ACTIVE"
    PROVISIONED = "PROVISIONED"
    ARCHIVED = "ARCHIVED"
    DECLINED = "DECLINED"
    SUSPENDED = "SUSPENDED"


# "You cannot modify it except to change it to a different state" (discovery document).
FROZEN = frozenset({CourseState.ARCHIVED, CourseState.DECLINED, CourseState.SUSPENDED})


class Role(StrEnum):
    """What a person is invited to be, weakest first (discovery document)."""

    STUDENT = "STUDENT"
    TEACHER = "TEACHER"
    OWNER = "OWNER"


@dataclass(frozen=True, kw_only=True)
class Account:
    """One person with an address; a passing state lasts `for_seconds` or `for_calls`."""

    id: str
    email: str
    state: AccountState = AccountState.ACTIVE
    for_seconds: float | None = None
    for_calls: int | None = None

    @property
    def domain(self) -> str:
        """The part behind the @."""
        return self.email.rpartition("@")[2]


@dataclass(kw_only=True)
class Course:
    """One class and who is in it; students remember by which way they came."""

    id: str
    name: str
    owner_id: str
    aliases: tuple[str, ...] = ()
    state: CourseState = CourseState.ACTIVE
    owner_deleted: bool = False
    teachers: dict[str, None] = field(default_factory=dict)
    students: dict[str, str] = field(default_factory=dict)
    member_limit: int = MEMBER_LIMIT
    enrollment_code: str | None = None

    @property
    def is_full(self) -> bool:
        """True if one more member would be too many."""
        return len(self.students) + len(self.teachers) >= self.member_limit

    def has(self, user_id: str) -> bool:
        """True if the person is a student or a teacher here (the owner is a teacher)."""
        return user_id in self.students or user_id in self.teachers


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """A seat kept for somebody who has not accepted it yet."""

    id: str
    course_id: str
    user_id: str
    role: Role


def user_id_for(email: str) -> str:
    """Twenty-one digits that belong to this address for ever, in the form of Google's user ids."""
    return "1" + _digits(f"user {email.lower()}", 20)


def course_id_for(name: str) -> str:
    """Twelve digits that belong to this alias or name for ever, in the form of Google's ids."""
    return "7" + _digits(f"course {name}", 11)


def invitation_id_for(course_id: str, user_id: str) -> str:
    """The id of the one invitation that a user and a course can have."""
    return "9" + _digits(f"invitation {course_id} {user_id}", 15)


def _digits(text: str, count: int) -> str:
    number = int.from_bytes(sha256(text.encode()).digest(), "big")
    return str(number % 10**count).zfill(count)
