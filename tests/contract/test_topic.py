"""A topic delivers what was published on it, every message and as it was."""

import pytest

from enrollment.ports import Message
from tests.contract.builders import all_at_once


def publish(topics, *bodies, **attributes):
    topics.port.publish([Message(body, attributes) for body in bodies], topics.deadline)


def bodies(delivered):
    return sorted(each.body for each in delivered)


@pytest.mark.parametrize(
    "body",
    [b"{}", bytes(range(256)), b"\x00", b"\xff\xfe", "Zoë\u2028😀".encode(), b"x" * 300_000, b""],
    ids=["JSON", "every byte", "zero", "no UTF-8", "UTF-8", "long", "empty"],
)
def test_any_bytes_arrive_as_they_were_published(topics, body):
    publish(topics, body, request_id="r-1")

    (delivery,) = topics.received(1)

    assert delivery.body == body


def test_attributes_arrive_as_they_were_published(topics):
    said = {"request_id": "r-1", "detail": "Zoë 😀 'quoted' \"twice\"", "traceparent": ""}
    publish(topics, b"{}", **said)

    (delivery,) = topics.received(1)

    assert delivery.attributes == said


def test_attributes_are_each_messages_own(topics):
    messages = [Message(b"%d" % n, {"request_id": f"r-{n}"}) for n in range(3)]
    topics.port.publish(messages, topics.deadline)

    delivered = {each.body: dict(each.attributes) for each in topics.received(3)}

    assert delivered == {each.body: each.attributes for each in messages}


@pytest.mark.parametrize("number", [250, 2_500])
def test_every_message_of_one_call_is_delivered(topics, number):
    publish(topics, *(b"%04d" % n for n in range(number)))

    delivered = topics.received(number)

    assert bodies(delivered) == [b"%04d" % n for n in range(number)]
    assert len({each.message_id for each in delivered}) == number


def test_a_call_may_be_longer_than_one_request(topics):
    long = [b"%02d" % n + b"x" * 299_998 for n in range(40)]  # 12 MB
    publish(topics, *long)

    assert bodies(topics.received(40)) == long


def test_publishing_nothing_is_nothing(topics):
    publish(topics)

    assert topics.received(0) == []


def test_the_same_message_published_twice_is_two_messages(topics):
    publish(topics, b"same")
    publish(topics, b"same")

    assert bodies(topics.received(2)) == [b"same", b"same"]


def test_many_publishers_at_once_lose_nothing(topics):
    doors, deadline = (topics.port, topics.again()), topics.deadline

    all_at_once(12, lambda n: doors[n % 2].publish([Message(b"%02d" % n)], deadline))

    assert bodies(topics.received(12)) == [b"%02d" % n for n in range(12)]
