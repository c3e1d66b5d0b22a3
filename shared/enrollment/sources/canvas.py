"""Canvas SIS CSV: enrollments joined with sections, courses, terms and users.

As in Canvas itself the last row of an id counts. A class is a section; a row without one means the
course's own section, and the course is the class then.
"""

from collections.abc import Iterator
from datetime import date

from enrollment.sources.candidates import (
    ENROLLMENTS,
    Candidate,
    Later,
    Person,
    Section,
    current,
    school_year,
    skipped,
)
from enrollment.sources.canvas_lists import read_lists
from enrollment.sources.dates import SpanReader
from enrollment.sources.files import RosterFiles
from enrollment.sources.roles import no_student
from enrollment.sources.rules import Refusal
from enrollment.sources.skips import Skipped, SkipReason
from enrollment.sources.tables import Line, Table
from enrollment.sources.words import is_plain

COLUMNS = ("course_id", "section_id", "user_id", "status", "role", "start_date", "end_date")
REQUIRED = ("user_id", "status", "role")
STUDENT = ("student", "studentenrollment")
TEACHER = ("teacher", "teacherenrollment")
ACTIVE = ("active",)
OVER = ("completed",)
WITHDRAWN = ("deleted", "inactive", "deleted_last_completed")


class Canvas:
    """The rows of `enrollments.csv`."""

    file = ENROLLMENTS
    system: str | None = None

    def __init__(self, files: RosterFiles, as_of: date) -> None:
        self._table = Table(ENROLLMENTS, files.read(ENROLLMENTS), COLUMNS, required=REQUIRED)
        self._lists = read_lists(files, as_of)
        self._as_of = as_of
        self.format = "Canvas SIS CSV"
        self.total_rows = self._table.total
        self.warnings = [*self._table.warnings, *self._lists.warnings]
        self._survey()

    @property
    def lists(self) -> tuple[dict[str, Person], dict[str, Section]]:
        """The people and classes by their ids."""
        return self._lists.people, self._lists.sections

    def rows(self) -> Iterator[Candidate | Skipped]:
        """One result for each row of the enrollments, in order."""
        for line in self._table:
            result = self._result(line)
            if isinstance(result, Refusal):
                course, section, user, *_ = line.cells
                yield skipped(line, result, section or course, user)
            else:
                yield result

    def _survey(self) -> None:
        """A first pass: who teaches, what later rows contradict, how the dates are written."""
        self._later = Later()
        teachers: dict[tuple[str, str], str] = {}
        dates: set[tuple[str, str]] = set()
        for line in filter(Line.is_readable, self._table):
            course, section, user, status, role, begin, end = line.cells
            active = status.casefold() in ACTIVE
            self._later.note((course, section, user, role), line.number, active=active)
            if role.casefold() in TEACHER:
                key = (section or course, user)
                if active:
                    teachers[key] = f"row {line.number}"
                else:
                    teachers.pop(key, None)
            dates.add((begin, end))
        self._teachers = teachers
        self._spans = SpanReader("enrollment", ("start_date", "end_date"), dates)
        self.warnings.extend(self._spans.guesses(ENROLLMENTS))

    def _result(self, line: Line) -> Candidate | Refusal:
        if refusal := self._not_wanted(line):
            return refusal
        course, section_id, user_id, _, _, begin, end = line.cells
        section = self._lists.section(section_id, course)
        own = self._spans.read(begin, end)
        span = own.within(section.span) if isinstance(section, Section) else own
        taught_in = self._teachers.get((section_id or course, user_id), "")
        person = self._person(user_id)
        standing = current(section, person, (span,), taught_in, self._as_of)
        if isinstance(standing, Refusal):
            return standing
        fields = standing[0].fields
        begins = span.begin.day.isoformat() if span.begin else ""
        version = begins or fields.term_id or school_year(self._as_of)
        return Candidate(line.number, fields, standing[1].fields, version)

    def _not_wanted(self, line: Line) -> Refusal | None:
        """Why the row by itself is not the wish to add a student."""
        course, section, user, status, role, _, _ = line.cells
        if line.fault:
            return Refusal(SkipReason.UNREADABLE_ROW, line.fault)
        if empty := _empty(section or course, user, role):
            return Refusal(SkipReason.UNREADABLE_ROW, f"{empty} is empty")
        if role.casefold() not in STUDENT:
            return no_student(role)
        state = status.casefold()
        key = (course, section, user, role)
        if refusal := self._later.refusal(key, line.number, active=state in ACTIVE):
            return refusal
        if state in WITHDRAWN:
            return Refusal(SkipReason.WITHDRAWN, f"the status is {state}")
        if state in OVER:
            return Refusal(SkipReason.ENDED, f"the status is {state}")
        if state not in ACTIVE:
            named = f"the status {status} is" if is_plain(status) else "the status is"
            return Refusal(SkipReason.UNKNOWN_STATUS, f"{named} no word of Canvas")
        return None

    def _person(self, user_id: str) -> Person | Refusal:
        if person := self._lists.people.get(user_id):
            return person
        return Refusal(SkipReason.USER_UNKNOWN, "users.csv has no readable row for the user_id")


def _empty(of_class: str, user: str, role: str) -> str:
    named = {"section_id": of_class, "user_id": user, "role": role}
    return ", ".join(name for name, value in named.items() if not value)
