"""An address counts if Google verified it; what anyone could have typed is not sent."""

import pytest

from tests.infra.apps_script.school_form import ADA, BEN, DAY, HOUR, NOON, SchoolForm, now, set_up

ALL = {"button": "OK", "text": ""}


@pytest.mark.parametrize("collects", ["RESPONDER_INPUT", "DO_NOT_COLLECT"])
def test_a_form_that_does_not_verify_addresses_is_not_set_up(node, receiver, collects):
    form = SchoolForm(receiver, collects=collects)

    seen = form.run("install")

    assert "so anyone could type anybody" in seen.dialogs[0]["text"]
    assert "Verified" in seen.dialogs[0]["text"]
    assert form.triggers == []


def test_where_google_does_not_say_a_person_has_to(node, receiver):
    form = SchoolForm(receiver, tells_collection=False)

    seen = form.run("install")
    form.properties["RESPONDENT_VERIFIED"] = "yes"
    set_up(form)
    form.submit(who=ADA)

    assert "set RESPONDENT_VERIFIED to yes" in seen.dialogs[0]["text"]
    assert [each["student"] for each in receiver.accepted] == [ADA]


def test_no_word_of_a_person_counts_against_google_s(node, receiver):
    form = SchoolForm(receiver, collects="RESPONDER_INPUT")
    form.properties["RESPONDENT_VERIFIED"] = "yes"

    form.run("install")
    form.submit()

    assert form.triggers == []
    assert receiver.requests == []


def test_a_form_that_stops_verifying_sends_nothing_more(form, receiver):
    form.form["collects"] = "RESPONDER_INPUT"

    form.submit()

    assert receiver.requests == []
    assert form.failed == {"2_ABaOnu0": ("unverified", "")}


def test_what_was_typed_meanwhile_is_not_sent_once_it_verifies_again(form, receiver):
    form.form["collects"] = "RESPONDER_INPUT"
    form.submit(who=ADA, at=NOON)
    form.form["collects"] = "VERIFIED"
    form.submit(who=BEN, at=NOON + HOUR)

    form.run("everyHour")
    form.run("showFailed", "YES")

    assert [each["student"] for each in receiver.accepted] == [BEN]
    assert list(form.failed) == ["2_ABaOnu0"]


def test_settings_that_are_broken_at_the_same_time_do_not_hide_it(form, receiver):
    form.form["collects"] = "RESPONDER_INPUT"
    term = form.properties.pop("TERM")
    form.submit()

    form.form["collects"] = "VERIFIED"
    form.properties["TERM"] = term
    form.run("everyHour")

    assert receiver.requests == []


def test_a_student_who_answers_again_is_sent(form, receiver):
    form.form["collects"] = "RESPONDER_INPUT"
    form.submit(key="r", at=NOON)
    form.form["collects"] = "VERIFIED"
    form.submit(key="r", at=NOON + HOUR)

    assert [each["student"] for each in receiver.accepted] == [ADA]
    assert form.failed == {}


@pytest.mark.parametrize(
    ("click", "sent"), [("YES", [ADA, BEN]), ("NO", [BEN]), ("CANCEL", []), ("CLOSE", [])]
)
def test_for_responses_before_the_set_up_a_person_answers(form, receiver, click, sent):
    form.properties["VERIFIED_SINCE"] = str(NOON + HOUR)
    form.answer(who=ADA, at=NOON)
    form.answer(who=BEN, at=NOON + DAY)

    seen = form.run("sendAllAgain", ALL, click)

    assert "verifies addresses: 1." in seen.dialogs[1]["text"]
    assert [each["student"] for each in receiver.accepted] == sent


def test_the_set_up_begins_to_trust_now(node, receiver):
    form = SchoolForm(receiver)

    form.run("install")

    assert abs(int(form.properties["VERIFIED_SINCE"]) - now()) < HOUR


def test_what_came_in_while_it_was_switched_off_is_not_believed(form, receiver):
    form.triggers = []
    form.answer(who=ADA, at=NOON)

    form.run("install")
    form.run("sendAllAgain", ALL, "NO")

    assert receiver.requests == []


def test_a_question_for_the_student_needs_no_verified_respondent(node, receiver):
    form = SchoolForm(receiver, collects="DO_NOT_COLLECT")
    form.properties["STUDENT_QUESTION"] = "Address of the student"
    form.run("install")

    form.submit(who="", typed=BEN)

    assert [each["student"] for each in receiver.accepted] == [BEN]
