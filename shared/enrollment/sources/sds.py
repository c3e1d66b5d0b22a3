"""Microsoft's School Data Sync v1: six files, in the American and in the British dialect.

They differ in the names of their ids. Who is in which section stands in `StudentEnrollment.csv`;
a `Username` is often written without its domain, which a rule then adds.
"""

from datetime import date

from enrollment.sources.candidates import Person, Section, school_year
from enrollment.sources.dates import SpanReader
from enrollment.sources.files import RosterFiles
from enrollment.sources.lists import Lists
from enrollment.sources.pairs import PairLists, PairNames, Pairs, Taught
from enrollment.sources.rules import ClassFields, PersonFields
from enrollment.sources.tables import Table

STUDENT_ENROLLMENT = "StudentEnrollment.csv"
SECTION = ("Section SIS ID", "Section ID")
ID = ("SIS ID", "ID")
DATES = ("Term StartDate", "Term EndDate")
SECTIONS = (ID, "Section Number", "Course SIS ID", "Term SIS ID", *DATES, "Status")
STUDENTS = (ID, "Username", "Status")
GONE = ("inactive", "deleted", "tobedeleted", "suspended")


def read_sds(files: RosterFiles, as_of: date) -> Pairs:
    """The rows of `StudentEnrollment.csv`. Raises RosterError if a file is no table."""
    raw = files.read(STUDENT_ENROLLMENT)
    table = Table(STUDENT_ENROLLMENT, raw, (SECTION, ID), required=(SECTION, ID))
    lists = Lists(files)
    sections, people = _sections(lists), _people(lists)
    return Pairs(
        form="SDS v1" if SECTION[0] in table.has else "SDS v1 (UK)",
        table=table,
        names=PairNames(
            next(name for name in SECTION if name in table.has),
            next(name for name in ID if name in table.has),
            "Section.csv",
            "Student.csv",
        ),
        lists=PairLists(sections, people, _taught(lists), lists.warnings),
        as_of=as_of,
    )


def _sections(lists: Lists) -> dict[str, Section]:
    lines = list(lists.rows("Section.csv", SECTIONS))
    spans = SpanReader("term", DATES, [line.cells[4:6] for line in lines])
    lists.warnings.extend(spans.guesses("Section.csv"))
    sections = {}
    for line in lines:
        section_id, number, course, term, begin, end, status = line.cells
        span = spans.read(begin, end, f"Section.csv row {line.number}, ")
        year = school_year(span.begin.day) if span.begin else ""
        fields = ClassFields(section_id, number, course, term, year)
        sections[section_id] = Section(fields, status.casefold() not in GONE, span)
    lists.repeated("Section.csv", len(lines), len(sections))
    return sections


def _people(lists: Lists) -> dict[str, Person]:
    people: dict[str, Person] = {}
    rows = 0
    for line in lists.rows("Student.csv", STUDENTS):
        user_id, username, status = line.cells
        fields = PersonFields(user_id, username=username)
        people[user_id] = Person(fields, status.casefold() not in GONE)
        rows += 1
    lists.repeated("Student.csv", rows, len(people))
    return people


def _taught(lists: Lists) -> Taught:
    names = {line.cells[0]: line.cells[1] for line in lists.rows("Teacher.csv", (ID, "Username"))}
    taught = Taught()
    for line in lists.rows("TeacherRoster.csv", (SECTION, ID)):
        section_id, user_id = line.cells
        teacher = PersonFields(user_id, username=names.get(user_id, ""))
        taught.note(section_id, teacher, f"TeacherRoster.csv row {line.number}")
    return taught
