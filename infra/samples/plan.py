"""A school planned pair by pair: what the fake Classroom starts with, and what becomes of each."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from infra.samples.conditions import (
    ALREADY_ENROLLED,
    ENROLLED,
    FOREIGN,
    TEACHING,
    AccountCondition,
    CourseCondition,
    Json,
    Pair,
)

FILLERS = 3  # members whom a full course already has: enough to be full, few enough to read


def domain_of(student: str) -> str | None:
    """The part behind the `@`; None for a Google user id."""
    _, at, domain = student.rpartition("@")
    return domain if at else None


@dataclass(frozen=True, kw_only=True)
class Plan:
    """Who shall join what, and what is the matter with some of them; no pair has two matters."""

    pairs: tuple[Pair, ...]
    administrator: str
    domains: tuple[str, ...]
    teachers: Mapping[str, tuple[str, ...]]
    trusted_domains: tuple[str, ...] = ()
    titles: Mapping[str, str] = field(default_factory=dict)
    accounts: Mapping[str, AccountCondition] = field(default_factory=dict)
    courses: Mapping[str, CourseCondition] = field(default_factory=dict)
    teaching: frozenset[Pair] = frozenset()
    on_roster: frozenset[Pair] = frozenset()

    @cached_property
    def students(self) -> tuple[str, ...]:
        """Everybody who shall join anything, once each, in order of appearance."""
        return tuple(dict.fromkeys(student for _, student in self.pairs))

    def is_foreign(self, student: str) -> bool:
        """Whether the address lies outside the school's own domains."""
        domain = domain_of(student)
        return domain is not None and domain not in self.domains

    def expected(self) -> dict[Pair, str]:
        """What becomes of each pair once every fault has passed."""
        return {pair: self._outcome(pair) for pair in self.pairs}

    def school(self, *, time_scale: float) -> Json:
        """The school as the fake Classroom reads it."""
        return {
            "domains": list(self.domains),
            "trusted_domains": list(self.trusted_domains),
            "administrator": self.administrator,
            "accounts": list(self._accounts(time_scale)),
            "courses": list(self._courses()),
        }

    def _outcome(self, pair: Pair) -> str:
        matters = list(self._matters(pair))
        if len(matters) > 1:
            fault = f"two things are the matter with one request, so its end is open: {matters}"
            raise ValueError(fault)
        return matters[0] if matters else ENROLLED

    def _matters(self, pair: Pair) -> Iterator[str]:
        course_id, student = pair
        if course_id in self.courses:
            yield self.courses[course_id].outcome
        if student in self.accounts:
            yield self.accounts[student].outcome
        if self.is_foreign(student):
            yield FOREIGN
        if pair in self.teaching:
            yield TEACHING
        if pair in self.on_roster:
            yield ALREADY_ENROLLED

    def _accounts(self, time_scale: float) -> Iterator[Json]:
        staff = (teacher for teachers in self.teachers.values() for teacher in teachers)
        owners = (it.fields["owner"] for it in self.courses.values() if "owner" in it.fields)
        everybody = (self.administrator, *staff, *owners, *self.students, *self._fillers)
        for email in dict.fromkeys(everybody):
            if email in self.accounts:
                account = self.accounts[email].account(email, time_scale=time_scale)
            elif domain_of(email) is None:
                account = {"email": f"user-{email}@{self.domains[0]}", "id": email}
            else:
                account = {"email": email}
            if account is not None:
                yield {"state": "active"} | account

    def _courses(self) -> Iterator[Json]:
        for course_id in dict.fromkeys(course_id for course_id, _ in self.pairs):
            condition = self.courses.get(course_id)
            if condition is None or condition.exists:
                yield self._course(course_id, condition)

    def _course(self, course_id: str, condition: CourseCondition | None) -> Json:
        name = {"id": course_id} if course_id.isdigit() else {"aliases": [course_id]}
        teachers = self.teachers[course_id]
        course: Json = {"aliases": []} | name
        course |= {"name": self.titles.get(course_id, course_id), "owner": teachers[0]}
        course["teachers"] = [*teachers, *_members(self.teaching, course_id)]
        course["students"] = _members(self.on_roster, course_id)
        if condition is None:
            return course
        if condition.full:
            # Teachers count: the limit is on members.
            course |= {"students": list(self._fillers), "member_limit": FILLERS + len(teachers)}
        if condition.fields.get("owner_deleted"):
            course["owner"] = f"departed.owner@{domain_of(self.administrator)}"
        return course | condition.fields

    @cached_property
    def _fillers(self) -> tuple[str, ...]:
        if not any(condition.full for condition in self.courses.values()):
            return ()
        return free_addresses("member", self.domains[0], self.students, count=FILLERS)


def free_addresses(front: str, domain: str, taken: Iterable[str], *, count: int) -> tuple[str, ...]:
    """Addresses `front-1@domain`, `front-2@domain` … that nobody among `taken` has."""
    used = frozenset(taken)
    numbered = (f"{front}-{number}@{domain}" for number in range(1, len(used) + count + 1))
    return tuple(address for address in numbered if address not in used)[:count]


def _members(pairs: Iterable[Pair], course_id: str) -> list[str]:
    return sorted(student for course, student in pairs if course == course_id)
