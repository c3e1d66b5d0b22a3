"""Publishing on Pub/Sub: few requests, in time, and its trouble told by name."""

from datetime import timedelta

import grpc
import pytest

from enrollment.adapters.clock import SystemClock
from enrollment.adapters.pubsub import PubsubTopic
from enrollment.clock import Deadline
from enrollment.ports import Message, Unavailable
from enrollment.reasons import Reason

ROUNDED = 1.03  # gRPC rounds up what it tells a server; the client keeps to the exact time


def soon(seconds=45.0):
    return Deadline.starting_now(SystemClock(), timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("messages", "requests"),
    [
        ([], 0),
        ([b"{}"], 1),
        ([b"{}"] * 1_000, 1),
        ([b"{}"] * 2_001, 3),
        ([b"x" * 300_000] * 30, 2),
        ([b"x" * 9_500_000] * 2, 2),
    ],
    ids=["none", "one", "1,000", "2,001", "9 MB and more", "two that fill one each"],
)
def test_messages_travel_in_as_few_requests_as_pubsub_takes(published, messages, requests):
    topic, proxy = published

    topic.publish([Message(body, {"n": "1"}) for body in messages], soon())

    assert proxy.calls["Publish"] == requests


def test_the_server_is_told_how_long_publishing_may_take(published):
    topic, proxy = published

    topic.publish([Message(b"{}")], soon())
    topic.publish([Message(b"{}")], soon(2))

    usual, short = proxy.seconds["Publish"]
    assert 5 < usual <= 10 * ROUNDED
    assert 0 < short <= 2 * ROUNDED


def test_without_time_nothing_is_sent(published):
    topic, proxy = published

    with pytest.raises(Unavailable) as caught:
        topic.publish([Message(b"{}")], soon(0))

    assert caught.value.reason is Reason.TOPIC_DOWN
    assert proxy.calls["Publish"] == 0


def test_trouble_that_passes_is_not_noticed(published):
    topic, proxy = published
    proxy.refuse_next(grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.INTERNAL, method="Publish")

    topic.publish([Message(b"{}")], soon())

    assert proxy.calls["Publish"] == 3


@pytest.mark.parametrize(
    ("path", "message", "said"),
    [
        ("projects/p/topics/that-is-not-there", Message(b"{}"), "NOT_FOUND"),
        (None, Message(b""), "INVALID_ARGUMENT"),
    ],
    ids=["no topic", "no content"],
)
def test_trouble_that_stays_is_told_by_its_name_alone(published, path, message, said):
    topic, _ = published

    with pytest.raises(Unavailable) as caught:
        PubsubTopic(topic.publisher, path or topic.path).publish([message], soon())

    assert (caught.value.reason, caught.value.detail) == (Reason.TOPIC_DOWN, said)
    assert caught.value.__suppress_context__
