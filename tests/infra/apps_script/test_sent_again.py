"""“Send all responses again”: from a day on, in as many runs as it takes."""

import pytest

from tests.infra.apps_script.school_form import ADA, BEN, DAY, HOUR, NOON, now, told

ALL = {"button": "OK", "text": ""}


def from_day(text):
    return {"button": "OK", "text": text}


def test_all_responses_are_sent_again_and_those_of_this_term_are_the_same_deliveries(
    form, receiver
):
    form.submit(who=ADA)
    form.submit(who=BEN)

    seen = form.run("sendAllAgain", ALL)

    assert told(seen) == "2 were accepted, 0 were not. That was all."
    assert receiver.ids[:2] == receiver.ids[2:]


def test_only_what_came_from_a_day_on_is_sent(form, receiver):
    form.answer(at=NOON)
    form.answer(at=NOON + 3 * DAY, who=BEN)

    form.run("sendAllAgain", from_day("2026-08-24"))

    assert [each["student"] for each in receiver.accepted] == [BEN]


@pytest.mark.parametrize("click", ["CANCEL", "CLOSE", from_day("24.8.2026")])
def test_a_day_that_is_not_given_sends_nothing(form, receiver, click):
    form.answer()

    form.run("sendAllAgain", click)

    assert receiver.requests == []
    assert "SENDING" not in form.properties


def test_what_six_minutes_do_not_suffice_for_goes_on_where_it_stopped(form, receiver):
    for n in range(7):
        form.answer(at=NOON - n)  # the form gives them in another order

    seen = form.run("sendAllAgain", ALL, secondsAnswer=70)
    begun = len(receiver.accepted)
    soon = list(form.triggers)
    form.run("goOn")

    assert begun == 4
    assert told(seen).endswith("It goes on by itself in a minute; you may close the form.")
    assert soon[-1] == {"handler": "goOn", "after": 60_000}
    assert [each["handler"] for each in form.triggers] == ["onResponse", "everyHour"]
    assert len(set(receiver.ids)) == len(receiver.ids) == 7
    assert "SENDING" not in form.properties


def test_a_run_that_google_ended_is_taken_up_by_the_hourly_trigger(form, receiver):
    for n in range(3):
        form.answer(at=NOON + n)
    form.properties["SENDING"] = (
        f'{{"from":0,"after":{{"at":{NOON},"id":"2_ABaOnu0"}},"sent":1,"failed":0}}'
    )

    form.run("everyHour")

    ids = [each["origin"]["event_id"] for each in receiver.accepted]
    assert ids == ["2_ABaOnu1", "2_ABaOnu2"]


def test_a_service_that_is_away_ends_the_sending_until_the_next_hour(form, receiver):
    for _ in range(5):
        form.answer()
    form.hosts = {}

    seen = form.run("sendAllAgain", ALL)
    form.hosts = {"enroll.northside.example": receiver.port}
    form.run("everyHour")

    assert "It goes on by itself within the hour" in told(seen)
    assert len(receiver.accepted) == 5
    assert form.failed == {}


def test_another_run_at_work_is_said(form, receiver):
    form.answer()
    form.properties["TURN_UNTIL"] = str(now() + HOUR)

    seen = form.run("sendAllAgain", ALL)

    assert told(seen).startswith("Another run is at work")
    assert receiver.requests == []
