"""From a class and a person of a roster to a course and a student of Classroom.

A rule is text with named fields, such as `d:{class_id}-2026`. What it makes is then held against
the allow-lists of the source, and what may not be sent gets its reason.
"""

import difflib
import fnmatch
import hashlib
import re
import string
import unicodedata
from collections.abc import Sequence
from typing import NamedTuple

from enrollment.request import ADDRESS, COURSE_ID, GOOGLE_ID
from enrollment.sources.skips import SkipReason

ALIAS_LENGTH = 256  # Classroom's limit, `d:` included
PROVIDERS = ("gmail.com", "googlemail.com", "outlook.com", "hotmail.com", "yahoo.com", "icloud.com")


class ClassFields(NamedTuple):
    """What a `course_id` rule may name. `course_id` is another name of `course_sis_id`."""

    class_id: str
    class_code: str = ""
    course_sis_id: str = ""
    term_id: str = ""
    school_year: str = ""

    def named(self) -> dict[str, str]:
        """The values by the names that a rule uses."""
        return {**self._asdict(), "course_id": self.course_sis_id}


class PersonFields(NamedTuple):
    """What a `student` rule is made from."""

    user_id: str
    email: str = ""
    username: str = ""

    def named(self) -> dict[str, str]:
        """The values by the names that a rule uses; a user name with an @ serves as address."""
        address = self.email or (self.username if "@" in self.username else "")
        return {"user_email": address, "user_id": self.user_id, "username": self.username}


COURSE_FIELDS = tuple(ClassFields("").named())
STUDENT_FIELDS = tuple(PersonFields("").named())


class Refusal(NamedTuple):
    """Why a rule gives nothing that may be sent."""

    reason: SkipReason
    detail: str


def fields_of(rule: str) -> list[str]:
    """The fields that a rule names. Raises ValueError if its braces hold more than names."""
    named = [part[1:] for part in string.Formatter().parse(rule) if part[1] is not None]
    if any(form or conversion for _, form, conversion in named):
        raise ValueError
    return [name for name, _, _ in named if name is not None]


class Rules:
    """The rules and allow-lists of one source; each class and person is looked at once."""

    def __init__(
        self, course_id: str, student: str, email_domains: Sequence[str], courses: Sequence[str]
    ) -> None:
        self._course_id = course_id
        self._course_fields = fields_of(course_id)
        self._student = student
        self._student_fields = fields_of(student)
        self._domains = tuple(email_domains)
        self._patterns = [re.compile(fnmatch.translate(pattern)) for pattern in courses]
        self._courses: dict[ClassFields, str | Refusal] = {}
        self._students: dict[PersonFields, str | Refusal] = {}

    def course(self, fields: ClassFields) -> str | Refusal:
        """The course's id or alias."""
        if fields not in self._courses:
            self._courses[fields] = self._make_course(fields.named())
        return self._courses[fields]

    def student(self, fields: PersonFields) -> str | Refusal:
        """The student's address in lower case, or a Google user id."""
        if fields not in self._students:
            self._students[fields] = self._make_student(fields.named())
        return self._students[fields]

    def _make_course(self, values: dict[str, str]) -> str | Refusal:
        if empty := [name for name in self._course_fields if not values[name]]:
            return Refusal(SkipReason.NO_COURSE, f"the roster gives no {', '.join(empty)}")
        course_id = " ".join(self._course_id.format_map(values).split())
        if len(course_id) > ALIAS_LENGTH:
            tail = hashlib.sha256(course_id.encode()).hexdigest()[:16]
            course_id = f"{course_id[: ALIAS_LENGTH - 17]}-{tail}"
        if not COURSE_ID.fullmatch(course_id):
            return Refusal(SkipReason.INVALID_COURSE, _course_fault(course_id))
        if self._patterns and not any(pattern.match(course_id) for pattern in self._patterns):
            return Refusal(SkipReason.OUTSIDE_COURSES, "no pattern of `courses` covers the course")
        return course_id

    def _make_student(self, values: dict[str, str]) -> str | Refusal:
        if empty := [name for name in self._student_fields if not values[name]]:
            return Refusal(SkipReason.NO_EMAIL, f"the roster gives no {', '.join(empty)}")
        made = self._student.format_map(values)
        student = unicodedata.normalize("NFKC", made).strip().lower()
        # A number in a column of addresses is a slip; only a rule without one may mean Google ids.
        if GOOGLE_ID.fullmatch(student) and "user_email" not in self._student_fields:
            if self._domains:
                fact = "a Google user id shows no domain, so email_domains cannot be checked"
                return Refusal(SkipReason.OUTSIDE_DOMAINS, fact)
            return student
        if not ADDRESS.fullmatch(student):
            return Refusal(SkipReason.INVALID_EMAIL, _address_fault(student))
        domain = student.rpartition("@")[2]
        if self._domains and domain not in self._domains:
            return Refusal(SkipReason.OUTSIDE_DOMAINS, self._outside(domain))
        return student

    def _outside(self, domain: str) -> str:
        if domain in PROVIDERS:
            return f"{domain} is a private provider and not in email_domains"
        near = difflib.get_close_matches(domain, (*self._domains, *PROVIDERS), n=1, cutoff=0.8)
        hint = f"; perhaps {near[0]} is meant" if near else ""
        return f"{domain} is not in email_domains{hint}"


def _course_fault(course_id: str) -> str:
    if "/" in course_id:
        return "the alias would hold a slash, which Classroom cannot look up"
    if not course_id.startswith(("d:", "p:")):
        return "a course is named by digits, or by an alias that begins with d: or p:"
    return "the alias is empty or holds control characters"


def _address_fault(text: str) -> str:
    """What is wrong, without a letter of the address."""
    if "@" not in text:
        return "the address has no @"
    if not text.isascii():
        return "the address holds a letter outside a-z, perhaps an invisible one or a look-alike"
    if any(map(str.isspace, text)):
        return "the address holds a space"
    if text.count("@") > 1:
        return "the cell holds more than one @"
    if "." not in text.rpartition("@")[2]:
        return "the domain of the address has no dot"
    return "the address does not have the form name@domain"
