"""What was filled in at a hosted form, as a wish, or as what is wrong with each field."""

from datetime import date

import pytest

from enrollment.sources.answers import course_named
from enrollment.sources.declared import parse_declared
from enrollment.sources.events import Unfit
from enrollment.sources.web_form import NOBODY, offered, read_web_form

ADA = "ada@northside.example"


def declared(more=""):
    text = f'[sources.signup]\nkind = "web_form"\nformat = "web_form"\n{more}'
    return parse_declared(text).sources["signup"]


TODAY = date(2026, 11, 24)
CHOICES = declared('form = { choices = { "Chess  (Mr Lee)" = "d:CHESS" } }')
CODE = declared(
    'mode = "code"\nemail_domains = ["northside.example"]\n'
    'verify = { scheme = "google-sign-in", client_id = "c", secrets = ["env://S"] }'
)


def wish(filled, said=CHOICES, person=None):
    (record,) = read_web_form(filled, said, person, "page-1", TODAY).records
    return record


def faults(filled, said, person=None):
    with pytest.raises(Unfit) as caught:
        read_web_form(filled, said, person, "page-1", TODAY)
    return [(each.pointer, each.code) for each in caught.value.faults]


def test_a_choice_is_the_course_that_is_declared_for_it():
    read = wish({"student": ADA, "course": " Chess (Mr  Lee) "})

    assert (read.course_id, read.class_id, read.student) == ("d:CHESS", "", ADA)


def test_nobody_has_proved_what_is_typed():
    assert wish({"student": ADA, "course": "Chess (Mr Lee)"}).approve == NOBODY


def test_who_has_signed_in_is_the_student_whatever_is_typed():
    filled = {"student": "bob@northside.example", "course": "d:X", "enrollment_code": "abc1de2"}

    read = wish(filled, CODE, person=ADA)

    assert (read.student, read.enrollment_code, read.approve) == (ADA, "abc1de2", "")


def test_every_field_is_looked_at():
    limited = declared('email_domains = ["northside.example"]')

    assert faults({"student": "ada@elsewhere.example"}, limited) == [
        ("student", "outside_domains"),
        ("course", "missing"),
    ]
    assert faults({"course": "x" * 257, "enrollment_code": "a-b"}, CODE, ADA) == [
        ("course", "too_long"),
        ("enrollment_code", "malformed"),
    ]


@pytest.mark.parametrize(
    ("answer", "named"),
    [
        ("Chess", ("d:CHESS", "")),
        ("d:BIO-7", ("d:BIO-7", "")),
        ("p:x", ("p:x", "")),
        ("7315689273", ("7315689273", "")),
        ("0017", ("", "0017")),
        ("BIO-7", ("", "BIO-7")),
        ("d:", ("", "d:")),
    ],
)
def test_an_answer_names_a_course_or_what_the_school_calls_a_class(answer, named):
    assert course_named(answer, {"Chess": "d:CHESS"}) == named


@pytest.mark.parametrize(
    ("more", "shown"),
    [
        ("", ()),
        ('courses = ["d:A", "d:B"]', ("d:A", "d:B")),
        ('courses = ["d:A", "d:*-2026"]', ()),
        ('courses = ["d:A"]\nform = { choices = { A = "d:A" } }', ("A",)),
    ],
)
def test_choices_are_offered_or_courses_without_a_pattern(more, shown):
    assert tuple(offered(declared(more))) == shown


def test_a_course_with_two_spaces_in_its_name_can_be_chosen():
    said = declared('courses = ["d:Art  7"]')

    assert wish({"student": ADA, "course": "d:Art  7"}, said).course_id == "d:Art  7"


def test_on_another_day_the_same_is_asked_for_anew():
    first, second = (
        read_web_form({"course": "Chess (Mr Lee)"}, CHOICES, ADA, "page", TODAY.replace(day=day))
        for day in (24, 25)
    )

    assert [first.records[0].version, second.records[0].version] == ["2026-11-24", "2026-11-25"]


def test_what_is_asked_for_with_a_code_is_another_wish_than_without_one():
    filled = {"course": "d:MATH-1", "enrollment_code": "abc1de2"}

    assert wish(filled, CODE, ADA).version == "2026-11-24, by code"
