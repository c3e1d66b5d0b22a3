"""Each form is watched, for as long as it is declared."""

from datetime import timedelta

import pytest

from tests.forms import CLUBS, TOPIC, TRIPS


@pytest.fixture
def reading(unlooked):
    return unlooked


def watch_calls(reading):
    return {name: reading.google.calls[name] for name in ("watches", "create", "renew")}


def test_the_first_look_makes_a_watch_that_tells_the_topic(reading):
    reading.notify()

    watch = reading.clubs.watch
    assert watch["target"]["topic"]["topicName"] == TOPIC
    assert watch["eventType"] == "RESPONSES"
    (seen,) = reading.states.read([CLUBS], reading.door.deadline)
    assert seen.state.watch_id == watch["id"]
    assert seen.state.watch_until == reading.clock.now() + timedelta(days=7)


def test_every_form_has_a_watch_of_its_own(reading):
    reading.notify(None)

    assert reading.clubs.watch["id"] != reading.trips.watch["id"]


def test_a_day_long_nothing_is_asked(reading):
    reading.notify()
    reading.let_pass(hours=23)

    reading.notify()

    assert watch_calls(reading) == {"watches": 1, "create": 1, "renew": 0}


def test_each_day_it_is_renewed_for_seven_more(reading):
    for _ in range(30):
        reading.notify()
        reading.let_pass(days=1)

    assert watch_calls(reading) == {"watches": 30, "create": 1, "renew": 29}
    assert reading.errors() == []


def test_a_watch_that_has_lapsed_is_made_anew(reading):
    reading.notify()
    reading.let_pass(days=8)

    reading.notify()

    assert reading.clubs.watch is not None
    assert reading.google.calls["create"] == 2


def test_a_watch_that_another_worker_has_made_is_taken_over(reading):
    reading.notify()
    theirs = reading.clubs.watch | {"id": "made-elsewhere"}
    reading.clubs.watch = theirs
    reading.let_pass(days=1)

    reading.notify()

    (seen,) = reading.states.read([CLUBS], reading.door.deadline)
    assert seen.state.watch_id == "made-elsewhere"
    assert reading.errors() == []


def test_a_suspended_watch_is_renewed_and_told_each_day_that_it_is_so(reading):
    reading.notify()
    for _ in range(3):
        reading.let_pass(days=1)
        reading.clubs.watch |= {"state": "SUSPENDED", "errorType": "NO_USER_ACCESS"}
        reading.notify()
        reading.notify()

    assert reading.clubs.watch["state"] == "ACTIVE"
    assert reading.errors() == [("Google had suspended a form's watch", "clubs")] * 3
    assert {more["detail"] for _, _, more in reading.said} == {"NO_USER_ACCESS"}


@pytest.mark.parametrize("hindrance", ["another's watch", "no publisher", "watches are away"])
def test_a_watch_that_cannot_be_had_keeps_no_response_back(reading, hindrance):
    match hindrance:
        case "another's watch":
            reading.notify()
            reading.clubs.watch["target"]["topic"]["topicName"] = "projects/p/topics/other"
            reading.let_pass(days=1)
        case "no publisher":
            reading.google.topics = {TOPIC}
        case _:
            reading.google.failing = {"watches": 503}
    reading.chose(1, "Chess")

    looked = reading.notify()

    assert looked.responses == 1
    assert reading.errors() == [("a form has no watch", "clubs")]


def test_a_watch_that_cannot_be_had_is_tried_again_an_hour_later(reading):
    reading.google.failing = {"watches": 503}
    reading.notify()
    reading.google.failing = {}
    reading.notify()
    before = reading.clubs.watch
    reading.let_pass(hours=1)

    reading.notify()

    assert before is None
    assert reading.clubs.watch is not None


def test_a_form_without_an_owner_is_watched_by_the_service_itself(reading):
    reading.notify(TRIPS)

    assert set(reading.google.callers) == {""}
