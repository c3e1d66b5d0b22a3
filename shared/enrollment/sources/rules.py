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
from enrollment.sources.addresses import PROVIDERS, fault, misspelt
from enrollment.sources.skips import SkipReason

ALIAS = ("d:", "p:")
ALIAS_LENGTH = 256  # Classroom's limit, `d:` included


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
        self,
        course_id: str,
        student: str,
        email_domains: Sequence[str],
        courses: Sequence[str],
        own_domains: Sequence[str] = (),
    ) -> None:
        """`own_domains` limit nothing; they tell a slip in a domain from another domain."""
        self._course_id = course_id
        self._course_fields = fields_of(course_id)
        self._student = student
        self._student_fields = fields_of(student)
        self._domains = tuple(email_domains)
        self._own_domains = tuple(own_domains)
        self._patterns = [re.compile(fnmatch.translate(pattern)) for pattern in courses]
        self._courses: dict[ClassFields, str | Refusal] = {}
        self._students: dict[PersonFields, str | Refusal] = {}
        self._slips: dict[str, str] = {}

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

    def given_course(self, course_id: str) -> str | Refusal:
        """A course that the sender names outright, held to the same limits."""
        return self._allowed_course(" ".join(course_id.split()))

    def given_student(self, student: str) -> str | Refusal:
        """A student whom the sender names outright, held to the same limits."""
        return self._allowed_student(student, may_be_id=True)

    @property
    def needs(self) -> frozenset[str]:
        """The fields that the rules name."""
        return frozenset({*self._course_fields, *self._student_fields})

    def _make_course(self, values: dict[str, str]) -> str | Refusal:
        if empty := [name for name in self._course_fields if not values[name]]:
            return Refusal(SkipReason.NO_COURSE, f"the roster gives no {', '.join(empty)}")
        course_id = " ".join(self._course_id.format_map(values).split())
        if len(course_id) > ALIAS_LENGTH:
            tail = hashlib.sha256(course_id.encode()).hexdigest()[:16]
            course_id = f"{course_id[: ALIAS_LENGTH - 17]}-{tail}"
        if self._course_id.startswith(ALIAS) and course_id[2:].startswith(ALIAS):
            fact = 'the roster gives an alias already: write the rule course_id = "{class_id}"'
            return Refusal(SkipReason.INVALID_COURSE, fact)
        return self._allowed_course(course_id)

    def _allowed_course(self, course_id: str) -> str | Refusal:
        if not COURSE_ID.fullmatch(course_id):
            return Refusal(SkipReason.INVALID_COURSE, _course_fault(course_id))
        if self._patterns and not any(pattern.match(course_id) for pattern in self._patterns):
            return Refusal(SkipReason.OUTSIDE_COURSES, "no pattern of `courses` covers the course")
        return course_id

    def _make_student(self, values: dict[str, str]) -> str | Refusal:
        if empty := [name for name in self._student_fields if not values[name]]:
            return Refusal(SkipReason.NO_EMAIL, _nothing_for(empty, values))
        # A number in a column of addresses is a slip; only a rule without one may mean Google ids.
        may_be_id = "user_email" not in self._student_fields
        return self._allowed_student(self._student.format_map(values), may_be_id=may_be_id)

    def _allowed_student(self, made: str, *, may_be_id: bool) -> str | Refusal:
        student = unicodedata.normalize("NFKC", made).strip().lower()
        if may_be_id and GOOGLE_ID.fullmatch(student):
            if self._domains:
                fact = "a Google user id shows no domain, so email_domains cannot be checked"
                return Refusal(SkipReason.OUTSIDE_DOMAINS, fact)
            return student
        if not ADDRESS.fullmatch(student):
            return Refusal(SkipReason.INVALID_EMAIL, fault(student))
        domain = student.rpartition("@")[2]
        if self._domains and domain not in self._domains:
            return Refusal(SkipReason.OUTSIDE_DOMAINS, self._outside(domain))
        if not self._domains and (meant := self._slips_to(domain)):
            fact = f"{domain} is probably a slip: perhaps {meant} is meant"
            return Refusal(SkipReason.INVALID_EMAIL, fact)
        return student

    def _slips_to(self, domain: str) -> str:
        """The domain that was probably meant, or ""; each is looked at once."""
        if domain not in self._slips:
            self._slips[domain] = misspelt(domain, self._own_domains)
        return self._slips[domain]

    def _outside(self, domain: str) -> str:
        if domain in PROVIDERS:
            return f"{domain} is a private provider and not in email_domains"
        known = {*self._domains, *self._own_domains, *PROVIDERS} - {domain}
        near = difflib.get_close_matches(domain, known, n=1, cutoff=0.8)
        hint = f"; perhaps {near[0]} is meant" if near else ""
        return f"{domain} is not in email_domains{hint}"


def _nothing_for(empty: Sequence[str], values: dict[str, str]) -> str:
    fact = f"the roster gives no {', '.join(empty)}"
    if empty == ["user_email"] and values["username"]:
        return f"{fact}, but a username: a rule like {{username}}@school.example may complete it"
    return fact


def _course_fault(course_id: str) -> str:
    if "/" in course_id:
        return "the alias would hold a slash, which Classroom cannot look up"
    if not course_id.startswith(ALIAS):
        return "a course is named by digits, or by an alias that begins with d: or p:"
    return "the alias is empty or holds control characters"
