"""The menu of the form's editor: set up, a test, what failed."""

import pytest

from tests.infra.apps_script.receiver import ACCEPTED, problem
from tests.infra.apps_script.school_form import SchoolForm, told


@pytest.fixture
def bare(node, receiver):
    """A form that nobody has set up."""
    return SchoolForm(receiver)


def test_the_menu_has_four_entries_and_each_does_something(form):
    seen = form.run("onOpen")

    assert [each["caption"] for each in seen.menu] == [
        "Set up",
        "Send a test",
        "Send all responses again",
        "Show what failed",
    ]
    for each in seen.menu:
        assert form.run(each["handler"], "OK").dialogs != []


def test_setting_up_twice_makes_each_trigger_once(bare):
    bare.run("install")

    seen = bare.run("install")

    assert seen.dialogs[0]["title"] == "It is switched on"
    assert bare.triggers == [
        {"handler": "onResponse", "form": "form-1", "on": "submit"},
        {"handler": "everyHour", "hours": 1},
    ]


def test_everything_that_is_missing_is_told_at_once_and_nothing_is_switched_on(bare):
    bare.properties = {"COURSES": "[1]"}

    seen = bare.run("install")

    assert seen.dialogs[0]["title"] == "Nothing was switched on"
    for name in ("URL", "SECRET", "TERM", "COURSE_QUESTION", "COURSES"):
        assert f"{name} is" in told(seen)
    assert bare.triggers == []


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("URL", "http://enroll.northside.example/office-form"),
        ("URL", "https://enroll.northside.example"),
        ("SECRET", "AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"),
        ("SECRET", "whsec_c2hvcnQ="),
        ("SECRET", "whsec_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_-_"),
        ("SECRET", "whsec_" + "AAAA" * 22),
        ("TERM", "autumn term"),
        ("COURSE_QUESTION", "Which curse?"),
        ("COURSES", '{"Algebra": ""}'),
        ("COURSES", '{"Algebra": "d:1"'),
        ("STUDENT_QUESTION", "Name"),
    ],
)
def test_a_wrong_setting_is_named_with_its_remedy_and_a_secret_is_never_shown(bare, name, value):
    bare.properties[name] = value

    seen = bare.run("install")

    assert told(seen).startswith(f"{name} ")
    assert "such as" in told(seen) or "as " in told(seen)
    assert name != "SECRET" or value not in told(seen)


def test_two_questions_of_one_title_are_told_apart_by_their_id(bare):
    bare.form["items"].append({"id": 103, "title": "Which course?", "type": "LIST"})

    seen = bare.run("install")

    assert "names more than one question" in told(seen)


def test_a_course_that_is_typed_freely_needs_the_map(bare):
    bare.form["items"][0]["type"] = "TEXT"

    without = bare.run("install")
    bare.properties["COURSES"] = '{"Algebra": "d:MATH-101-3"}'
    bare.run("install")

    assert "COURSE_QUESTION is not a question with choices" in told(without)
    assert len(bare.triggers) == 2


def test_a_test_shows_that_address_and_secret_are_right_and_enrolls_nobody(form, receiver):
    receiver.answers = [problem(("/student", "missing", "no student"))]

    seen = form.run("sendTest")

    (body,) = [body for _, body in receiver.requests]
    assert b"student" not in body
    assert b"course" not in body
    assert "knows the secret" in told(seen)
    assert receiver.ids[0].startswith("msg_test_")


@pytest.mark.parametrize(
    ("change", "answer", "text"),
    [
        ({"SECRET": "whsec_" + "QUJD" * 8}, None, "SECRET is wrong"),
        ({"URL": "https://enroll.northside.example/other"}, None, "Look at URL. 404"),
        ({"URL": "https://nowhere.example/office-form"}, None, "did not answer"),
        ({}, (503, {}, {}), "could not take it"),
        ({"TERM": ""}, None, "TERM is missing"),
    ],
)
def test_a_test_says_what_is_wrong(form, receiver, change, answer, text):
    form.properties |= change
    receiver.answers = [answer] if answer else []

    assert text in told(form.run("sendTest"))


def test_what_failed_is_shown_with_its_reason_and_the_service_s_words(form, receiver):
    receiver.answers = [problem(("/course_id", "unknown", "no course of this source"))]
    form.submit("d:ATR-2")
    form.submit(None)

    seen = form.run("showFailed", "NO")

    (dialog,) = seen.dialogs
    assert "1: The service refused the request; it says why." in dialog["text"]
    assert "response of 2026-08-22 12:00 /course_id: no course of this source" in dialog["text"]
    assert "1: The response names no course." in dialog["text"]
    assert len(receiver.requests) == 1


def test_what_failed_is_tried_again_if_that_is_wished(form, receiver):
    receiver.answers = [problem(("/course_id", "unknown", "no such course")), ACCEPTED]
    form.submit()

    seen = form.run("showFailed", "YES")

    assert told(seen) == "0 of 1 are left."
    assert len(receiver.accepted) == 1


def test_nothing_that_failed_is_said(form):
    assert told(form.run("showFailed")) == "Nothing is waiting or was refused."
