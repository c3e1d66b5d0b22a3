"""The steps that several scenarios take, and how long they may."""

import time

from google.pubsub_v1 import PubsubMessage

CREATE = {"method": "students.create"}
COPIES = 5
PATIENCE = 240.0  # a lease, and the longest pause of a redelivery, twice
MOMENT = 15.0  # for a step that comes at once


def copy_of(sent):
    """The same message, published again."""
    return PubsubMessage(data=sent.message.data, attributes=dict(sent.message.attributes))


def repeated(world, wish, times=COPIES):
    """The message and its copies, one after the other."""
    first = world.send(wish)
    world.settle(PATIENCE)
    for _ in range(times - 1):
        world.send(wish, copy_of(first))
        world.settle(PATIENCE)


def until(true, what):
    give_up = time.monotonic() + MOMENT
    while not true():
        if time.monotonic() > give_up:
            raise TimeoutError(f"it never came to this: {what}")
        time.sleep(0.02)


def answered(world):
    return any(each.conclusive for each in world.fake.log)
