"""A school as JSON: what may stand in the file, and what is wrong with one that does not fit."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from infra.fake_classroom.members import AccountState, CourseState

if TYPE_CHECKING:
    from infra.fake_classroom.school import School

Check = Callable[[object], str | None]
ALIAS_LENGTH = 256  # characters (discovery document, CourseAlias)


@dataclass(frozen=True)
class Problem:
    """One mistake in a school file; says the place and never the value, which may be an address."""

    place: str
    text: str

    def __str__(self) -> str:
        return f"{self.place}: {self.text}"


class SchoolFileError(ValueError):
    """The file does not describe a school; `problems` has every mistake with its place."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        super().__init__("the school file is wrong: " + "; ".join(map(str, problems)))
        self.problems = problems


def _pattern(pattern: str, otherwise: str) -> Check:
    compiled = re.compile(pattern)
    return lambda value: None if isinstance(value, str) and compiled.fullmatch(value) else otherwise


def _one_of(states: type[StrEnum]) -> Check:
    return lambda value: None if value in set(states) else f"must be one of {', '.join(states)}"


def _number(value: object) -> str | None:
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    return None if is_number and float(str(value)) >= 0 else "must be a number, at least 0"


def _count(value: object) -> str | None:
    is_count = isinstance(value, int) and not isinstance(value, bool) and value >= 0
    return None if is_count else "must be a whole number, at least 0"


def _flag(value: object) -> str | None:
    return None if isinstance(value, bool) else "must be true or false"


EMAIL = _pattern(r"[^@\s]+@[^@\s]+", "must be an e-mail address")
DOMAIN = _pattern(r"[^@\s]+", "must be a domain")
DIGITS = _pattern(r"\d+", "must be a string of digits")
TEXT = _pattern(r"(?s:.+)", "must be a string that is not empty")
ALIAS = _pattern(rf"[dp]:.{{1,{ALIAS_LENGTH - 2}}}", "must be an alias: d:… or p:…")

# A name ending in [] holds a list of the thing.
SCHOOL: Mapping[str, Check] = {
    "domains[]": DOMAIN,
    "administrator": EMAIL,
    "trusted_domains[]": DOMAIN,
    "invitation_quota": _count,
    "day_seconds": _number,
    "accounts[]": lambda _: None,
    "courses[]": lambda _: None,
}
ACCOUNT: Mapping[str, Check] = {
    "email": EMAIL,
    "id": DIGITS,
    "state": _one_of(AccountState),
    "for_seconds": _number,
    "for_calls": _count,
}
COURSE: Mapping[str, Check] = {
    "id": DIGITS,
    "name": TEXT,
    "aliases[]": ALIAS,
    "state": _one_of(CourseState),
    "owner": EMAIL,
    "owner_deleted": _flag,
    "teachers[]": EMAIL,
    "students[]": EMAIL,
    "member_limit": _count,
    "enrollment_code": TEXT,
}


def problems(document: object) -> Iterator[Problem]:
    """What is wrong with the file by itself, place by place."""
    yield from _misfits(document, SCHOOL, "", required=("domains", "administrator"))
    if not isinstance(document, dict):
        return
    for index, account in enumerate(_listed(document, "accounts")):
        yield from _misfits(account, ACCOUNT, f"accounts[{index}]", required=("email",))
    for index, course in enumerate(_listed(document, "courses")):
        place = f"courses[{index}]"
        yield from _misfits(course, COURSE, place)
        if isinstance(course, dict) and not ({"id", "name", "aliases"} & course.keys()):
            yield Problem(place, "needs an id, a name or an alias")


def _misfits(
    value: object, fields: Mapping[str, Check], place: str, required: tuple[str, ...] = ()
) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield Problem(place or "school", "must be an object")
        return
    prefix = f"{place}." if place else ""
    yield from (Problem(prefix + name, "is missing") for name in required if name not in value)
    for name, item in value.items():
        if f"{name}[]" in fields:
            if not isinstance(item, list):
                yield Problem(prefix + name, "must be a list")
                continue
            entries = [(f"{prefix}{name}[{i}]", entry) for i, entry in enumerate(item)]
            check = fields[f"{name}[]"]
        elif name in fields:
            entries, check = [(prefix + name, item)], fields[name]
        else:
            yield Problem(prefix + name, "is not known here")
            continue
        found = ((where, check(entry)) for where, entry in entries)
        yield from (Problem(where, text) for where, text in found if text)


def _listed(document: Mapping[str, Any], name: str) -> list[Any]:
    found = document.get(name, [])
    return found if isinstance(found, list) else []


def document(school: "School") -> dict[str, Any]:
    """The file that describes this school as it stands."""
    return {
        "domains": list(school.domains),
        "administrator": school.administrator.email,
        "trusted_domains": list(school.trusted_domains),
        "invitation_quota": school.invitation_quota,
        "day_seconds": school.day_seconds,
        "accounts": [
            _without_none(vars(account) | {"state": account.state.value})
            for account in school.accounts.values()
        ],
        "courses": [
            _without_none(
                vars(course)
                | {
                    "owner_id": None,
                    "owner": school.accounts[course.owner_id].email,
                    "aliases": list(course.aliases),
                    "state": course.state.value,
                    "teachers": [school.accounts[user].email for user in course.teachers],
                    "students": [school.accounts[user].email for user in course.students],
                }
            )
            for course in school.courses.values()
        ],
    }


def _without_none(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value is not None}
