"""What happens every day: copies, copies at once, an outage, a full quota."""

import time
from concurrent.futures import ThreadPoolExecutor

from tests.baselines.steps import CREATE, PATIENCE, copy_of, repeated, until

AT_ONCE = 24
STORM_WISHES, STORM_CALLS = 12, 24


def happy(world):
    """20 students, one message each."""
    for number in range(20):
        world.send(world.wish(number))
    world.settle(PATIENCE)


def in_turn(world):
    """The same message 5 times, one after the other."""
    repeated(world, world.wish())


def at_once(world):
    """24 copies of a message at the same time."""
    wish = world.wish()
    first = world.send(wish)
    copies = [first, *(world.send(wish, copy_of(first)) for _ in range(AT_ONCE - 1))]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        acked = list(pool.map(world.deliver, copies))
    for each, was_acked in zip(copies, acked, strict=True):
        if was_acked:
            world.check_ack(each)
    world.settle(PATIENCE)


def while_running(world):
    """A second copy comes while the first is still being worked on."""
    world.fake.add_rules([{"fault": "slow", "seconds": 4, "match": CREATE, "times": 1}])
    wish = world.wish()
    first = world.send(wish)
    working = world.in_background(first)
    until(lambda: world.fake.log, "Classroom was asked")
    time.sleep(0.5)
    world.deliver_and_check(world.send(wish, copy_of(first)))
    working.join(PATIENCE)
    world.settle(PATIENCE)


def unavailable(world):
    """Classroom answers 503 to the first 24 calls for 12 students."""
    storm("503", world)


def over_quota(world):
    """Classroom answers 429 to the first 24 calls for 12 students."""
    storm("429", world)


def storm(fault, world):
    world.fake.add_rules([{"fault": fault, "match": CREATE, "times": STORM_CALLS}])
    begin = time.monotonic()
    for number in range(STORM_WISHES):
        world.send(world.wish(number))
    world.settle(PATIENCE)
    world.note["seconds"] = round(time.monotonic() - begin)
