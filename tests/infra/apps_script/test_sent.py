"""What a submission becomes: one signed request that says who, where and since when."""

import json

import pytest

from tests.infra.apps_script.receiver import problem, receiving
from tests.infra.apps_script.school_form import (
    ADA,
    BEN,
    CODE,
    NOON,
    OTHER_SECRET,
    STUDENT,
    SchoolForm,
    set_up,
)


def test_a_submission_is_accepted_and_says_nothing_but_who_and_where(form, receiver):
    form.submit("d:MATH-101-3")

    assert receiver.accepted == [
        {
            "course_id": "d:MATH-101-3",
            "student": ADA,
            "origin": {
                "kind": "apps_script",
                "system": "form-1",
                "event_id": "2_ABaOnu0",
                "occurred_at": "2026-08-22T12:00:00.000Z",
                "version": "2026-fall",
            },
        }
    ]
    assert form.failed == {}


def test_letters_beyond_ascii_are_signed_as_they_are_sent(form, receiver):
    form.submit("Física 2 · 日本 🎓")

    assert receiver.accepted[0]["class_id"] == "Física 2 · 日本 🎓"


@pytest.mark.parametrize(
    ("course", "field"),
    [
        ("d:MATH-101-3", "course_id"),
        ("p:algebra", "course_id"),
        ("123456789012", "course_id"),
        ("MATH-101-3", "class_id"),
        ("1002683", "class_id"),
    ],
)
def test_classroom_s_own_names_are_courses_and_the_school_s_are_classes(
    form, receiver, course, field
):
    form.submit(course)

    assert receiver.accepted[0][field] == course


def test_another_secret_is_refused(node):
    with receiving(OTHER_SECRET) as stranger:
        form = SchoolForm(stranger)
        set_up(form)

        form.submit()

        assert len(stranger.requests) == 1  # another try could not help
        assert stranger.accepted == []
        assert form.failed == {"2_ABaOnu0": ("unauthorized", "")}


def test_while_a_secret_is_replaced_both_are_accepted(form, receiver):
    receiver.secrets.append(OTHER_SECRET)

    form.submit(who=ADA)
    form.properties["SECRET"] = OTHER_SECRET
    form.submit(who=BEN)

    assert [each["student"] for each in receiver.accepted] == [ADA, BEN]


def test_a_trigger_that_runs_twice_makes_the_same_delivery(form, receiver):
    key = form.answer()

    form.run("onResponse", submitted=key)
    form.run("onResponse", submitted=key)

    first, second = receiver.ids
    assert first == second
    assert first.startswith(f"msg_2_ABaOnu0_{NOON}_")


def test_a_changed_response_is_another_delivery_of_the_same_term(form, receiver):
    form.submit("d:ART-2", key="r")
    form.submit("d:MATH-101-3", key="r", at=NOON + 1)

    assert len(set(receiver.ids)) == 2
    assert [each["course_id"] for each in receiver.accepted] == ["d:ART-2", "d:MATH-101-3"]
    assert {each["origin"]["version"] for each in receiver.accepted} == {"2026-fall"}


def test_another_term_is_another_delivery_and_another_version(form, receiver):
    key = form.answer()

    form.run("onResponse", submitted=key)
    form.properties["TERM"] = "2027-spring"
    form.run("onResponse", submitted=key)

    assert len(set(receiver.ids)) == 2
    versions = [each["origin"]["version"] for each in receiver.accepted]
    assert versions == ["2026-fall", "2027-spring"]


def test_courses_map_what_was_chosen_to_what_classroom_knows(form, receiver):
    courses = {"Algebra 1 (Mr Lee)": "d:MATH-101-3", "Kunst · 2b": "ART-2"}
    form.properties["COURSES"] = json.dumps(courses)

    form.submit("Algebra 1 (Mr Lee)")
    form.submit(" Kunst · 2b ")
    form.submit("Chess")

    assert [(each.get("course_id"), each.get("class_id")) for each in receiver.accepted] == [
        ("d:MATH-101-3", None),
        (None, "ART-2"),
    ]
    assert form.failed == {"2_ABaOnu2": ("course_unmapped", "")}


def test_several_courses_of_one_response_are_a_request_each(form, receiver):
    form.form["items"][0]["type"] = "CHECKBOX"

    form.submit(["d:ART-2", "d:MATH-101-3"])

    assert [each["course_id"] for each in receiver.accepted] == ["d:ART-2", "d:MATH-101-3"]
    assert len(set(receiver.ids)) == 2


def test_a_course_that_is_refused_does_not_keep_the_others_back(form, receiver):
    receiver.answers = [problem(("/course_id", "unknown", "no such course"))]

    form.submit(["d:ATR-2", "d:MATH-101-3"])

    assert [each["course_id"] for each in receiver.accepted] == ["d:MATH-101-3"]
    assert form.failed == {"2_ABaOnu0": ("refused", "/course_id: no such course")}


def test_a_question_is_found_by_its_id_as_well(form, receiver):
    form.properties |= {"COURSE_QUESTION": "101", "STUDENT_QUESTION": str(STUDENT)}

    form.submit(typed=f" {BEN} ")

    assert receiver.accepted[0]["student"] == BEN


@pytest.mark.parametrize(
    ("typed", "reason"), [(None, "no_student"), ("", "no_student"), ("Ben Carter", "no_address")]
)
def test_what_names_no_student_is_not_sent(form, receiver, typed, reason):
    form.properties["STUDENT_QUESTION"] = "Address of the student"

    form.submit(typed=typed)

    assert receiver.requests == []
    assert form.failed == {"2_ABaOnu0": (reason, "")}


def test_a_question_that_was_left_out_asks_for_no_course(form, receiver):
    form.submit(None)

    assert receiver.requests == []
    assert form.failed == {"2_ABaOnu0": ("no_course", "")}


def test_a_script_that_logged_an_address_would_be_found(node, receiver, tmp_path):
    bare = "const { response } = event;"
    talkative = CODE.read_text().replace(
        bare, f"{bare} console.log(response.getRespondentEmail());"
    )
    (tmp_path / "Code.gs").write_text(talkative)
    form = SchoolForm(receiver, code=tmp_path / "Code.gs")

    with pytest.raises(AssertionError, match="an address or the secret"):
        form.submit()


def test_a_script_that_signed_something_else_would_be_refused(node, receiver, tmp_path):
    right = "bytes_(`${id}.${timestamp}.${body}`)"
    wrong = "bytes_(`${timestamp}.${body}`)"
    code = CODE.read_text()
    assert right in code
    (tmp_path / "Code.gs").write_text(code.replace(right, wrong))
    form = SchoolForm(receiver, code=tmp_path / "Code.gs")
    set_up(form)

    form.submit()

    assert receiver.accepted == []
    assert form.failed == {"2_ABaOnu0": ("unauthorized", "")}
