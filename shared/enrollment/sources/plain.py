"""A plain CSV: one file with a row for each student of a class, and columns of any name.

What its columns hold is declared; else their names must allow one reading and no other.
"""

from collections.abc import Iterator, Mapping
from datetime import date

from enrollment.sources.candidates import (
    Candidate,
    Later,
    Person,
    Section,
    current,
    school_year,
    skipped,
)
from enrollment.sources.dates import Span, SpanReader
from enrollment.sources.plain_header import FILE, plain_table
from enrollment.sources.roles import TEACHERS, no_student
from enrollment.sources.rules import ClassFields, PersonFields, Refusal
from enrollment.sources.skips import Skipped, SkipReason
from enrollment.sources.tables import Line
from enrollment.sources.words import is_plain

STUDENT = "student"
# The words of the other formats, and those that people write.
ACTIVE = ("", "active", "enrolled")
OVER = ("completed", "concluded", "ended")
WITHDRAWN = ("deleted", "dropped", "inactive", "removed", "tobedeleted", "withdrawn")


class Plain:
    """The rows of the only file."""

    file = FILE
    system: str | None = None

    def __init__(
        self, raw: bytes, as_of: date, needs: set[str], columns: Mapping[str, str]
    ) -> None:
        """`needs` are the fields that the rules name, `columns` the declared mapping or {}."""
        self._table, names = plain_table(raw, needs, columns)
        self._places = {field: place for place, field in enumerate(names) if names[field]}
        self._as_of = as_of
        self.format = "CSV with declared columns" if columns else "CSV"
        self.total_rows = self._table.total
        self.warnings = [*self._table.warnings]
        self._survey(names.get("begin", ""), names.get("end", ""))

    @property
    def lists(self) -> tuple[dict[str, Person], dict[str, Section]]:
        """Nobody: a plain CSV has no lists."""
        return {}, {}

    def rows(self) -> Iterator[Candidate | Skipped]:
        """One result for each row, in order."""
        for line in self._table:
            row = _Row(line, self._places)
            result = self._result(row)
            if isinstance(result, Refusal):
                yield skipped(line, result, row.of_class.class_id, row.person.user_id)
            else:
                yield result

    def _survey(self, begin: str, end: str) -> None:
        """A first pass: who teaches, what later rows contradict, how the dates are written."""
        self._later = Later()
        self._teachers: dict[tuple[str, ...], str] = {}
        dates: set[tuple[str, str]] = set()
        for line in filter(Line.is_readable, self._table):
            row = _Row(line, self._places)
            is_active = row.status in ACTIVE
            self._later.note((row.key, row.role), line.number, active=is_active)
            if row.role in TEACHERS and is_active:
                self._teachers.setdefault(row.key, f"row {line.number}")
            dates.add(row.dates)
        self._spans = SpanReader("enrollment", (begin, end), dates)
        self.warnings.extend(self._spans.guesses(FILE))

    def _result(self, row: "_Row") -> Candidate | Refusal:
        if refusal := self._not_wanted(row):
            return refusal
        span = self._spans.read(*row.dates)
        section, person = Section(row.of_class), Person(row.person)
        taught_in = self._teachers.get(row.key, "")
        standing = current(section, person, (span,), taught_in, self._as_of)
        if isinstance(standing, Refusal):
            return standing
        return Candidate(row.line.number, row.of_class, row.person, self._version(row, span))

    def _not_wanted(self, row: "_Row") -> Refusal | None:
        """Why the row by itself is not the wish to add a student."""
        if row.line.fault:
            return Refusal(SkipReason.UNREADABLE_ROW, row.line.fault)
        if "role" in self._places and row.role != STUDENT:
            if not row.role:
                return Refusal(SkipReason.UNREADABLE_ROW, "the role is empty")
            return no_student(row.role)
        if refusal := self._later.refusal(
            (row.key, row.role), row.line.number, active=row.status in ACTIVE
        ):
            return refusal
        if row.status in ACTIVE:
            return None
        named = f"the status {row.status} is" if is_plain(row.status) else "the status is"
        if row.status in WITHDRAWN:
            return Refusal(SkipReason.WITHDRAWN, f"the status is {row.status}")
        if row.status in OVER:
            return Refusal(SkipReason.ENDED, f"the status is {row.status}")
        return Refusal(SkipReason.UNKNOWN_STATUS, f"{named} no word that is known here")

    def _version(self, row: "_Row", span: Span) -> str:
        """What makes a later wish for the same student and class a new one."""
        begins = span.begin.day.isoformat() if span.begin else ""
        term = row.of_class.term_id or row.of_class.school_year
        return row.cell("version") or begins or term or school_year(self._as_of)


class _Row:
    """A line, with its cells by what they hold."""

    def __init__(self, line: Line, places: Mapping[str, int]) -> None:
        self.line = line
        self._places = places
        cell = self.cell
        self.of_class = ClassFields(*map(cell, ClassFields._fields))
        self.person = PersonFields(cell("user_id"), cell("user_email"), cell("username"))
        self.role = cell("role").casefold()
        self.status = cell("status").casefold()
        self.dates = cell("begin"), cell("end")

    def cell(self, field: str) -> str:
        """The cell of a field; empty if no column gives it."""
        place = self._places.get(field)
        return "" if place is None else self.line.cells[place]

    @property
    def key(self) -> tuple[str, ...]:
        """The class and the person, in whatever spelling of an address."""
        return (*self.of_class, *(each.casefold() for each in self.person))
