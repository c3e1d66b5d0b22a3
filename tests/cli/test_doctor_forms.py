"""What the doctor finds of the Google Forms that are read."""

from datetime import UTC, datetime, timedelta

import pytest

from enrollment.adapters.firestore.forms import FirestoreFormStates
from enrollment.cli.checks_forms import check_forms
from enrollment.cli.findings import State
from enrollment.cli.places import placed
from enrollment.cli.stores import opened
from enrollment.clock import Deadline
from enrollment.form_ports import FormState
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from tests.cli.commands import run
from tests.doubles import Overlay
from tests.forms import CLUBS, SOURCES

NOW = datetime.now(UTC)
READ = {"looked_at": NOW, "collects": "VERIFIED"}


@pytest.fixture
def declared(monkeypatch, tmp_path):
    (tmp_path / "sources.toml").write_text(SOURCES[: SOURCES.index("[sources.trips]")])
    monkeypatch.setenv("SOURCES_FILE", "sources.toml")


def told(store, state):
    """The one line of a form whose state is stored."""
    at = placed(store)
    with opened(at) as school:
        deadline = Deadline.starting_now(school.clock)
        (seen,) = school.forms().read([CLUBS], deadline)
        school.forms().write(seen, state, deadline)
        (found,) = check_forms(at, school)
    return found


@pytest.mark.parametrize(
    ("state", "fact", "remedy"),
    [
        ({}, "clubs was never looked at", "eventType=LOOK"),
        (READ | {"closed": "403 PERMISSION_DENIED"}, "does not show it (403", "forms_reader"),
        (READ | {"looked_at": NOW - timedelta(hours=3)}, "each hour it should be", "wake"),
        (READ | {"watch_error": "Google grants none"}, "its watch is in trouble", "an hour late"),
    ],
)
def test_what_is_in_the_way_is_told_with_its_remedy(store, declared, state, fact, remedy):
    found = told(store, FormState(**state))

    assert found.state is State.WRONG
    assert fact in found.told
    assert remedy in found.remedy


def test_a_form_that_is_read_is_in_order(store, declared):
    assert told(store, FormState(**READ)).state is State.OK


def test_a_form_that_verifies_nobody_is_told_as_such(store, declared):
    found = told(store, FormState(**READ | {"collects": "RESPONDER_INPUT"}))

    assert found.state is State.OK
    assert "a person approves each response" in found.told


def test_what_the_store_does_not_tell_is_not_checked(store, declared):
    def away(*_):
        raise Unavailable(Reason.LEDGER_DOWN, "503")

    at = placed(store)
    with opened(at) as school:
        states = Overlay(school.forms(), read=away)
        (found,) = check_forms(at, Overlay(school, forms=lambda: states))

    assert found.state is State.NOT_CHECKED


def test_the_doctor_tells_it_among_the_rest(cloud, declared):
    with opened(placed("firestore")) as school:
        assert isinstance(school.forms(), FirestoreFormStates)

    said = run("doctor")

    assert "wrong        forms         clubs was never looked at" in said.out


def test_without_a_form_nothing_is_said_of_forms(cloud):
    assert "forms " not in run("doctor").out
