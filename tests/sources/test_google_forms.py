"""A response of a Google Form: what it asks for, for whom, and when a person decides."""

import pytest

from enrollment.request import Mode
from enrollment.sources.events import MOST_RECORDS, Passed, Wish
from enrollment.sources.forms import Form
from enrollment.sources.google_forms import (
    OLD,
    TYPED,
    UNPROVED,
    UNVERIFIED,
    Response,
    moment,
    read_response,
)
from enrollment.sources.skips import SkipReason

ADA, OFFICE = "ada@northside.example", "office@northside.example"
CHOICES = {"Algebra 1 (Mr Lee)": "d:ALG-1", "Choir": "93042581190"}
BY_RESPONDENT = {"course": "c", "student": "respondent"}
TYPED_IN = {"course": "c", "student": "s"}


def a_form(questions=BY_RESPONDENT, **said):
    return Form(id="18Xgmr4XQ-clubs-of-2026", questions=questions, **said)


def a_response(respondent=ADA, submitted="2026-08-20T18:25:43.045300Z", **answers):
    return Response(
        response_id="ACYDBN",
        submitted=submitted,
        respondent=respondent,
        answers={
            each: (said,) if isinstance(said, str) else said for each, said in answers.items()
        },
    )


def read(response, form, mode=Mode.ADMIN, *, verified=True, **more):
    return read_response(response, form, mode, verified=verified, **more).records


def test_a_choice_is_the_course_that_is_declared_for_it():
    (wish,) = read(a_response(c="Algebra 1 (Mr Lee)"), a_form(choices=CHOICES))

    assert (wish.course_id, wish.class_id, wish.student, wish.approve) == ("d:ALG-1", "", ADA, "")
    assert (wish.kind, wish.system) == ("google_form", "18Xgmr4XQ-clubs-of-2026")
    assert (wish.event_id, wish.version) == ("ACYDBN", "2026-08-20")
    assert wish.occurred_at.isoformat() == "2026-08-20T18:25:43.045300+00:00"


def test_spaces_make_no_other_choice():
    (wish,) = read(a_response(c=" Algebra 1  (Mr Lee) "), a_form(choices=CHOICES))

    assert wish.course_id == "d:ALG-1"


@pytest.mark.parametrize("chosen", ["Algebra 2", "d:SECRET", "93042581191"])
def test_what_is_none_of_the_choices_a_person_sees(chosen):
    (passed,) = read(a_response(c=chosen), a_form(choices=CHOICES))

    assert passed.reason is SkipReason.CLASS_UNKNOWN
    assert (passed.class_id, passed.user_id) == (chosen, ADA)


@pytest.mark.parametrize(
    ("written", "course_id", "class_id"),
    [
        ("d:BIO-7", "d:BIO-7", ""),
        ("p:club", "p:club", ""),
        ("93042581190", "93042581190", ""),
        ("BIO-7", "", "BIO-7"),
        ("12345", "", "12345"),
    ],
)
def test_without_choices_the_class_is_written(written, course_id, class_id):
    (wish,) = read(a_response(c=written), a_form())

    assert (wish.course_id, wish.class_id) == (course_id, class_id)


def test_each_box_is_a_record_with_a_place_of_its_own():
    records = read(a_response(c=("Choir", "Chess", "Choir")), a_form(choices=CHOICES))

    assert [type(each) for each in records] == [Wish, Passed, Wish]
    assert len({each.pointer for each in records}) == 3


@pytest.mark.parametrize("answers", [{}, {"c": ()}, {"c": " "}])
def test_a_response_without_a_class_a_person_sees(answers):
    (passed,) = read(a_response(**answers), a_form())

    assert (passed.reason, passed.user_id) == (SkipReason.NO_COURSE, ADA)


@pytest.mark.parametrize("typed", [(), " ", ("a@b.example", "c@d.example")])
def test_a_response_without_a_student_a_person_sees(typed):
    (passed,) = read(a_response(OFFICE, c="BIO-7", s=typed), a_form(TYPED_IN))

    assert (passed.reason, passed.class_id) == (SkipReason.NO_EMAIL, "BIO-7")


def test_who_is_not_collected_is_no_student():
    (passed,) = read(a_response("", c="BIO-7"), a_form(), verified=False)

    assert passed.reason is SkipReason.NO_EMAIL


@pytest.mark.parametrize(
    ("respondent", "typed", "verified", "doubt"),
    [
        (OFFICE, ADA, True, ""),
        ("Office@Northside.example", ADA, True, ""),
        (ADA, "Ada@northside.example", True, ""),
        (ADA, "bo@northside.example", True, TYPED),
        ("", ADA, True, TYPED),
        (OFFICE, ADA, False, UNVERIFIED),
        (ADA, ADA, False, UNVERIFIED),
    ],
)
def test_a_typed_student_is_believed_from_those_who_are_declared(
    respondent, typed, verified, doubt
):
    form = a_form(TYPED_IN, respondents=(OFFICE,))

    (wish,) = read(a_response(respondent, c="BIO-7", s=typed), form, verified=verified)

    assert (wish.student.lower(), wish.approve) == (typed.lower(), doubt)


def test_a_respondent_whom_nobody_verifies_is_doubted():
    (wish,) = read(a_response(c="BIO-7"), a_form(), verified=False)

    assert (wish.student, wish.approve) == (ADA, UNVERIFIED)


@pytest.mark.parametrize(("respondent", "doubt"), [(OFFICE, ""), (ADA, TYPED)])
def test_a_typed_id_of_a_person_is_a_typed_student(respondent, doubt):
    form = a_form({"course": "c", "user_id": "u"}, respondents=(OFFICE,))

    (wish,) = read(a_response(respondent, c="BIO-7", u="093889725"), form)

    assert (wish.user_id, wish.student, wish.approve) == ("093889725", "", doubt)


def test_nobody_at_all_is_not_somebody_s_own_answer():
    form = a_form({"course": "c", "student": "s", "user_id": "u"})

    (wish,) = read(a_response("", c="BIO-7", u="0017"), form)

    assert wish.approve == TYPED


def test_what_is_old_a_person_sees_first():
    (wish,) = read(a_response(c="BIO-7"), a_form(), old=True)

    assert wish.approve == OLD


def test_a_code_goes_with_the_wish():
    form = a_form(BY_RESPONDENT | {"enrollment_code": "e"})

    (wish,) = read(a_response(c="BIO-7", e=" abc1de2 "), form, Mode.CODE)

    assert wish.enrollment_code == "abc1de2"
    assert "abc1de2" not in repr(wish)


@pytest.mark.parametrize("code", [(), "", "two words", "é", "x" * 65])
def test_without_a_code_that_can_be_one_a_person_sees_it(code):
    form = a_form(BY_RESPONDENT | {"enrollment_code": "e"})

    (passed,) = read(a_response(c="BIO-7", e=code), form, Mode.CODE)

    assert passed.reason is SkipReason.UNREADABLE_ROW


def test_more_classes_than_are_published_at_once_are_one_item_for_a_person():
    (passed,) = read(a_response(c=tuple(map(str, range(MOST_RECORDS + 1)))), a_form())

    assert passed.reason is SkipReason.UNREADABLE_ROW


@pytest.mark.parametrize(
    ("earlier", "later"),
    [
        ("2026-08-20T18:25:43Z", "2026-08-20T18:25:43.000001Z"),
        ("2026-08-20T18:25:43.1Z", "2026-08-20T18:25:43.10001Z"),
        ("2026-08-20T18:25:43.123456Z", "2026-08-20T18:25:43.123457Z"),
        ("2026-08-20T18:25:43.123456788Z", "2026-08-20T18:25:43.123456789Z"),
        ("2026-08-20T18:25:43.9Z", "2026-08-20T18:25:44Z"),
    ],
)
def test_times_are_compared_with_every_digit(earlier, later):
    assert moment(earlier) < moment(later)


def test_a_zero_more_is_the_same_time():
    assert moment("2026-08-20T18:25:43.1Z") == moment("2026-08-20T18:25:43.100Z")


def test_nobody_joins_with_a_code_on_a_typed_address():
    form = a_form(BY_RESPONDENT | {"enrollment_code": "e"})

    (passed,) = read(a_response(c="BIO-7", e="abc1de2"), form, Mode.CODE, verified=False)

    assert (passed.reason, passed.detail) == (SkipReason.NO_EMAIL, UNPROVED)
