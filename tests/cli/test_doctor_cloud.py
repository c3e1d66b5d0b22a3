"""What the doctor finds in the cloud: the clocks, what may get lost, what nobody looks at."""

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from enrollment.adapters.pubsub import PubsubInspection
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from infra.local.topology import read_topology
from tests.cli.commands import run
from tests.contract.builders import a_waiting_entry

ENROLL, COLLECT = "enrollment-requests-enroll", "enrollment-dead-letters-collect"


def found(state):
    """The checks that ended so, and what they told."""
    checks = run("doctor", "--json").json["checks"]
    return [(each["check"], each["told"]) for each in checks if each["state"] == state]


def the_wrong_one():
    (one,) = found("wrong")
    assert run("doctor").code == 1
    return one


@pytest.fixture
def subscribed(cloud):
    """Make a subscription anew, as the topology has it but for some changes."""

    def anew(name, **changes):
        path = cloud.pubsub.subscription(name)
        cloud.pubsub.subscriber.delete_subscription(subscription=path)
        if changes:
            usual = read_topology()
            made = {name: replace(usual.subscriptions[name], **changes)}
            cloud.pubsub.realise(replace(usual, topics={}, subscriptions=made))

    return anew


def test_the_topology_as_it_is_deployed_is_in_order(cloud):
    said = run("doctor")
    told = dict(found("ok"))

    assert said.code == 0
    assert f"Firestore of {cloud.project} answers in " in told["firestore"]
    assert re.search(r"its clock is 0\.\d s (ahead of|behind) ours", told["firestore"])
    assert f"ok           subscription  {ENROLL}: 120 s to acknowledge, 100 deliveries" in said.out
    assert f"enrollment-requests goes to {ENROLL}" in said.out
    assert (told["line"], told["wake"]) == ("open", "nothing is due to be looked at")
    assert "wrong  " not in said.out


@pytest.mark.parametrize(
    ("name", "change", "told"),
    [
        (ENROLL, {"ack_deadline": timedelta(seconds=60)}, "gives 60 s to acknowledge"),
        (COLLECT, {"ack_deadline": timedelta(seconds=30)}, "gives 30 s to acknowledge"),
        (ENROLL, {"dead_letter_topic": None}, "has no dead-letter policy"),
        (ENROLL, {"max_delivery_attempts": 5}, "gives up after 5 deliveries, not 100"),
        (ENROLL, {"dead_letter_topic": "enrollment-requests"}, "sends dead letters to enrollment-"),
        (ENROLL, {"retry": None}, "delivers again at once"),
        (
            ENROLL,
            {"retry": (timedelta(seconds=10), timedelta(seconds=20))},
            "waits 20 s at most before it delivers again",
        ),
    ],
)
def test_a_subscription_that_may_lose_something_is_wrong(subscribed, name, change, told):
    subscribed(name, **change)

    check, words = the_wrong_one()

    assert check == "subscription"
    assert words.startswith(f"{name} {told}")


@pytest.mark.parametrize(
    ("change", "told"),
    [({"filtered": True}, "has a filter"), ({"works": False}, "does not deliver")],
)
def test_a_subscription_that_keeps_messages_back_is_wrong(cloud, monkeypatch, change, told):
    """What the emulator cannot be brought to: said in the place of Pub/Sub."""
    look = PubsubInspection.subscribed

    def changed(*arguments):
        return [
            replace(each, **change) if each.name == ENROLL else each for each in look(*arguments)
        ]

    monkeypatch.setattr(PubsubInspection, "subscribed", changed)

    check, words = the_wrong_one()

    assert check == "subscription"
    assert words.startswith(f"{ENROLL} {told}")


def test_who_may_not_look_at_topics_is_told_which_role_it_takes(cloud, monkeypatch):
    def denied(*_):
        raise Unavailable(Reason.TOPIC_DOWN, "PERMISSION_DENIED")

    monkeypatch.setattr(PubsubInspection, "subscribed", denied)
    said = run("doctor")

    assert said.code == 0
    assert "not checked  topics " in said.out
    assert "roles/pubsub.viewer" in said.out


def test_a_topic_that_nobody_hears_is_wrong(cloud, subscribed):
    subscribed(COLLECT)
    subscribed("enrollment-dead-letters-archive")

    assert the_wrong_one() == (
        "topics",
        "nothing is subscribed to enrollment-dead-letters: what is published there is lost",
    )


def test_a_topic_that_is_not_there_is_wrong(cloud, monkeypatch):
    monkeypatch.setenv("ENROLLMENT_REQUESTS_TOPIC", "gone")

    assert ("topics", "there is no topic gone") in found("wrong")


@pytest.mark.parametrize(("late", "state"), [(10, "ok"), (16, "wrong")])
def test_what_nobody_woke_tells_that_wake_does_not_run(cloud, late, state):
    entry = a_waiting_entry(1, datetime.now(UTC) - timedelta(minutes=late))
    cloud.store.ledger.create(entry, cloud.deadline)

    told = dict(found(state))["wake"]

    assert told.startswith(f"the oldest that is due has been so for {late} min")
    assert ("`wake` is not running" in told) == (state == "wrong")


def test_in_a_held_line_what_is_due_stays(cloud):
    entry = a_waiting_entry(1, datetime.now(UTC) - timedelta(hours=1))
    cloud.store.ledger.create(entry, cloud.deadline)
    run("hold", "--why", "exams")

    assert the_wrong_one()[0] == "line"
    assert dict(found("not checked"))["wake"] == "the line is held, so what is due stays"


@pytest.mark.parametrize("minutes", [-2, 2])
def test_a_wrong_clock_of_this_machine_is_told(cloud, monkeypatch, minutes):
    class Wrong(datetime):
        @classmethod
        def now(cls, zone=None):
            return datetime.now(zone) + timedelta(minutes=minutes)

    monkeypatch.setattr("enrollment.cli.checks_cloud.datetime", Wrong)

    check, told = the_wrong_one()

    assert check == "firestore"
    assert re.search(r"its clock is 1(19|20)\.\d s", told)
    assert ("ahead of ours" in told) == (minutes < 0)


def test_a_cloud_that_does_not_answer_is_asked_once(fake, monkeypatch):
    for name in ("FIRESTORE_EMULATOR_HOST", "PUBSUB_EMULATOR_HOST"):
        monkeypatch.setenv(name, "127.0.0.1:9")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "northside")
    monkeypatch.setenv("ENROLLMENT_STORE", "firestore")
    short = timedelta(seconds=0.3)
    monkeypatch.setattr("enrollment.adapters.firestore.connection.LEDGER_LIMIT", short)
    monkeypatch.setattr("enrollment.adapters.pubsub.inspection.PUBLISH_LIMIT", short)

    assert [check for check, _ in found("wrong")] == ["firestore", "topics"]
    assert {check for check, _ in found("not checked")} >= {"key", "line", "wake"}
