"""What is new in a form is received once, oldest first, and an interruption costs nothing."""

from contextlib import closing
from dataclasses import replace

import pytest

from enrollment.form_ports import FormState
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from tests.doubles import Overlay, overtaken
from tests.forms import CLUBS, COURSE, SOURCES, STUDENT, TRIPS, a_reading


def test_a_notification_has_the_new_responses_received(reading):
    reading.chose(1, "Chess")

    looked = reading.notify()

    (sent,) = reading.door.sent()
    assert (sent.course_id, sent.student) == ("d:CHESS", "s1@northside.example")
    assert (sent.origin.kind, sent.origin.system) == ("google_form", CLUBS)
    assert (sent.origin.event_id, sent.origin.occurred_at.microsecond) == ("response-0001", 1)
    assert (looked.forms, looked.responses, looked.became) == (1, 1, {"accepted": 1})


def test_every_box_that_is_ticked_is_a_request(reading):
    reading.chose(1, "Chess", "Choir")

    looked = reading.notify()

    assert {course for course, _ in reading.sent()} == {"d:CHESS", "d:CHOIR"}
    assert looked.became == {"accepted": 2}


def test_what_was_read_is_not_read_again(reading):
    reading.chose(1, "Chess")
    reading.notify()
    reading.sent()

    again = [reading.notify().responses for _ in range(3)]

    assert again == [0, 0, 0]
    assert reading.sent() == []
    assert reading.google.calls["get"] == 1  # the form itself is only asked about with an answer


def test_two_in_the_same_millisecond_are_two(reading):
    reading.chose(1, "Chess", at="2026-11-23T07:00:00.123456Z")
    reading.notify()
    reading.chose(2, "Chess", at="2026-11-23T07:00:00.123457Z")

    reading.notify()

    assert [who for _, who in reading.sent()] == ["s1@northside.example", "s2@northside.example"]


def test_what_google_shows_a_moment_late_is_read(reading):
    reading.chose(2, "Chess", at="2026-11-23T07:00:09Z")
    reading.notify()
    reading.chose(1, "Chess", at="2026-11-23T07:00:08.5Z")

    reading.notify()

    assert [who for _, who in reading.sent()] == ["s2@northside.example", "s1@northside.example"]


def test_half_a_character_keeps_nobody_behind_it_waiting(reading):
    reading.chose(1, "Chess \ud83d")
    reading.chose(2, "Chess")

    looked = reading.notify()

    assert looked.became == {"review": 1, "accepted": 1}
    assert reading.sent() == [("d:CHESS", "s2@northside.example")]


def test_an_edited_response_is_read_again(reading):
    reading.chose(1, "Chess")
    reading.notify()
    reading.let_pass(minutes=5)
    reading.chose(1, "Choir")

    reading.notify()

    assert [course for course, _ in reading.sent()] == ["d:CHESS", "d:CHOIR"]


def test_pages_come_in_no_order_and_the_oldest_is_first(reading):
    reading.google.page = 3
    for number in range(20):
        reading.chose(number, "Chess", at=f"2026-11-23T07:00:{number:02}Z")

    reading.notify()

    assert [who for _, who in reading.sent()] == [f"s{n}@northside.example" for n in range(20)]
    assert reading.google.calls["responses"] == 7


def test_an_interruption_goes_on_where_it_was(reading):
    for number in range(5):
        reading.chose(number, "Chess", at=f"2026-11-23T07:00:{number:02}Z")
    reading.notify()
    reading.door.requests.fail("publish")
    reading.chose(5, "Chess")
    with pytest.raises(Unavailable) as raised:
        reading.notify()
    reading.door.requests.mend()

    looked = reading.notify()

    assert raised.value.reason is Reason.TOPIC_DOWN
    assert looked.responses == 1
    assert len({who for _, who in reading.sent()}) == 6


def test_when_the_time_is_over_what_was_done_is_remembered(reading):
    for number in range(9):
        reading.chose(number, "Chess", at=f"2026-11-23T07:00:{number:02}Z")
    requests, publish = reading.door.requests, reading.door.requests.port.publish

    def slowly(*arguments):
        reading.let_pass(seconds=8)
        publish(*arguments)

    requests.port = Overlay(requests.port, publish=slowly)
    with pytest.raises(Unavailable) as raised:
        reading.notify()

    done = len(reading.sent())
    looked = [reading.notify(seconds=600).responses]

    assert raised.value.reason is Reason.FORMS_DOWN
    assert 0 < done < 9
    assert [done, *looked] == [done, 9 - done]


def test_what_another_worker_has_done_meanwhile_adds_up(reading):
    reading.chose(1, "Chess")
    write, others = reading.states.port.write, []

    def overtaken_once(seen, state, deadline):
        if state.done and not others:
            theirs = replace(seen.state, done=("2026-11-23T07:59:59Z x",))
            others.append(write(seen, theirs, deadline))
        return write(seen, state, deadline)

    reading.states.port = Overlay(reading.states.port, write=overtaken_once)
    reading.notify()

    (seen,) = reading.states.read([CLUBS], reading.door.deadline)
    assert [each.partition(" ")[2] for each in seen.state.done] == ["x", "response-0001"]


def test_a_state_that_is_never_free_has_the_notification_come_again(reading):
    reading.states.port = Overlay(reading.states.port, write=overtaken)

    with pytest.raises(Unavailable) as raised:
        reading.notify()

    assert raised.value.reason is Reason.LEDGER_DOWN


def test_a_form_that_is_not_declared_is_acknowledged(reading):
    looked = reading.notify("18Xgmr4XQ-somebody-else-s-form")

    assert (looked.undeclared, looked.forms) == (1, 0)
    assert not reading.google.calls
    assert reading.said == [("WARNING", "a notification is of a form that is not declared", {})]


def test_a_look_is_at_every_form_the_least_looked_at_first(reading):
    reading.notify(TRIPS)
    reading.let_pass(minutes=1)
    reading.google.callers.clear()

    looked = reading.notify(None)

    assert looked.forms == 2
    assert reading.google.callers == ["tina@northside.example", ""]


@pytest.mark.parametrize("status", [403, 404])
def test_a_form_that_google_does_not_show_is_told_and_keeps_no_other_back(reading, status):
    reading.clubs.failing = status
    reading.chose(1, "d:TRIP", form=reading.trips, **{STUDENT: "s1@northside.example"})

    looked = reading.notify(None)

    assert (looked.forms, looked.closed, looked.responses) == (2, 1, 1)
    assert ("a form cannot be read", "clubs") in reading.errors()
    (seen,) = reading.states.read([CLUBS], reading.door.deadline)
    assert seen.state.closed.startswith(str(status))


def test_a_form_that_is_shown_again_is_open_again(reading):
    reading.clubs.failing = 403
    reading.notify()
    reading.clubs.failing = 0
    reading.chose(1, "Chess")

    reading.notify()

    (seen,) = reading.states.read([CLUBS], reading.door.deadline)
    assert seen.state.closed is None
    assert len(reading.sent()) == 1


@pytest.mark.parametrize("status", [401, 429, 500, 503])
def test_a_form_that_is_away_keeps_no_other_back_and_is_looked_at_again(reading, status):
    reading.clubs.failing = status
    reading.chose(1, "d:TRIP", form=reading.trips, respondent="office@northside.example")
    reading.trips.responses["response-0001"]["answers"][STUDENT] = {
        "textAnswers": {"answers": [{"value": "s1@northside.example"}]}
    }

    with pytest.raises(Unavailable) as raised:
        reading.notify(None)

    assert raised.value.reason is Reason.FORMS_DOWN
    assert reading.sent() == [("d:TRIP", "s1@northside.example")]


def test_a_fault_of_ours_in_one_form_is_not_first_in_turn_again(reading):
    reading.chose(1, "Chess")
    receive, reading.door.receiver.__dict__["receive"] = reading.door.receiver.receive, None

    with pytest.raises(TypeError):
        reading.notify()
    reading.door.receiver.__dict__["receive"] = receive

    (seen,) = reading.states.read([CLUBS], reading.door.deadline)
    assert seen.state.looked_at == reading.clock.now()


def test_two_sources_on_one_form_both_receive(google):
    clubs = SOURCES[: SOURCES.index("[sources.trips]")]
    copy = clubs.replace("sources.clubs", "sources.copy").replace("d:CHESS", "d:CHESS-2")
    reading = a_reading(google, SOURCES + copy)
    with closing(reading.forms.google):
        reading.look_first()
        reading.chose(1, "Chess")
        reading.notify()

    assert [course for course, _ in reading.sent()] == ["d:CHESS", "d:CHESS-2"]


def test_no_answer_that_nobody_asks_for_is_kept(reading):
    reading.chose(1, "Chess", why="because of a secret")

    reading.notify()

    kept = reading.door.ledger.database._connection
    dump = "\n".join(kept.iterdump()) + repr(reading.said)
    assert "secret" not in dump
    assert "s1@northside.example" in dump


def test_of_a_school_that_answers_at_once_nobody_is_lost_who_is_shown_late():
    rush = [f"2026-11-23T07:00:{n // 20:02}.{n % 20:06}Z r{n:04}" for n in range(1_000)]
    late = "2026-11-23T07:00:25.5Z late"

    state = FormState().with_done(rush)

    assert state.floor is None
    assert late in state.with_done([late]).done


def test_more_than_fit_in_memory_are_read_in_turns(reading, monkeypatch):
    monkeypatch.setattr("enrollment.form_news.MOST_AT_ONCE", 4)
    for number in range(10):
        reading.chose(number, "Chess", at=f"2026-11-23T07:00:{number:02}Z")

    looked = reading.notify()

    assert looked.responses == 10
    assert [who for _, who in reading.sent()] == [f"s{n}@northside.example" for n in range(10)]
    assert COURSE in reading.clubs.responses["response-0001"]["answers"]
