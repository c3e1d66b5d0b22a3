"""What stands in the topology's file is what the emulator has."""

from uuid import uuid4

import pytest

from enrollment.timing import ACK_DEADLINE, FUNCTION_TIMEOUT, MAX_DELIVERY_ATTEMPTS
from infra.local.scheduler import interval
from infra.local.topology import PubsubEmulator, read_topology


@pytest.fixture
def pubsub(emulators):
    opened = PubsubEmulator.at(emulators.pubsub, f"topology-{uuid4().hex[:8]}")
    yield opened
    opened.close()


def test_topics_and_subscriptions_are_made_as_the_file_says_once_or_twice(pubsub):
    topology = read_topology()

    pubsub.realise(topology)
    pubsub.realise(topology)

    for name in topology.topics:
        assert pubsub.publisher.get_topic(topic=pubsub.topic(name)).name == pubsub.topic(name)
    for name, wanted in topology.subscriptions.items():
        made = pubsub.subscriber.get_subscription(subscription=pubsub.subscription(name))
        letters = made.dead_letter_policy
        assert made.topic == pubsub.topic(wanted.topic)
        assert made.ack_deadline_seconds == wanted.ack_deadline.total_seconds()
        assert made.push_config.push_endpoint == ""
        if wanted.retry:
            least, most = wanted.retry
            assert made.retry_policy.minimum_backoff == least
            assert made.retry_policy.maximum_backoff == most
        if wanted.dead_letter_topic:
            assert letters.dead_letter_topic == pubsub.topic(wanted.dead_letter_topic)
        assert letters.max_delivery_attempts == wanted.max_delivery_attempts


def test_the_file_keeps_the_products_times():
    topology = read_topology()

    requests = topology.subscriptions["enrollment-requests-enroll"]
    assert requests.max_delivery_attempts == MAX_DELIVERY_ATTEMPTS
    assert {each.ack_deadline for each in topology.pushed} == {ACK_DEADLINE}
    assert {each.timeout for each in topology.functions.values()} == {FUNCTION_TIMEOUT}
    assert {each.push_to for each in topology.pushed} < set(topology.functions)


@pytest.mark.parametrize(("scale", "seconds"), [(1, 60), (0.5, 30), (1 / 3600, 2)])
def test_a_minute_is_scaled_but_never_below_two_seconds(scale, seconds):
    assert interval("* * * * *", scale).total_seconds() == seconds


def test_a_schedule_that_is_not_each_minute_is_refused():
    with pytest.raises(ValueError, match="not known here"):
        interval("0 6 * * *", 1.0)
