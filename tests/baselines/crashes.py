"""Instances that are replaced, workers that die or wake too late, replies lost on the way."""

import os
import signal
import time

from enrollment.timing import LEASE
from tests.baselines.steps import CREATE, MOMENT, PATIENCE, answered, copy_of, until

PAST_THE_LEASE = LEASE.total_seconds() + 5


def replaced(world):
    """The instance is replaced after an acknowledged success; a copy comes to the new one."""
    sent = world.send(world.wish())
    world.settle(PATIENCE)
    world.function.kill()  # it is at rest: however it ends, it has told all that it knew
    world.send(sent.wish, copy_of(sent))
    world.settle(PATIENCE)


def second_instance(world):
    """A second instance is there; after the first one's success, a copy comes to it."""
    sent = world.send(world.wish())
    world.settle(PATIENCE)
    world.functions[world.contender.function] = world.another()
    world.send(sent.wish, copy_of(sent))
    world.settle(PATIENCE)


def killed_before_record(world):
    """`kill -9` between Classroom's answer and the record of it."""
    sent = world.send(world.wish())
    if world.proxy:
        world.proxy.hold_calls_once(lambda: answered(world))
        working = world.in_background(sent)
        until(world.proxy.held.is_set, "the record")
    else:  # nothing is recorded: it dies before it can acknowledge
        world.fake.add_rules([{"fault": "slow", "seconds": 5, "match": CREATE, "times": 1}])
        working = world.in_background(sent)
        until(lambda: any(each.deed for each in world.fake.log), "the student is in")
    killed(world, working)


def killed_before_call(world):
    """`kill -9` between the claim and the call to Classroom."""
    sent = world.send(world.wish())
    if world.proxy:
        world.proxy.hold_next_reply()
        working = world.in_background(sent)
        until(world.proxy.held.is_set, "the claim")
    else:
        world.fake.add_rules([{"fault": "hang", "match": CREATE, "times": 1}])
        working = world.in_background(sent)
        until(lambda: world.fake.log, "Classroom was asked")
    killed(world, working)


def killed(world, working):
    begin = time.monotonic()
    world.kill()
    working.join(MOMENT)
    if world.proxy:
        world.proxy.let_go()
    world.settle(PATIENCE)
    world.note["seconds"] = round(time.monotonic() - begin)


def claim_reply_lost(world):
    """The claim takes effect in the store, its reply is lost."""
    world.proxy.swallow_next()
    begin = time.monotonic()
    world.send(world.wish())
    world.settle(PATIENCE)
    world.note["seconds"] = round(time.monotonic() - begin)


def record_reply_lost(world):
    """The record of the success takes effect in the store, its reply is lost."""
    sent = world.send(world.wish())
    begin = time.monotonic()
    world.proxy.hold_calls_once(lambda: answered(world))
    working = world.in_background(sent)
    until(world.proxy.held.is_set, "the record")
    world.proxy.swallow_next()
    world.proxy.let_go()
    working.join(MOMENT * 5)
    world.settle(PATIENCE)
    world.note["seconds"] = round(time.monotonic() - begin)


def late_success(world):
    """A worker stops after Classroom's answer, past its lease; another does the work; it wakes."""
    sent = world.send(world.wish())
    if world.proxy:
        world.proxy.hold_calls_once(lambda: answered(world))
        working = world.in_background(sent)
        until(world.proxy.held.is_set, "the record")
    else:
        world.fake.add_rules([{"fault": "slow", "seconds": 3, "match": CREATE, "times": 1}])
        working = world.in_background(sent)
        until(lambda: any(each.deed for each in world.fake.log), "the student is in")
    overtaken(world, sent, working, lambda: answered(world))


def late_failure(world):
    """A worker stops in its call, past its lease; another does the work; its call then fails."""
    world.fake.add_rules([{"fault": "hang", "match": CREATE, "times": 1}])
    sent = world.send(world.wish())
    working = world.in_background(sent)
    until(lambda: world.fake.log, "Classroom was asked")
    time.sleep(0.5)
    overtaken(world, sent, working, lambda: True)


def overtaken(world, sent, working, told):
    """Stop the worker past its lease, let another do the work, wake it, and send a third copy."""
    stopped = world.function
    group = stopped.group
    os.killpg(group, signal.SIGSTOP)
    try:
        until(told, "what it is told")
        world.killed_at = time.time()  # what it was told until now, it cannot tell yet
        second = world.another()
        world.functions[world.contender.function] = second
        if world.contender.store:
            time.sleep(PAST_THE_LEASE)
        sent.due = time.monotonic() + PATIENCE  # it is still on its way with the stopped one
        other = world.send(sent.wish, copy_of(sent))
        give_up = time.monotonic() + PATIENCE
        while other.open and time.monotonic() < give_up:
            world.deliver_and_check(other)
            time.sleep(1)
    finally:
        os.killpg(group, signal.SIGCONT)
    if world.proxy:
        world.proxy.let_go()
    working.join(90)
    sent.due = 0.0
    third = world.send(sent.wish, copy_of(sent))
    world.deliver_and_check(third)
    world.settle(PATIENCE)
