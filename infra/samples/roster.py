"""Northside: a made-up school, its roster as an SIS exports it, and its Google Classroom."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from random import Random
from typing import Any

from infra.samples import oneroster, tables
from infra.samples.conditions import SHORTENED, Json, Pair
from infra.samples.defects import DEFECTS, Row, row, strangers
from infra.samples.northside import Northside, Year, northside, pair
from infra.samples.people import (
    ADMINISTRATOR,
    ORDINARY,
    STAFF_DOMAIN,
    STUDENT_DOMAIN,
    TRUSTED_DOMAIN,
    UNTRUSTED_DOMAIN,
)
from infra.samples.plan import Plan

# How `sources.toml` would declare the roster. A domain that is not named here is a typing error.
SOURCE: dict[str, Any] = {
    "kind": "file",
    "format": "oneroster",
    "email_domains": [STUDENT_DOMAIN, STAFF_DOMAIN, TRUSTED_DOMAIN, UNTRUSTED_DOMAIN],
    "courses": ["d:*"],
    "mode": "admin",
    "cannot_add": "review",
    "course_id": "d:{class_id}",
    "student": "{user_email}",
}


@dataclass(frozen=True, kw_only=True)
class Sample:
    """A roster, the school that it is for, and what shall become of every request in it."""

    files: dict[str, bytes]
    school: Json
    expected: dict[Pair, str]
    defects: dict[str, tuple[str, ...]]
    source: dict[str, Any]

    def write_folder(self, path: Path) -> None:
        """Write the export into a folder, which is made if it is not there."""
        oneroster.write_folder(self.files, path)

    def write_zip(self, path: Path) -> None:
        """Write the export as a zip, byte for byte the same for the same sample."""
        path.write_bytes(oneroster.zipped(self.files))


def sample(
    students: int = 250, seed: int = 1, *, as_of: date, time_scale: float = SHORTENED
) -> Sample:
    """The Northside of the school year around `as_of`, the same for the same arguments.

    `expected` holds every pair that the roster makes sendable on that day, students in lower case.
    `defects` names the ids or files that have each defect. `time_scale` says how far hours of the
    product are shortened: at 1/3600 an account that is too young for three hours is so for three
    seconds. Every condition and defect is there from 100 students on.
    """
    rng = Random(seed)
    school = northside(students, Year(today=as_of), rng)
    enrollments = _enrollments(school)
    plan = _plan(school, _sendable(school, enrollments))
    return Sample(
        files=tables.files(school, [line for lines in enrollments.values() for line in lines]),
        school=plan.school(time_scale=time_scale),
        expected=plan.expected(),
        defects=dict(_defects(school, enrollments)),
        source=SOURCE,
    )


def _enrollments(school: Northside) -> dict[str, list[Row]]:
    """The rows of enrollments.csv, the sound ones under an empty name and the others by defect."""
    others = strangers(school)
    rows = {"": [row(member, school.year) for member in school.members]}
    return rows | {defect.name: list(defect.rows(school, others)) for defect in DEFECTS}


def _sendable(school: Northside, enrollments: dict[str, list[Row]]) -> Iterator[Pair]:
    """The pairs of the rows that are as they should be, or wrong in a way that does not matter."""
    people = {person.id: person for person in (*school.students, *school.teachers)}
    sent = ["", *(defect.name for defect in DEFECTS if defect.is_sent)]
    withheld = {
        (line["classSourcedId"], line["userSourcedId"])
        for defect in DEFECTS
        if defect.withholds
        for line in enrollments[defect.name]
    }
    for line in (line for name in sent for line in enrollments[name]):
        person = people[line["userSourcedId"]]
        if person.is_reachable and (line["classSourcedId"], person.id) not in withheld:
            yield f"d:{line['classSourcedId']}", person.email


def _plan(school: Northside, pairs: Iterator[Pair]) -> Plan:
    return Plan(
        pairs=tuple(dict.fromkeys(pairs)),
        administrator=ADMINISTRATOR,
        domains=(STAFF_DOMAIN, STUDENT_DOMAIN),
        trusted_domains=(TRUSTED_DOMAIN,),
        titles={group.course_id: group.title for group in school.classes},
        teachers={
            group.course_id: tuple(teacher.email for teacher in group.teachers)
            for group in school.classes
        },
        accounts={
            person.email: person.speciality.condition
            for person in school.students
            if person.speciality.condition
        },
        courses={group.course_id: group.condition for group in school.classes if group.condition},
        teaching=frozenset(map(pair, school.helpers)),
        on_roster=frozenset(map(pair, school.on_roster)),
    )


def _defects(
    school: Northside, enrollments: dict[str, list[Row]]
) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Where each defect is: ids of enrollments, ids of users, names of files."""
    for defect in DEFECTS:
        yield defect.name, tuple(line["sourcedId"] for line in enrollments[defect.name])
    for kind in dict.fromkeys(person.speciality for person in school.students):
        if kind is not ORDINARY:
            yield kind.name, tuple(it.id for it in school.students if it.speciality is kind)
    for flaw in dict.fromkeys(flaw for form in oneroster.FORMS.values() for flaw in form.flaws):
        yield flaw, tuple(name for name, form in oneroster.FORMS.items() if flaw in form.flaws)
