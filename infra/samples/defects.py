"""How Northside's enrollments are written down: who is in what, and each way of going wrong."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice

from infra.samples.northside import Member, Northside, SchoolClass, Year

Row = dict[str, str]
Strangers = Iterator[Member]
"""Ordinary students, each with a class of this year that they are not in; none comes twice."""
Writer = Callable[[Northside, Strangers], Iterator[Row]]

# Classes that are in classes.csv only to say that they are gone.
DELETED = tuple(
    SchoolClass(id=f"{code}-OLD", title=title, subject=code, teachers=(), status="tobedeleted")
    for code, title in (("FREN", "French (given up)"), ("ART", "Art (merged)"))
)


def row(member: Member, year: Year) -> Row:
    """The line that says that this person is in this class."""
    person, group = member
    return {
        "sourcedId": f"{person.id}_{group.id}",
        "status": "active",
        "dateLastModified": f"{year.lessons_begin - timedelta(days=10)}T06:30:00.000Z",
        "classSourcedId": group.id,
        "schoolSourcedId": "0100",
        "userSourcedId": person.id,
        "role": person.role,
        "primary": "false",
        "beginDate": str(year.lessons_begin),
        "endDate": str(year.last),
    }


@dataclass(frozen=True)
class Defect:
    """One way in which a roster goes wrong.

    `is_sent` if it is no reason to leave the rows out; `withholds` if sound rows of the same
    student and class cannot be believed beside these.
    """

    name: str
    rows: Writer
    is_sent: bool = False
    withholds: bool = False


def strangers(school: Northside) -> Strangers:
    """Every ordinary student with every class that would be new to them, well mixed."""
    inside = {(person.id, group.id) for person, group in school.members}
    people = list(dict.fromkeys(person.id for person, _ in school.ordinary))
    known = {person.id: person for person in school.students}
    groups = [group for group in school.classes if group.condition is None]
    for shift in range(len(groups)):
        for number, person_id in enumerate(people):
            group = groups[(7 * number + shift) % len(groups)]
            if (person_id, group.id) not in inside:
                yield known[person_id], group


def _changed(count: int, **changes: str) -> Writer:
    """Rows of strangers, the same fields changed in each."""

    def rows(school: Northside, others: Strangers) -> Iterator[Row]:
        for member in islice(others, count):
            yield row(member, school.year) | changes

    return rows


def _dated(count: int, begin: int, end: int) -> Writer:
    """Rows of strangers that begin and end so many days from today."""

    def rows(school: Northside, others: Strangers) -> Iterator[Row]:
        first, last = (school.year.today + timedelta(days=days) for days in (begin, end))
        return _changed(count, beginDate=str(first), endDate=str(last))(school, others)

    return rows


def _teachers(school: Northside, _: Strangers) -> Iterator[Row]:
    for group in school.classes:
        for place, teacher in enumerate(group.teachers):
            yield row((teacher, group), school.year) | {"primary": "false" if place else "true"}


def _teachers_as_students(school: Northside, _: Strangers) -> Iterator[Row]:
    others = zip(school.teachers, school.classes[1:], strict=False)
    for teacher, group in islice((it for it in others if it[0] not in it[1].teachers), 3):
        yield row((teacher, group), school.year) | {"role": "student"}


def _in_deleted_classes(school: Northside, others: Strangers) -> Iterator[Row]:
    for number, (person, _) in enumerate(islice(others, 4)):
        yield row((person, DELETED[number % len(DELETED)]), school.year)


def _teachers_too(school: Northside, _: Strangers) -> Iterator[Row]:
    for member in school.both:
        line = row(member, school.year)
        yield line | {"sourcedId": f"{line['sourcedId']}_t", "role": "teacher"}


def _again(school: Northside, _: Strangers) -> Iterator[Row]:
    yield from (row(member, school.year) for member in school.ordinary[20:60:10])


def _again_with_another_id(school: Northside, _: Strangers) -> Iterator[Row]:
    for member in school.ordinary[25:60:10]:
        line = row(member, school.year)
        yield line | {"sourcedId": f"{line['sourcedId']}_2"}


DEFECTS = (
    Defect("teacher row", _teachers),
    Defect("teacher enrolled as a student", _teachers_as_students),
    Defect("active in a class that is to be deleted", _in_deleted_classes),
    Defect("row that is to be deleted", _changed(5, status="tobedeleted")),
    Defect("active though ended", _dated(5, begin=-80, end=-20)),
    Defect("active before the beginning", _dated(4, begin=30, end=120)),
    Defect("user who is in no file", _changed(3, userSourcedId="00999999")),
    Defect("class that is in no file", _changed(3, classSourcedId="GHOST-01")),
    Defect("date that is not ISO", _changed(3, beginDate="1/05/2023"), is_sent=True),
    Defect("role in capitals", _changed(3, role="Student"), is_sent=True),
    Defect("teacher and student of one class", _teachers_too, withholds=True),
    Defect("same row twice", _again, is_sent=True),
    Defect("same enrollment under another id", _again_with_another_id, is_sent=True),
)
