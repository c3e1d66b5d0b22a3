"""A OneRoster service is asked one id at a time, and spared in trouble."""

import logging
import threading

import pytest

from enrollment.reasons import Reason
from enrollment.sources.candidates import Person, Section
from enrollment.sources.rules import ClassFields, PersonFields
from tests.lookup.asker import Asker
from tests.oneroster_service import oneroster_service


def test_a_person_is_known_by_what_rules_may_name(asker):
    assert asker.person() == Person(PersonFields("17", "17@northside.example"))


def test_a_class_is_known_with_its_course_and_its_term(asker):
    assert asker.section() == Section(ClassFields("BIO-7", "B7", "BIO", "T1"))


def test_version_1_2_is_read_as_well(service, asker):
    service.knows("17", role=None, roles=[{"role": "teacher", "org": {"sourcedId": "1"}}])

    assert asker.person().other_role == "users gives the role teacher"


@pytest.mark.parametrize("status", [400, 404, 410, 422])
def test_whom_the_service_does_not_know_is_nobody_and_no_trouble(service, asker, status):
    service.failing = status

    assert (asker.person(), asker.section()) == (None, None)
    assert len(service.asked) == 2


def test_another_record_than_the_one_asked_about_is_nobody(service, asker):
    service.users["17"] = service.users["17"] | {"sourcedId": "18"}

    assert asker.person() is None


@pytest.mark.parametrize(
    "sourced_id", ["a/b", "../users/18", "a?b", "a#b", "a b", "ä", "%2e", "a@b.example", "a\nb"]
)
def test_an_id_stays_one_part_of_the_address(service, asker, sourced_id):
    service.knows(sourced_id, sourcedId=sourced_id)

    asker.person(sourced_id)

    (path,) = service.asked
    assert path.count("/") == 2
    assert not set(path) & {"?", "#", " "}


@pytest.mark.parametrize("sourced_id", [".", "..", "x" * 256])
def test_what_can_be_nobody_s_id_is_not_asked_about(service, asker, sourced_id):
    assert asker.person(sourced_id) is None
    assert (service.asked, service.tokens) == ([], [])


WELL = "/users?limit=1"  # asked whether the service is well


@pytest.mark.parametrize(
    ("status", "control"),
    [(302, [WELL]), (403, [WELL]), (408, [WELL]), (429, []), (500, [WELL]), (503, [])],
)
def test_after_trouble_the_service_is_left_alone_for_a_while(service, asker, status, control):
    service.failing = status
    service.headers = {"location": f"{service.address}/elsewhere"}
    first = asker.trouble()
    again = asker.trouble()
    asked = list(service.asked)
    asker.clock.advance(seconds=10)
    service.failing = None

    assert (first.reason, again.reason) == (Reason.SIS_DOWN, Reason.SIS_DOWN)
    assert first.detail == again.detail == f"{service.place.url}: the answer is {status}"
    assert first.retry_after.total_seconds() == 10
    assert asked == ["/users/17", *control]
    assert asker.person() is not None


@pytest.mark.parametrize("status", [403, 500])
def test_an_id_at_which_a_service_that_is_well_fails_twice_is_nobody(service, asker, status):
    service.failing_at["17"] = [status, status]
    service.knows("18")

    assert asker.person("17") is None
    assert service.asked == ["/users/17", WELL, "/users/17"]
    assert asker.person("18") is not None


def test_a_moment_s_trouble_at_an_id_is_asked_past(service, asker):
    service.failing_at["17"] = [500]

    assert asker.person("17") is not None


def test_a_service_that_shows_nobody_at_all_is_not_taken_for_well(service, asker):
    service.users.clear()
    service.failing_at["17"] = [500]

    assert asker.trouble().detail == f"{service.place.url}: the answer is 500"


def test_trouble_that_begins_meanwhile_is_the_service_s(service, asker):
    service.failing_at["17"] = [500, 429]

    assert asker.trouble().detail == f"{service.place.url}: the answer is 429"


@pytest.mark.parametrize(
    ("said", "seconds"), [("60", 60), ("3", 10), ("99999999999", 300), ("tomorrow", 10), ("", 10)]
)
def test_it_is_left_alone_for_as_long_as_it_asks_within_reason(service, asker, said, seconds):
    service.failing, service.headers = 429, {"retry-after": said}

    assert asker.trouble().retry_after.total_seconds() == seconds
    asker.clock.advance(seconds=seconds - 1)
    assert asker.trouble().retry_after.total_seconds() == 1
    assert len(service.asked) == 1


@pytest.mark.parametrize(
    ("body", "fact"),
    [
        (b"<html>please log in</html>", "is no OneRoster"),
        (b'{"error": "please log in"}', "is no OneRoster"),
        (b"[]", "is no OneRoster"),
        (b"[" * 50_000, "is no OneRoster"),
        (b'{"user": {"email": "\\ud800"}}', "is no OneRoster"),
        (b'{"user": {"email": "\xff"}}', "is no OneRoster"),
        (b" " * 70_000, "is larger than 64 KiB"),
    ],
)
def test_what_is_no_answer_of_oneroster_is_trouble(service, asker, body, fact):
    service.body = body

    assert fact in asker.trouble().detail


@pytest.mark.parametrize("body", [b'{"user": null}', b'{"users": []}', b'{"user": 3}'])
def test_an_answer_about_nobody_is_nobody(service, asker, body):
    service.body = body

    assert asker.person() is None


def test_a_service_that_is_not_there_is_told():
    with oneroster_service() as gone:
        place = gone

    assert "there is no answer (ConnectionRefusedError)" in Asker(place).trouble().detail


def test_an_answer_that_leads_to_no_address_is_trouble_like_others(service, asker):
    service.failing, service.headers = 302, {"location": "http://["}

    assert "the answer is 302" in asker.trouble().detail


def test_without_time_left_nobody_is_asked_about(service, asker):
    assert asker.trouble(seconds=0).detail == "no time is left to ask"
    assert (service.asked, service.tokens) == ([], [])


def test_a_service_hears_no_more_than_four_questions_at_once(service, asker):
    service.hold = threading.Event()
    threads = [threading.Thread(target=asker.person) for _ in range(4)]
    for each in threads:
        each.start()
    entered = [service.entered.acquire(timeout=10) for _ in threads]

    fifth = asker.trouble(seconds=0.05)
    service.hold.set()
    for each in threads:
        each.join()

    assert (all(entered), fifth.detail) == (True, "too many others are asking")
    assert asker.person() is not None


def test_no_proxy_stands_in_between(service, asker, monkeypatch):
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:1")

    assert asker.person() is not None


def test_nothing_of_a_person_or_a_secret_is_told_or_logged(service, asker, caplog):
    caplog.set_level(logging.DEBUG)
    asker.person()
    service.failing = 500
    trouble = asker.trouble(user_id="18")

    said = f"{trouble!r} {trouble} {asker.rest!r} {vars(service.place)} {caplog.text}"
    words = ("token-1", "made-up-secret", "17@", "Ada", "somebody's words", "users/18")
    assert [each for each in words if each in said] == []
