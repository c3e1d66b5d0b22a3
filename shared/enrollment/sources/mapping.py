"""From a wish of a sender to a course and a student, or the reason why not."""

from datetime import datetime, timedelta
from typing import NamedTuple

from enrollment.sources.candidates import Person, Section, out_of_time, school_year
from enrollment.sources.events import Wish
from enrollment.sources.known import Known
from enrollment.sources.rules import (
    COURSE_FIELDS,
    STUDENT_FIELDS,
    ClassFields,
    PersonFields,
    Refusal,
    Rules,
)
from enrollment.sources.skips import SkipReason

# The zones of the Line Islands and of Baker Island, the furthest from UTC there are.
EARLIEST, LATEST = timedelta(hours=14), timedelta(hours=12)


# Amended in the sender's own system as a rule: by next time it may give another answer.
AMENDED = frozenset({
    SkipReason.NO_EMAIL,
    SkipReason.INVALID_EMAIL,
    SkipReason.NO_COURSE,
    SkipReason.INVALID_COURSE,
})  # fmt: skip


class Mapped(NamedTuple):
    """Whom to put where, and what makes a later wish for the same a new one."""

    course_id: str
    student: str
    version: str


class Unmapped(NamedTuple):
    """Why a wish leads nowhere, and the half of it that is clear."""

    refusal: Refusal
    course_id: str | None = None
    student: str | None = None


class Mapper:
    """The rules of one source, applied to what its directory knows."""

    def __init__(self, rules: Rules, now: datetime) -> None:
        self._rules = rules
        self._as_of = now.date()
        # Nobody has said in which zone the school lies: a day has begun once it has begun
        # anywhere, and is over when it is over everywhere.
        self._begun, self._lasting = (now + EARLIEST).date(), (now - LATEST).date()
        # What a sender's own ids lead to must be looked up only where a rule names more than ids.
        self.needs_section = bool(rules.needs & set(COURSE_FIELDS) - {"class_id"})
        self.needs_person = bool(rules.needs & set(STUDENT_FIELDS) - {"user_id"})

    def of(self, wish: Wish, known: Known) -> Mapped | Unmapped:
        """Where a wish leads."""
        section = known.sections.get(wish.class_id)
        course, student = self._course(wish, section), self._student(wish, known)
        refusal = self._standing(wish, section, known.people.get(wish.user_id))
        for each in (refusal, course, student):
            if isinstance(each, Refusal):
                return Unmapped(
                    each,
                    course if isinstance(course, str) else None,
                    student if isinstance(student, str) else None,
                )
        assert isinstance(course, str)
        assert isinstance(student, str)
        return Mapped(course, student, self._version(wish, section))

    def lasting(self, found: Known) -> Known:
        """Those that need not be asked about again, because what is known of them is of use."""
        people = {
            user_id: each
            for user_id, each in found.people.items()
            if each.active and not each.other_role and _is_whole(self._rules.student(each.fields))
        }
        sections = {
            class_id: each
            for class_id, each in found.sections.items()
            if each.active and _is_whole(self._rules.course(each.fields))
        }
        return Known(people, sections)

    def _standing(
        self, wish: Wish, section: Section | None, person: Person | None
    ) -> Refusal | None:
        """What dates, and the state of the class and the person, say against it."""
        spans = (wish.span, section.span) if section else (wish.span,)
        for span in spans:
            if refusal := out_of_time(span, self._lasting, begun=self._begun):
                return refusal
        if section and not section.active:
            return Refusal(SkipReason.CLASS_INACTIVE, "the class is marked as deleted")
        if person and not person.active:
            fact = "the person is marked as deleted, suspended or not enabled"
            return Refusal(SkipReason.USER_INACTIVE, fact)
        if person and person.other_role:
            return Refusal(SkipReason.ROLE_MISMATCH, person.other_role)
        return None

    def _course(self, wish: Wish, section: Section | None) -> str | Refusal:
        if wish.course_id:
            return self._rules.given_course(wish.course_id)
        if section is None and (self.needs_section or wish.inner):
            fact = "nothing that this source has told lists the class, and the id alone is no name"
            return Refusal(SkipReason.CLASS_UNKNOWN, fact)
        return self._rules.course(section.fields if section else ClassFields(wish.class_id))

    def _student(self, wish: Wish, known: Known) -> str | Refusal:
        if wish.student:
            return self._rules.given_student(wish.student)
        person = known.people.get(wish.user_id)
        if person is None and (self.needs_person or wish.inner):
            fact = "nothing that this source has told lists the person, and the id is no address"
            return Refusal(SkipReason.USER_UNKNOWN, fact)
        return self._rules.student(person.fields if person else PersonFields(wish.user_id))

    def _version(self, wish: Wish, section: Section | None) -> str:
        """The sender's own, else when it begins, else the term, else the school year."""
        if wish.version:
            return wish.version
        if wish.span.begin:
            return wish.span.begin.day.isoformat()
        fields = section.fields if section else None
        said = (fields.term_id or fields.school_year) if fields else ""
        return said or school_year(self._as_of)


def _is_whole(made: str | Refusal) -> bool:
    return isinstance(made, str) or made.reason not in AMENDED
