"""The directory knows of a person or a class what its source has told last."""

from datetime import date, timedelta

import pytest

from enrollment.sources.candidates import Person, Section
from enrollment.sources.dates import Bound, Span
from enrollment.sources.known import Known
from enrollment.sources.rules import ClassFields, PersonFields
from tests.contract.builders import NOON, all_at_once

ADA = Person(
    PersonFields("093889725", "ada@northside.example", "ada"),
    active=False,
    other_role="users gives the role teacher",
    changed_at=NOON,
)
BIOLOGY = Section(
    ClassFields("sec/1 é", "BIO-7", "BIO", "2026-fall", "2027"),
    active=False,
    span=Span(Bound(date(2026, 8, 24), "term"), Bound(date(2026, 12, 18), "term"), "a fault"),
    changed_at=NOON,
)
BOTH = Known({"093889725": ADA}, {"sec/1 é": BIOLOGY})


def learn(directories, known, source="sis"):
    directories.port.learn(source, known, NOON, directories.deadline)


def find(directories, people=(), sections=(), source="sis"):
    return directories.again().find(source, people, sections, directories.deadline)


def test_what_was_learnt_comes_back_as_it_was(directories):
    learn(directories, BOTH)

    assert find(directories, ["093889725"], ["sec/1 é"]) == BOTH


def test_what_nobody_told_is_not_known(directories):
    learn(directories, BOTH)

    assert find(directories, ["93889725"], ["sec/2"]) == Known()
    assert find(directories) == Known()


def test_what_was_told_last_counts(directories):
    learn(directories, BOTH)
    moved = Person(PersonFields("093889725", "ada.l@northside.example"))

    learn(directories, Known({"093889725": moved}))

    assert find(directories, ["093889725"], ["sec/1 é"]) == Known(
        {"093889725": moved}, {"sec/1 é": BIOLOGY}
    )


@pytest.mark.parametrize("other", ["SIS", "sis2", "si"])
def test_no_source_knows_what_another_one_told(directories, other):
    learn(directories, BOTH)

    assert find(directories, ["093889725"], ["sec/1 é"], source=other) == Known()


def test_a_person_is_no_class_of_the_same_id(directories):
    learn(directories, Known({"7": ADA}))

    assert find(directories, [], ["7"]) == Known()


def test_a_whole_school_is_learnt_and_found(directories):
    people = {f"{n:05}": Person(PersonFields(f"{n:05}")) for n in range(1_201)}

    learn(directories, Known(people))

    assert find(directories, list(people)).people == people


def a_person(address, **since_noon):
    changed_at = NOON + timedelta(**since_noon) if since_noon else None
    return Person(PersonFields("7", address), changed_at=changed_at)


def a_class(code, **since_noon):
    return Section(ClassFields("7", code), changed_at=NOON + timedelta(**since_noon))


@pytest.mark.parametrize(
    ("first", "second", "counts"),
    [
        ({"minutes": 1}, {"minutes": 2}, "second"),
        ({"minutes": 2}, {"minutes": 1}, "first"),
        ({"microseconds": 2}, {"microseconds": 1}, "first"),
        ({"minutes": 1}, {"minutes": 1}, "second"),
        ({"minutes": 2}, {}, "second"),
        ({}, {"minutes": -2}, "second"),
    ],
)
def test_what_is_out_of_date_by_its_own_time_changes_nothing(directories, first, second, counts):
    told = {"first": a_person("first@x.example", **first),
            "second": a_person("second@x.example", **second)}  # fmt: skip

    learn(directories, Known({"7": told["first"]}))
    learn(directories, Known({"7": told["second"]}))

    assert find(directories, ["7"]).people == {"7": told[counts]}


def test_of_many_at_once_only_those_that_are_out_of_date_are_passed_over(directories):
    kept = Known({"7": a_person("new@x.example", minutes=5)}, {"7": a_class("new", minutes=5)})
    learn(directories, kept)
    others = {f"s{n}": a_person(f"s{n}@x.example", minutes=1) for n in range(501)}

    older = {"7": a_person("old@x.example", minutes=1)}
    learn(directories, Known(older | others, {"7": a_class("old", minutes=1)}))

    assert find(directories, ["7", *others], ["7"]) == Known(
        {"7": kept.people["7"], **others}, kept.sections
    )


def test_of_many_at_the_same_moment_the_newest_is_known_in_the_end(directories):
    def one(number):
        told = Known({"7": a_person(f"s{number}@x.example", minutes=number)})
        directories.again().learn("sis", told, NOON, directories.deadline)

    all_at_once(4, one)

    assert find(directories, ["7"]).people["7"].fields.email == "s3@x.example"
