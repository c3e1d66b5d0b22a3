"""Northside as the rows of a OneRoster export."""

from collections.abc import Iterable, Iterator, Sequence

from infra.samples.defects import DELETED, Row
from infra.samples.northside import CLUBS, CORE, ELECTIVES, Northside
from infra.samples.oneroster import FORMS, manifest, render
from infra.samples.people import ADMINISTRATOR, Person

DISTRICT, SCHOOL = "0001", "0100"  # zeros in front that a spreadsheet would lose


def files(school: Northside, enrollments: Sequence[Row]) -> dict[str, bytes]:
    """The whole export, file by file; the rows of a class stand together."""
    ordered = sorted(enrollments, key=lambda it: (it["classSourcedId"], it["sourcedId"]))
    rows: dict[str, Iterable[Row]] = {
        "manifest.csv": manifest("Northside SIS", [name for name in FORMS if name[0] != "m"]),
        "orgs.csv": _orgs(),
        "academicSessions.csv": _sessions(school),
        "courses.csv": _courses(school),
        "classes.csv": _classes(school),
        "users.csv": _users(school),
        "enrollments.csv": ordered,
    }
    return {name: render(form, rows[name]) for name, form in FORMS.items()}


def _orgs() -> Iterator[Row]:
    yield {"sourcedId": DISTRICT, "name": "Northside Schools", "type": "district"}
    yield {
        "sourcedId": SCHOOL,
        "name": "Northside High School",
        "type": "school",
        "parentSourcedId": DISTRICT,
    }


def _sessions(school: Northside) -> Iterator[Row]:
    year = school.year
    yield {
        "sourcedId": f"SY{year.last.year}",
        "title": f"{year.first.year}-{year.last.year}",
        "type": "schoolYear",
        "startDate": str(year.first),
        "endDate": str(year.last),
        "schoolYear": str(year.last.year),
    }


def _courses(school: Northside) -> Iterator[Row]:
    subjects = [subject for core in CORE.values() for subject in core]
    for subject in (*subjects, *ELECTIVES, *CLUBS):
        code, _, title = subject.partition(" ")
        yield {
            "sourcedId": code,
            "schoolYearSourcedId": f"SY{school.year.last.year}",
            "title": title,
            "courseCode": code,
            "orgSourcedId": SCHOOL,
        }


def _classes(school: Northside) -> Iterator[Row]:
    for group in (*school.classes, *DELETED):
        yield {
            "sourcedId": group.id,
            # A bulk file leaves the status out; this one fills it in where it matters.
            "status": "" if group.status == "active" else group.status,
            "title": group.title,
            "courseSourcedId": group.subject,
            "classCode": group.id,
            "classType": "scheduled",
            "schoolSourcedId": SCHOOL,
            "termSourcedIds": f"SY{school.year.last.year}",
        }


def _users(school: Northside) -> Iterator[Row]:
    office = {"enabledUser": "true", "orgSourcedIds": SCHOOL}
    yield office | {
        "sourcedId": "A00001",
        "role": "administrator",
        "username": "admin",
        "givenName": "Sam",
        "familyName": "Northcott",
        "email": ADMINISTRATOR,
    }
    for person in (*school.teachers, *school.students):
        yield office | _user(person)


def _user(person: Person) -> Row:
    return {
        "sourcedId": person.id,
        "role": person.role,
        "username": person.id,
        "givenName": person.given,
        "familyName": person.family,
        "identifier": person.id,
        "email": person.written,
        "grades": f"{person.grade:02}" if person.grade else "",
        "prefferedGivenName": "",
    }
