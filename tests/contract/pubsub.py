"""A topic of its own on the Pub/Sub emulator, and the subscription that shows what arrived."""

import time
import uuid
from contextlib import ExitStack, contextmanager

from google.api_core.exceptions import DeadlineExceeded
from google.pubsub_v1 import PublisherClient, SubscriberClient
from google.pubsub_v1.types import PullRequest

from enrollment.adapters.pubsub import PubsubTopic, open_publisher
from enrollment.wire import Delivery

PATIENCE = 30.0  # seconds; the emulator delivers within one
QUIET = 0.2  # seconds in which nothing more comes


@contextmanager
def a_topic():
    """How to open the topic, and its subscription, which is there before anything is published."""
    project = f"projects/test-{uuid.uuid4().hex}"
    topic, subscription = f"{project}/topics/requests", f"{project}/subscriptions/requests"
    with ExitStack() as opened:
        publisher = opened.enter_context(PublisherClient())
        subscriber = opened.enter_context(SubscriberClient())
        publisher.create_topic(request={"name": topic})
        subscriber.create_subscription(request={"name": subscription, "topic": topic})

        def connect():
            return PubsubTopic(opened.enter_context(open_publisher()), topic)

        yield connect, (subscriber, subscription)


def received_from(subscription, number):
    """Everything that was delivered, once so many messages have come and no more follow."""
    found, give_up = [], time.monotonic() + PATIENCE
    while len(found) < number and time.monotonic() < give_up:
        found += _pulled(*subscription, 1.0)
    return [*found, *_pulled(*subscription, QUIET)]


def _pulled(subscriber, name, seconds):
    """What is there, and acknowledged; the emulator holds a pull back until something is."""
    request = PullRequest(subscription=name, max_messages=10)  # a reply holds 4 MB at most
    try:
        answer = subscriber.pull(request=request, retry=None, timeout=seconds)
    except DeadlineExceeded:
        return []
    taken = list(answer.received_messages)
    if taken:
        ids = [each.ack_id for each in taken]
        subscriber.acknowledge(request={"subscription": name, "ack_ids": ids})
    return [
        Delivery(
            body=each.message.data,
            attributes=dict(each.message.attributes),
            message_id=each.message.message_id,
        )
        for each in taken
    ]
