"""The relay does what Pub/Sub's push service does, against the emulator and a real function."""

import time

import pytest

from tests.infra.local.stub import CONCURRENCY, a_topology, relayed
from tests.infra.local.waiting import eventually

pytestmark = pytest.mark.emulators


@pytest.fixture(scope="module")
def relay(emulators, tmp_path_factory):
    """One relay and one stub for all tests that do not break them."""
    with relayed(emulators, tmp_path_factory.mktemp("relay"), a_topology()) as running:
        yield running


def arrivals(relay, name):
    return [each for each in relay.notes() if each["told"]["name"] == name]


def test_a_push_has_the_services_shape(relay):
    (message_id,) = relay.publish({"name": "shape"}, request_id="fall26:1")

    assert eventually(lambda: message_id in relay.deliveries.acknowledged)
    (arrived,) = arrivals(relay, "shape")
    pushed = arrived["pushed"]
    message = pushed["message"]
    assert pushed["subscription"] == relay.pubsub.subscription("messages-stub")
    assert pushed["deliveryAttempt"] == 1
    assert message["messageId"] == message["message_id"] == message_id
    assert message["attributes"] == {"request_id": "fall26:1"}
    assert message["publishTime"] == message["publish_time"]
    assert message["publishTime"].endswith("Z")


def test_as_many_are_in_flight_as_the_function_takes_and_no_more(relay):
    begun = time.monotonic()
    published = relay.publish(*[{"name": "many", "sleep": 0.5}] * CONCURRENCY * 2)

    assert eventually(lambda: set(published) <= relay.deliveries.acknowledged)
    # Two at once, as the emulator itself pushes, would take four seconds.
    assert time.monotonic() - begun < 3
    assert relay.deliveries.most_at_once == CONCURRENCY
    assert len(arrivals(relay, "many")) == len(published)


def test_these_answers_acknowledge(relay):
    acknowledging = [102, 200, 201, 202, 204]
    told = [{"name": "ack", "statuses": [each]} for each in acknowledging]
    published = relay.publish(*told)

    assert eventually(lambda: set(published) <= relay.deliveries.acknowledged)
    time.sleep(1.5)  # longer than the longest pause before another delivery
    assert sorted(each["told"]["statuses"][0] for each in arrivals(relay, "ack")) == acknowledging


def test_any_other_answer_brings_it_again_with_a_higher_number(relay):
    refusing = [203, 301, 400, 404, 429, 500, 503]
    told = [{"name": f"nack {each}", "statuses": [each, each, 200]} for each in refusing]
    published = relay.publish(*told)

    assert eventually(lambda: set(published) <= relay.deliveries.acknowledged)
    for each in told:
        numbers = [one["pushed"]["deliveryAttempt"] for one in arrivals(relay, each["name"])]
        assert numbers == [1, 2, 3], each


def test_after_the_most_attempts_it_is_a_dead_letter(relay):
    (message_id,) = relay.publish({"name": "dead", "statuses": [500]}, request_id="fall26:2")

    (letter,) = relay.letters()
    assert letter.attributes["request_id"] == "fall26:2"
    assert letter.attributes["CloudPubSubDeadLetterSourceDeliveryCount"] == "5"
    assert len(arrivals(relay, "dead")) == 5
    assert message_id not in relay.deliveries.acknowledged


def test_what_takes_longer_than_the_ack_deadline_comes_again_meanwhile(emulators, tmp_path):
    deadline = 10  # the shortest that Pub/Sub takes
    with relayed(emulators, tmp_path, a_topology(ack_deadline=deadline)) as relay:
        (message_id,) = relay.publish({"name": "slow", "sleep": deadline + 1})
        assert eventually(lambda: len(relay.notes()) == 2, within=deadline + 5)
        first, second = relay.notes()

        assert relay.notes("end") == []
        assert deadline - 0.5 < second["at"] - first["at"] < deadline + 2
        assert second["pushed"]["deliveryAttempt"] == 2
        assert eventually(lambda: relay.deliveries.answers["too late"] == 1)
        assert message_id not in relay.deliveries.acknowledged


def test_without_a_dead_letter_policy_no_number_is_told(emulators, tmp_path):
    with relayed(emulators, tmp_path, a_topology(dead_letter=False)) as relay:
        (message_id,) = relay.publish({"name": "plain"})
        assert eventually(lambda: message_id in relay.deliveries.acknowledged)

        (arrived,) = relay.notes()
        assert "deliveryAttempt" not in arrived["pushed"]


def test_a_killed_function_is_started_again_and_nothing_is_lost(emulators, tmp_path):
    with relayed(emulators, tmp_path, a_topology()) as relay:
        published = relay.publish(*[{"name": n, "sleep": 0.3} for n in range(CONCURRENCY * 4)])
        assert eventually(lambda: len(relay.notes()) > CONCURRENCY)

        relay.function.kill()

        assert eventually(lambda: set(published) <= relay.deliveries.acknowledged)
        assert relay.function.starts == 2
        assert relay.deliveries.answers["not answered"] >= 1
        assert len({each["process"] for each in relay.notes()}) == 2
