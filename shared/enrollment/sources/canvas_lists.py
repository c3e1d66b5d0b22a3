"""The lists beside the enrollments of a Canvas export: terms, courses, sections and users."""

from datetime import date
from typing import NamedTuple

from enrollment.sources.candidates import Person, Section, out_of_time, school_year
from enrollment.sources.dates import ALWAYS, Span, SpanReader
from enrollment.sources.files import RosterFiles
from enrollment.sources.lists import Lists
from enrollment.sources.rules import ClassFields, PersonFields, Refusal
from enrollment.sources.skips import SkipReason
from enrollment.sources.words import counted

TERMS = ("term_id", "start_date", "end_date")
COURSES = ("course_id", "status", "short_name", "term_id", "start_date", "end_date")
SECTIONS = ("section_id", "course_id", "status", "start_date", "end_date")
USERS = ("user_id", "login_id", "email", "status")
GONE = ("deleted", "suspended", "inactive")
DATES = ("start_date", "end_date")


class CanvasLists(NamedTuple):
    """Sections, courses that serve as classes, and people, by their ids."""

    sections: dict[str, Section]
    courses: dict[str, Section]
    people: dict[str, Person]
    warnings: list[str]

    def section(self, section_id: str, course_id: str) -> Section | Refusal:
        """The class of a row: its section, or its course if it names none."""
        found = self.sections.get(section_id) if section_id else self.courses.get(course_id)
        if found is not None:
            return found
        file, column = ("sections", "section_id") if section_id else ("courses", "course_id")
        fact = f"{file}.csv has no readable row for the {column}"
        return Refusal(SkipReason.CLASS_UNKNOWN, fact)


def read_lists(files: RosterFiles, as_of: date) -> CanvasLists:
    """All lists of the export. Raises RosterError if one of them is no table."""
    lists = Lists(files)
    courses = _courses(lists, _terms(lists, as_of))
    return CanvasLists(_sections(lists, courses), courses, _people(lists), lists.warnings)


def _terms(lists: Lists, as_of: date) -> dict[str, Span]:
    """The terms; of those with the same id the one that runs now, else the latest."""
    lines = list(lists.rows("terms.csv", TERMS, needed=False))
    spans = SpanReader("term", DATES, [line.cells[1:] for line in lines])
    lists.warnings.extend(spans.guesses("terms.csv"))
    terms: dict[str, Span] = {}
    for line in lines:
        term_id, begin, end = line.cells
        span = spans.read(begin, end, f"terms.csv row {line.number}, ")
        best = terms.get(term_id)
        if best is None or _fitness(span, as_of) >= _fitness(best, as_of):
            terms[term_id] = span
    if len(terms) < len(lines):
        fact = "the one that runs now is used, else the latest"
        rows = counted(len(lines) - len(terms), "row repeats", "rows repeat")
        lists.warnings.append(f"terms.csv: {rows} a term_id; {fact}")
    return terms


def _fitness(span: Span, as_of: date) -> tuple[bool, date]:
    return out_of_time(span, as_of) is None, span.end.day if span.end else date.max


def _courses(lists: Lists, terms: dict[str, Span]) -> dict[str, Section]:
    lines = list(lists.rows("courses.csv", COURSES))
    spans = SpanReader("course", DATES, [line.cells[4:] for line in lines])
    lists.warnings.extend(spans.guesses("courses.csv"))
    courses: dict[str, Section] = {}
    for line in lines:
        course_id, status, short_name, term_id, begin, end = line.cells
        own = spans.read(begin, end, f"courses.csv row {line.number}, ")
        span = own.within(terms.get(term_id, ALWAYS))
        year = school_year(span.begin.day) if span.begin else ""
        fields = ClassFields(course_id, short_name, course_id, term_id, year)
        courses[course_id] = Section(fields, status.casefold() not in GONE, span)
    lists.repeated("courses.csv", len(lines), len(courses))
    return courses


def _sections(lists: Lists, courses: dict[str, Section]) -> dict[str, Section]:
    lines = list(lists.rows("sections.csv", SECTIONS, needed=False))
    spans = SpanReader("section", DATES, [line.cells[3:] for line in lines])
    lists.warnings.extend(spans.guesses("sections.csv"))
    sections: dict[str, Section] = {}
    for line in lines:
        section_id, course_id, status, begin, end = line.cells
        course = courses.get(course_id) or Section(ClassFields(course_id))
        own = spans.read(begin, end, f"sections.csv row {line.number}, ")
        sections[section_id] = Section(
            course.fields._replace(class_id=section_id),
            active=course.active and status.casefold() not in GONE,
            span=own.within(course.span),
        )
    lists.repeated("sections.csv", len(lines), len(sections))
    return sections


def _people(lists: Lists) -> dict[str, Person]:
    people: dict[str, Person] = {}
    rows = 0
    for line in lists.rows("users.csv", USERS):
        user_id, login_id, email, status = line.cells
        fields = PersonFields(user_id, email, login_id)
        people[user_id] = Person(fields, status.casefold() not in GONE)
        rows += 1
    lists.repeated("users.csv", rows, len(people))
    return people
