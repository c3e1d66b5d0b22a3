"""A message that Pub/Sub itself puts on the dead-letter topic, after it gave up delivering it."""

import time

from google.api_core.exceptions import DeadlineExceeded
from google.pubsub_v1 import PublisherClient, SubscriberClient

from enrollment.entry import State
from enrollment.wire import encode
from tests.functions.conftest import a_push, a_request

ATTEMPTS = 5  # the least that Pub/Sub takes


def given_up(project, body):
    """Refuse a message as often as Pub/Sub brings it, and return what it forwards."""
    topic, letters = (
        f"projects/{project}/topics/{t}" for t in ("worked-on", "enrollment-dead-letters")
    )
    name = f"projects/{project}/subscriptions/worked-on"
    with PublisherClient() as publisher, SubscriberClient() as subscriber:
        publisher.create_topic(name=topic)
        policy = {"dead_letter_topic": letters, "max_delivery_attempts": ATTEMPTS}
        subscriber.create_subscription(
            request={
                "name": name,
                "topic": topic,
                "dead_letter_policy": policy,
                "retry_policy": {"minimum_backoff": "0s", "maximum_backoff": "1s"},
            }
        )
        publisher.publish(topic=topic, messages=[{"data": body}])
        collected = f"projects/{project}/subscriptions/enrollment-dead-letters"
        give_up = time.monotonic() + 60
        while time.monotonic() < give_up:
            for each in pulled(subscriber, name):
                subscriber.modify_ack_deadline(
                    subscription=name, ack_ids=[each.ack_id], ack_deadline_seconds=0
                )
            if found := pulled(subscriber, collected):
                return found[0].message
    raise AssertionError("Pub/Sub did not give it up")


def pulled(subscriber, name):
    try:
        reply = subscriber.pull(subscription=name, max_messages=1, timeout=1, retry=None)
    except DeadlineExceeded:
        return []
    return reply.received_messages


def test_while_its_request_waits_it_goes_on_waiting_and_is_enrolled_later(doors):
    doors.fake.add_rules([{"fault": "503", "times": 1}])
    assert doors.enroll(attempt=60).text == "waiting"

    letter = given_up(doors.project, encode(a_request()).body)
    reply = doors.post("collect", a_push(letter.data, **dict(letter.attributes)))

    assert letter.attributes["CloudPubSubDeadLetterSourceDeliveryCount"] == str(ATTEMPTS)
    assert (reply.status_code, reply.text) == (200, "left alone")
    assert doors.entry().state is State.WAITING
    assert doors.items() == []
    time.sleep(2)  # as long as its backoff is at most
    assert doors.post("wake").json["sent"] == 1
    (again,) = doors.published("enrollment-requests")
    assert doors.enroll(again.body).text == "enrolled"
