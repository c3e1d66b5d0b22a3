"""A school from JSON, and what is wrong with a file that is none."""

import pytest

from infra.fake_classroom import School, SchoolFileError
from tests.infra.fake_classroom.builders import ADA, ADMIN, TEACHER, a_document, a_school


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({"domains": "northside.example"}, "domains"),
        ({"administrator": "admin"}, "administrator"),
        ({"administrator": "admin@elsewhere.example"}, "administrator"),
        ({"colour": "blue"}, "colour"),
        ({"accounts": [{"state": "active"}]}, "accounts[0].email"),
        ({"accounts": [{"email": ADA, "state": "asleep"}]}, "accounts[0].state"),
        ({"accounts": [{"email": ADA}, {"email": ADA.upper()}]}, "accounts[1].email"),
        ({"accounts": [{"email": ADA, "for_calls": -1}]}, "accounts[0].for_calls"),
        ({"accounts": ["ada"]}, "accounts[0]"),
        ({"courses": [{}]}, "courses[0]"),
        ({"courses": [{"name": "A", "state": "OPEN"}]}, "courses[0].state"),
        ({"courses": [{"aliases": ["math"]}]}, "courses[0].aliases[0]"),
        (
            {"courses": [{"aliases": ["d:m"]}, {"id": "7", "aliases": ["d:m"]}]},
            "courses[1].aliases[0]",
        ),
        ({"courses": [{"name": "A", "students": [ADMIN]}]}, "courses[0].students"),
    ],
)
def test_a_mistake_is_named_by_its_place_without_anybodys_address(change, place):
    document = a_document() | change

    with pytest.raises(SchoolFileError) as wrong:
        School.from_json(document)

    assert [problem.place for problem in wrong.value.problems] == [place]
    assert "@" not in str(wrong.value)


def test_every_mistake_is_told_at_once():
    document = {"administrator": "x", "accounts": [{}], "courses": [{"owner": 1}]}

    with pytest.raises(SchoolFileError) as wrong:
        School.from_json(document)

    places = {problem.place for problem in wrong.value.problems}
    assert places == {
        "domains",
        "administrator",
        "accounts[0].email",
        "courses[0].owner",
        "courses[0]",
    }


def test_ids_belong_to_address_and_alias_for_ever():
    one, other = a_school(), a_school({"email": "first@northside.example"})

    assert one.account(ADA).id == other.account(ADA).id == "120357002700954890187"
    assert one.course("d:math 101/a").id == other.course("d:math 101/a").id


def test_whoever_a_course_names_has_an_account_and_the_owner_teaches():
    school = a_school(students=["new@northside.example"], teachers=["co@northside.example"])

    course = school.course("d:math 101/a")

    assert list(course.students) == [school.account("new@northside.example").id]
    assert list(course.teachers) == [
        school.account(TEACHER).id,
        school.account("co@northside.example").id,
    ]


def test_a_school_can_be_written_down_and_read_again():
    school = a_school({"email": "y@northside.example", "state": "young"}, students=[ADA])

    again = School.from_json(school.to_json())

    assert again.to_json() == school.to_json()
