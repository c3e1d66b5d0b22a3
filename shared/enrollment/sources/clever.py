"""Clever's CSV upload: enrollments as pairs of ids, always a snapshot and without a status."""

from datetime import date

from enrollment.sources.candidates import ENROLLMENTS, Person, Section, school_year
from enrollment.sources.dates import SpanReader
from enrollment.sources.files import RosterFiles
from enrollment.sources.lists import Lists
from enrollment.sources.pairs import PairLists, PairNames, Pairs, Taught
from enrollment.sources.rules import ClassFields, PersonFields
from enrollment.sources.tables import Line, Table

PAIR = ("Section_id", "Student_id")
# A section has one teacher in its first column of them and up to nine more.
TEACHERS = ("Teacher_id", *(f"Teacher_{number}_id" for number in range(2, 11)))
DATES = ("Term_start", "Term_end")
SECTIONS = ("Section_id", "Section_number", "Course_number", "Term_name", *DATES, *TEACHERS)
STUDENTS = ("Student_id", "Student_email", "Username")


def read_clever(files: RosterFiles, as_of: date) -> Pairs:
    """The rows of `enrollments.csv`. Raises RosterError if a file is no table."""
    lists = Lists(files)
    lines = list(lists.rows("sections.csv", SECTIONS))
    return Pairs(
        form="Clever CSV",
        table=Table(ENROLLMENTS, files.read(ENROLLMENTS), PAIR, required=PAIR),
        names=PairNames(*PAIR, "sections.csv", "students.csv"),
        lists=PairLists(
            _sections(lists, lines), _people(lists), _taught(lists, lines), lists.warnings
        ),
        as_of=as_of,
    )


def _sections(lists: Lists, lines: list[Line]) -> dict[str, Section]:
    spans = SpanReader("term", DATES, [line.cells[4:6] for line in lines])
    lists.warnings.extend(spans.guesses("sections.csv"))
    sections = {}
    for line in lines:
        section_id, number, course, term, begin, end, *_ = line.cells
        span = spans.read(begin, end, f"sections.csv row {line.number}, ")
        year = school_year(span.begin.day) if span.begin else ""
        fields = ClassFields(section_id, number, course, term, year)
        sections[section_id] = Section(fields, span=span)
    lists.repeated("sections.csv", len(lines), len(sections))
    return sections


def _people(lists: Lists) -> dict[str, Person]:
    """The students; one of several schools has a row for each of them."""
    return {
        line.cells[0]: Person(PersonFields(*line.cells))
        for line in lists.rows("students.csv", STUDENTS)
    }


def _taught(lists: Lists, lines: list[Line]) -> Taught:
    columns = ("Teacher_id", "Teacher_email", "Username")
    known = {
        line.cells[0]: PersonFields(*line.cells)
        for line in lists.rows("teachers.csv", columns, needed=False)
    }
    taught = Taught()
    for line in lines:
        for teacher_id in filter(None, line.cells[6:]):
            teacher = known.get(teacher_id, PersonFields(teacher_id))
            taught.note(line.cells[0], teacher, f"sections.csv row {line.number}")
    return taught
