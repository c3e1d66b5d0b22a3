"""Northside, a school of nobody: its subjects, this year's classes, and who is in which."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from itertools import count as numbers
from math import ceil
from random import Random

from infra.samples.conditions import COURSES, CourseCondition, Pair
from infra.samples.people import ORDINARY, Person, students, teachers

SEATS = 26  # in a classroom
CLASSES_A_TEACHER = 4

# grade -> the subjects that everybody in it takes
CORE = {
    9: ("ENG9 English 9", "ALG1 Algebra I", "BIO Biology", "GEOG World Geography"),
    10: ("ENG10 English 10", "GEOM Geometry", "CHEM Chemistry", "WHIS World History"),
    11: ("ENG11 English 11", "ALG2 Algebra II", "PHYS Physics", "USHIS US History"),
    12: ("ENG12 English 12", "STAT Statistics", "ENV Environmental Science", "CIV Civics"),
}
ELECTIVES = (
    "ART Studio Art",
    "BAND Concert Band",
    "CS Computer Science",
    "DRAMA Theatre",
    "FREN French",
    "PE Physical Education",
    "SPAN Spanish",
    "WOOD Woodwork",
)
# A small club for each thing that can be the matter with a course in Classroom.
CLUBS = dict(
    zip(
        (
            "ROBOT Robotics Club",
            "YEARB Yearbook",
            "CHESS Chess Club",
            "GARDEN School Garden",
            "DUAL College Writing, dual enrollment",
            "DEBATE Debate Team",
            "JAZZ Jazz Band",
        ),
        COURSES,
        strict=True,
    )
)


@dataclass(frozen=True, kw_only=True)
class Year:
    """The school year around a day: from 1 July to 30 June, as districts account for it."""

    today: date

    @property
    def first(self) -> date:
        """The year's first day."""
        return date(self.today.year - (self.today.month < 7), 7, 1)

    @property
    def last(self) -> date:
        """The year's last day."""
        return date(self.first.year + 1, 6, 30)

    @property
    def lessons_begin(self) -> date:
        """24 August, or today if that is still to come: a student of today is in class today."""
        return min(self.today, date(self.first.year, 8, 24))


@dataclass(frozen=True, kw_only=True)
class SchoolClass:
    """One class of this year; its Classroom course has the alias `d:` and its id."""

    id: str
    title: str
    subject: str
    teachers: tuple[Person, ...]
    condition: CourseCondition | None = None
    status: str = "active"

    @property
    def course_id(self) -> str:
        """The course's alias."""
        return f"d:{self.id}"


Member = tuple[Person, SchoolClass]


@dataclass(frozen=True, kw_only=True)
class Northside:
    """The school as it is; the defects come later, when somebody writes it down."""

    year: Year
    students: tuple[Person, ...]
    teachers: tuple[Person, ...]
    classes: tuple[SchoolClass, ...]
    members: tuple[Member, ...]
    ordinary: tuple[Member, ...]
    """Those of whom nothing is special, in classes of which nothing is, in mixed order."""

    @property
    def both(self) -> tuple[Member, ...]:
        """Students whom the roster lists as teachers of the same class as well."""
        return self.ordinary[:3][: len(self.students) // 40]

    @property
    def helpers(self) -> tuple[Member, ...]:
        """Students who are teachers of the course in Classroom, unknown to the roster."""
        return self.ordinary[3:6][: len(self.students) // 40]

    @property
    def on_roster(self) -> tuple[Member, ...]:
        """Students whom somebody has added in Classroom already."""
        return self.ordinary[6:14][: len(self.students) // 10]


def pair(member: Member) -> Pair:
    """The course and student that Classroom would hear of."""
    person, group = member
    return group.course_id, person.email


def northside(count: int, year: Year, rng: Random) -> Northside:
    """A school with so many students, each in about five classes."""
    pupils = students(count, rng)
    chosen: dict[str, list[Person]] = {}
    for subject, person in _choices(pupils, rng):
        chosen.setdefault(subject, []).append(person)
    sections = sum(ceil(len(people) / SEATS) for people in chosen.values())
    staff = teachers(max(2, ceil(sections / CLASSES_A_TEACHER)), rng)
    groups = list(_sections(chosen, staff, year))
    members = tuple((person, group) for group, people in groups for person in people)
    ordinary = [it for it in members if it[0].speciality is ORDINARY and it[1].condition is None]
    rng.shuffle(ordinary)
    return Northside(
        year=year,
        students=pupils,
        teachers=staff,
        classes=tuple(group for group, _ in groups),
        members=members,
        ordinary=tuple(ordinary),
    )


def _choices(pupils: tuple[Person, ...], rng: Random) -> Iterator[tuple[str, Person]]:
    for person in pupils:
        yield from ((subject, person) for subject in CORE[person.grade or 9])
        electives = rng.choices((0, 1, 2), weights=(1, 7, 2))[0]
        yield from ((subject, person) for subject in rng.sample(ELECTIVES, electives))
    # Nobody with an account of interest is in a club: then both would be the matter.
    ordinary = [person for person in pupils if person.speciality is ORDINARY]
    size = min(5, max(1, len(pupils) // 50))
    for club in tuple(CLUBS)[: len(pupils) // 12]:
        yield from ((club, person) for person in rng.sample(ordinary, size))


def _sections(
    chosen: dict[str, list[Person]], staff: tuple[Person, ...], year: Year
) -> Iterator[tuple[SchoolClass, list[Person]]]:
    turn = numbers()
    for subject, people in chosen.items():
        code, _, title = subject.partition(" ")
        sections = ceil(len(people) / SEATS)
        for section in range(sections):
            number = next(turn)
            # Every tenth class has two teachers; the year keeps next year's class another course.
            lead, second = (staff[(number + more) % len(staff)] for more in (0, 1))
            yield (
                SchoolClass(
                    id=f"{code}-{section + 1:02}-{year.first.year}",
                    title=f"{title} {section + 1}" if sections > 1 else title,
                    subject=code,
                    teachers=(lead, second) if number % 10 == 9 else (lead,),
                    condition=CLUBS.get(subject),
                ),
                people[section::sections],
            )
