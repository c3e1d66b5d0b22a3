"""The lists beside the enrollments of a OneRoster export: sessions, classes, users and roles."""

from datetime import date
from typing import NamedTuple

from enrollment.sources.candidates import Person, Section
from enrollment.sources.dates import ALWAYS, Bound, Span, SpanReader
from enrollment.sources.files import RosterFiles
from enrollment.sources.lists import Lists
from enrollment.sources.roles import OTHERS
from enrollment.sources.rules import ClassFields, PersonFields
from enrollment.sources.words import counted

# SDS v2.1 has names of its own for the terms of a class and the dates of a role.
TERMS = ("termSourcedIds", "sessionSourcedIds")
CLASSES = ("sourcedId", "status", "classCode", "courseSourcedId", TERMS)
USERS = ("sourcedId", "status", "enabledUser", "role", "username", "email")
SESSIONS = ("sourcedId", "schoolYear", "startDate", "endDate")
ROLE_DATES = (("beginDate", "roleStartDate"), ("endDate", "roleEndDate"))
ROLES = ("userSourcedId", "status", "role", *ROLE_DATES)
STUDENT = "student"
GONE = ("tobedeleted", "inactive")
NO = ("false", "0", "no", "n", "f")


class RosterLists(NamedTuple):
    """Classes and people by their ids."""

    sections: dict[str, Section]
    people: dict[str, Person]
    warnings: list[str]


class _Session(NamedTuple):
    span: Span
    school_year: str


def read_lists(files: RosterFiles, as_of: date, *, sessions_needed: bool) -> RosterLists:
    """All lists of the export. Raises RosterError if one of them is no table."""
    lists = Lists(files)
    sections = _sections(lists, _sessions(lists, needed=sessions_needed))
    people = _people(lists, _roles(lists, as_of))
    return RosterLists(sections, people, lists.warnings)


def _sessions(lists: Lists, *, needed: bool) -> dict[str, _Session]:
    lines = list(lists.rows("academicSessions.csv", SESSIONS, needed=needed))
    spans = SpanReader("term", ("startDate", "endDate"), [line.cells[2:] for line in lines])
    lists.warnings.extend(spans.guesses("academicSessions.csv"))
    sessions = {}
    for line in lines:
        session_id, school_year, begin, end = line.cells
        span = spans.read(begin, end, f"academicSessions.csv row {line.number}, ")
        sessions[session_id] = _Session(span, school_year)
    return sessions


def _sections(lists: Lists, sessions: dict[str, _Session]) -> dict[str, Section]:
    sections: dict[str, Section] = {}
    rows = unknown = 0
    for line in lists.rows("classes.csv", CLASSES):
        class_id, status, code, course, term_ids = line.cells
        terms = sorted({term.strip() for term in term_ids.split(",")} - {""})
        known = [sessions[term] for term in terms if term in sessions]
        first = min(terms, key=lambda term: _beginning(sessions.get(term)), default="")
        year = sessions[first].school_year if first in sessions else ""
        sections[class_id] = Section(
            ClassFields(class_id, code, course, first, year),
            active=status.casefold() not in GONE,
            span=_whole(known) if len(known) == len(terms) else ALWAYS,
        )
        rows += 1
        unknown += len(known) < len(terms)
    lists.repeated("classes.csv", rows, len(sections))
    if unknown:
        named = counted(unknown, "class names", "classes name")
        lists.warnings.append(
            f"classes.csv: {named} a term that academicSessions.csv does not list;"
            " only the dates of their enrollments count"
        )
    return sections


def _beginning(session: _Session | None) -> date:
    return session.span.begin.day if session and session.span.begin else date.max


def _whole(sessions: list[_Session]) -> Span:
    """From the first begin to the last end; open where one of the terms is."""
    spans = [session.span for session in sessions]
    begins = [span.begin for span in spans if span.begin]
    ends = [span.end for span in spans if span.end]
    return Span(
        min(begins, key=_day) if begins and len(begins) == len(spans) else None,
        max(ends, key=_day) if ends and len(ends) == len(spans) else None,
        next((span.fault for span in spans if span.fault), ""),
    )


def _day(bound: Bound) -> date:
    return bound.day


def _roles(lists: Lists, as_of: date) -> dict[str, set[str]]:
    """The roles of each person that are in force (1.2; in 1.1 a user has one role)."""
    lines = list(lists.rows("roles.csv", ROLES, needed=False))
    spans = SpanReader("role", ("beginDate", "endDate"), [line.cells[3:] for line in lines])
    lists.warnings.extend(spans.guesses("roles.csv"))
    roles: dict[str, set[str]] = {}
    for line in lines:
        user_id, status, role, begin, end = line.cells
        over = spans.read(begin, end).end
        if status.casefold() not in GONE and not (over and over.day < as_of):
            roles.setdefault(user_id, set()).add(role.casefold())
    return roles


def _people(lists: Lists, roles: dict[str, set[str]]) -> dict[str, Person]:
    people: dict[str, Person] = {}
    rows = 0
    for line in lists.rows("users.csv", USERS):
        user_id, status, enabled, role, username, email = line.cells
        people[user_id] = Person(
            PersonFields(user_id, email, username),
            active=status.casefold() not in GONE and enabled.casefold() not in NO,
            other_role=_conflict(role.casefold(), roles.get(user_id, set())),
        )
        rows += 1
    lists.repeated("users.csv", rows, len(people))
    return people


def _conflict(own: str, roles: set[str]) -> str:
    """What says that the person is no student, or ""."""
    given = (roles or {own}) - {""}
    if not given or STUDENT in given:
        return ""
    place, role = "roles.csv" if roles else "users.csv", min(given)
    return f"{place} gives {f'the role {role}' if role in OTHERS else 'another role'}"
