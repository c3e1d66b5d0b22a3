"""From a school file that fits to the people and courses that it speaks of."""

from collections.abc import Mapping
from typing import Any

from infra.fake_classroom.members import (
    Account,
    AccountState,
    Course,
    CourseState,
    course_id_for,
    user_id_for,
)
from infra.fake_classroom.school_file import Problem, SchoolFileError, problems

_AS_THEY_ARE = ("trusted_domains", "invitation_quota", "day_seconds")


def parts(document: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of `School(…)`; raises SchoolFileError with every mistake and its place."""
    found = tuple(problems(document))
    if found:
        raise SchoolFileError(found)
    builder = _Builder(document)
    builder.build()
    if builder.problems:
        raise SchoolFileError(tuple(builder.problems))
    return {
        "domains": [domain.lower() for domain in document["domains"]],
        "administrator": builder.people[document["administrator"].lower()],
        "accounts": tuple(builder.people.values()),
        "courses": tuple(builder.courses),
        **{name: document[name] for name in _AS_THEY_ARE if name in document},
    }


class _Builder:
    """Gathers people first, then courses; whoever only a course names is an active account."""

    def __init__(self, document: Mapping[str, Any]) -> None:
        self.people: dict[str, Account] = {}
        self.courses: list[Course] = []
        self.problems: list[Problem] = []
        self._document = document
        self._taken: set[str] = set()

    def build(self) -> None:
        for index, entry in enumerate(self._document.get("accounts", [])):
            self._add_account(entry, f"accounts[{index}]")
        administrator = self._person(self._document["administrator"])
        domains = {domain.lower() for domain in self._document["domains"]}
        if administrator.domain not in domains:
            self.problems.append(Problem("administrator", "is not in one of the domains"))
        for index, entry in enumerate(self._document.get("courses", [])):
            self._add_course(entry, f"courses[{index}]")

    def _add_account(self, entry: Mapping[str, Any], place: str) -> None:
        email = entry["email"].lower()
        if email in self.people:
            self.problems.append(Problem(f"{place}.email", "is used twice"))
            return
        account = Account(
            id=entry.get("id", user_id_for(email)),
            email=email,
            state=AccountState(entry.get("state", AccountState.ACTIVE)),
            for_seconds=entry.get("for_seconds"),
            for_calls=entry.get("for_calls"),
        )
        self._take(f"user {account.id}", f"{place}.id")
        self.people[email] = account

    def _person(self, email: str) -> Account:
        email = email.lower()
        if email not in self.people:
            self.people[email] = Account(id=user_id_for(email), email=email)
        return self.people[email]

    def _add_course(self, entry: Mapping[str, Any], place: str) -> None:
        aliases = tuple(entry.get("aliases", ()))
        name = entry.get("name") or (aliases[0].partition(":")[2] if aliases else entry.get("id"))
        owner = self._person(entry.get("owner", self._document["administrator"]))
        teachers = [owner, *map(self._person, entry.get("teachers", []))]
        students = map(self._person, entry.get("students", []))
        optional = ("owner_deleted", "member_limit", "enrollment_code")
        course = Course(
            id=entry.get("id") or course_id_for(aliases[0] if aliases else str(name)),
            name=str(name),
            owner_id=owner.id,
            aliases=aliases,
            state=CourseState(entry.get("state", CourseState.ACTIVE)),
            # "The owner … is added as a teacher" (discovery document, courses.create)
            teachers={teacher.id: None for teacher in teachers},
            students={student.id: "school" for student in students},
            **{key: entry[key] for key in optional if key in entry},
        )
        self._take(f"course {course.id}", f"{place}.id")
        for index, alias in enumerate(aliases):
            self._take(f"course {alias}", f"{place}.aliases[{index}]")
        if course.teachers.keys() & course.students.keys():
            self.problems.append(Problem(f"{place}.students", "one of them is a teacher here"))
        self.courses.append(course)

    def _take(self, name: str, place: str) -> None:
        if name in self._taken:
            self.problems.append(Problem(place, "is used twice"))
        self._taken.add(name)
