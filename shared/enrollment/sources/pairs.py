"""Formats whose enrollments are pairs of a section and a student, without status, role or dates.

What a row asks for is told by the lists: when the section's term runs, and who teaches it.
"""

from collections.abc import Iterator
from datetime import date
from typing import NamedTuple

from enrollment.sources.candidates import (
    Candidate,
    Person,
    Section,
    current,
    school_year,
    skipped,
)
from enrollment.sources.dates import ALWAYS
from enrollment.sources.rules import ClassFields, PersonFields, Refusal
from enrollment.sources.skips import Skipped, SkipReason
from enrollment.sources.tables import Line, Table


class Taught:
    """Who teaches which section.

    Students and teachers may be numbered apart, so where both accounts are known they decide
    whether it is one person; only else does the id.
    """

    def __init__(self) -> None:
        self._by_id: dict[tuple[str, str], tuple[str, str]] = {}
        self._by_account: dict[tuple[str, str], str] = {}

    def note(self, section_id: str, teacher: PersonFields, place: str) -> None:
        """Take down that a person teaches a section, and where that stands."""
        account = _account(teacher)
        self._by_id.setdefault((section_id, teacher.user_id), (account, place))
        if account:
            self._by_account.setdefault((section_id, account), place)

    def place(self, section_id: str, student: PersonFields) -> str:
        """Where a student is listed as a teacher of the section, or ""."""
        account = _account(student)
        if place := self._by_account.get((section_id, account), ""):
            return place
        other, place = self._by_id.get((section_id, student.user_id), ("", ""))
        return "" if account and other and not _alike(account, other) else place


class PairLists(NamedTuple):
    """The sections and students that the pairs name, and who teaches."""

    sections: dict[str, Section]
    people: dict[str, Person]
    taught: Taught
    warnings: list[str]


class PairNames(NamedTuple):
    """What the file of the pairs and its lists are called."""

    section: str
    person: str
    sections_file: str
    people_file: str


class Pairs:
    """The rows of a file of pairs, whose table has the section first and the student second."""

    system: str | None = None

    def __init__(
        self, *, form: str, table: Table, names: PairNames, lists: PairLists, as_of: date
    ) -> None:
        self.format = form
        self.file = table.name
        self.total_rows = table.total
        self.warnings = [*table.warnings, *lists.warnings]
        self._table = table
        self._names = names
        self._lists = lists
        self._as_of = as_of

    @property
    def lists(self) -> tuple[dict[str, Person], dict[str, Section]]:
        """The people and classes by their ids."""
        return self._lists.people, self._lists.sections

    def rows(self) -> Iterator[Candidate | Skipped]:
        """One result for each pair, in order."""
        for line in self._table:
            result = self._result(line)
            yield skipped(line, result, *line.cells) if isinstance(result, Refusal) else result

    def _result(self, line: Line) -> Candidate | Refusal:
        section_id, user_id = line.cells
        if line.fault:
            return Refusal(SkipReason.UNREADABLE_ROW, line.fault)
        if empty := [n for n, c in zip(self._names[:2], line.cells, strict=True) if not c]:
            return Refusal(SkipReason.UNREADABLE_ROW, f"{', '.join(empty)} is empty")
        section = self._section(section_id)
        person = self._person(user_id)
        span = section.span if isinstance(section, Section) else ALWAYS
        taught = self._lists.taught.place
        taught_in = taught(section_id, person.fields) if isinstance(person, Person) else ""
        standing = current(section, person, (span,), taught_in, self._as_of)
        if isinstance(standing, Refusal):
            return standing
        begins = span.begin.day.isoformat() if span.begin else ""
        version = begins or self._term(standing[0].fields)
        return Candidate(line.number, standing[0].fields, standing[1].fields, version)

    def _term(self, fields: ClassFields) -> str:
        """The term with its year, because a name such as Q1 comes back every year."""
        return f"{fields.term_id} {fields.school_year or school_year(self._as_of)}".strip()

    def _section(self, section_id: str) -> Section | Refusal:
        if section := self._lists.sections.get(section_id):
            return section
        fact = f"{self._names.sections_file} has no readable row for the {self._names.section}"
        return Refusal(SkipReason.CLASS_UNKNOWN, fact)

    def _person(self, user_id: str) -> Person | Refusal:
        if person := self._lists.people.get(user_id):
            return person
        fact = f"{self._names.people_file} has no readable row for the {self._names.person}"
        return Refusal(SkipReason.USER_UNKNOWN, fact)


def _account(person: PersonFields) -> str:
    return (person.email or person.username).casefold()


def _alike(one: str, other: str) -> bool:
    """Whether two accounts may be one, of which one is written without its domain."""
    names = one.partition("@"), other.partition("@")
    return one == other or (names[0][0] == names[1][0] and not (names[0][1] and names[1][1]))
