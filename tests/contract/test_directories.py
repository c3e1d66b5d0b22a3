"""The directory knows of a person or a class what its source has told last."""

from datetime import date

import pytest

from enrollment.sources.candidates import Person, Section
from enrollment.sources.dates import Bound, Span
from enrollment.sources.known import Known
from enrollment.sources.rules import ClassFields, PersonFields
from tests.contract.builders import NOON

ADA = Person(
    PersonFields("093889725", "ada@northside.example", "ada"),
    active=False,
    other_role="users gives the role teacher",
)
BIOLOGY = Section(
    ClassFields("sec/1 é", "BIO-7", "BIO", "2026-fall", "2027"),
    active=False,
    span=Span(Bound(date(2026, 8, 24), "term"), Bound(date(2026, 12, 18), "term"), "a fault"),
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
