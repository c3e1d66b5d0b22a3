"""What may pass is tried three times, with the pauses that the service asks for."""

from datetime import UTC, datetime, timedelta
from email.utils import format_datetime

import pytest

from tests.infra.apps_script.receiver import ACCEPTED, AWAY, away, problem
from tests.infra.apps_script.school_form import ADA, BEN


def test_the_pause_that_the_service_asks_for_is_made(form, receiver):
    receiver.answers = [away(7), (429, {"retry-after": "3"}, {}), ACCEPTED]

    seen = form.submit()

    assert seen.sleeps == [7000, 3000]
    assert len(set(receiver.ids)) == 1
    assert len(receiver.accepted) == 1
    assert form.failed == {}


def test_every_try_is_signed_anew(form, receiver):
    receiver.answers = [away(60), away(60)]

    form.submit()

    stamps = [int(headers["webhook-timestamp"]) for headers, _ in receiver.requests]
    assert stamps[1] - stamps[0] >= 60
    assert len(receiver.accepted) == 1


def test_without_a_word_of_the_service_the_pauses_are_short(form, receiver):
    receiver.answers = [AWAY, AWAY, AWAY]

    seen = form.submit()

    assert seen.sleeps == [2000, 8000]
    assert form.failed == {"2_ABaOnu0": ("unavailable", "503")}


def test_a_date_is_a_pause_as_well(form, receiver):
    soon = format_datetime(datetime.now(UTC) + timedelta(seconds=30), usegmt=True)
    receiver.answers = [(503, {"Retry-After": soon}, {})]

    seen = form.submit()

    (pause,) = seen.sleeps
    assert 20_000 < pause <= 30_000


def test_a_longer_pause_is_left_to_the_hourly_trigger(form, receiver):
    receiver.answers = [away(61)]

    seen = form.submit()

    assert seen.sleeps == []
    assert len(receiver.requests) == 1
    assert form.failed == {"2_ABaOnu0": ("unavailable", "503")}


def test_a_service_that_cannot_be_reached_is_tried_again(form, receiver):
    form.hosts = {}

    seen = form.submit()

    assert seen.fetched == 3
    assert form.failed == {"2_ABaOnu0": ("unreachable", "")}


@pytest.mark.parametrize(
    ("answer", "reason", "detail"),
    [
        (problem(("/course_id", "unknown", "no course of this source")), "refused",
         "/course_id: no course of this source"),
        ((422, {}, "not a problem document"), "refused", "422"),
        ((302, {"Location": "https://elsewhere.example/"}, {}), "unexpected", "302"),
        ((404, {}, {}), "unexpected", "404"),
        ((413, {}, {}), "unexpected", "413"),
        ((415, {}, {}), "unexpected", "415"),
    ],
)  # fmt: skip
def test_what_no_pause_mends_is_tried_once_and_kept(form, receiver, answer, reason, detail):
    receiver.answers = [answer]

    form.submit()
    form.run("everyHour")

    assert len(receiver.requests) == 1
    assert form.failed == {"2_ABaOnu0": (reason, detail)}


def test_a_service_that_repeats_the_address_does_not_bring_it_into_what_is_kept(form, receiver):
    receiver.answers = [problem(("/student", "outside", f"{ADA} and {BEN.upper()} are foreign"))]

    form.submit(who=ADA)

    assert form.failed == {"2_ABaOnu0": ("refused", "/student: […] and […] are foreign")}
