"""What a message costs: calls counted at a proxy, then process time and latency without one."""

import os
import statistics
import time
from contextlib import ExitStack
from pathlib import Path

from google.pubsub_v1 import PubsubMessage

from infra.local.push import Pusher, envelope
from tests.baselines.places import a_world
from tests.baselines.world import ACK_SECONDS, SUBSCRIPTION

COUNTED, WARM = 20, 20
ROUNDS, MESSAGES = 5, 100
# The fake's quota in these worlds: so large that the project's own pace, a gap between two calls,
# is a millisecond and not part of what is measured.
QUOTA = 60_000
TICKS = os.sysconf("SC_CLK_TCK")


def told(before):
    """How the times were measured, and how busy the machine was."""
    return (
        f"median (and range) of {ROUNDS} interleaved rounds of {MESSAGES} messages, at a load"
        f" average of {before:.1f} before and {load():.1f} after"
    )


def load():
    """The machine's load average of the last minute."""
    return os.getloadavg()[0]


def counted(contender, emulators, datastore, folder):
    """Calls to the store and to Classroom for one enrollment and for one duplicate."""
    with a_world(contender, emulators, datastore, folder, quota=QUOTA) as world:
        push_all(world, messages_of(world, range(WARM)))
        messages = messages_of(world, range(WARM, WARM + COUNTED))
        return {
            "enrollment": _counted(world, messages),
            "duplicate": _counted(world, messages),
        }


def _counted(world, messages):
    asked = len(world.fake.log)
    if world.proxy:
        world.proxy.calls.clear()
    push_all(world, messages)
    calls = world.proxy.calls if world.proxy else {}
    return {
        "store": round(sum(calls.values()) / len(messages), 2),
        "store_by_method": {name: round(n / len(messages), 2) for name, n in sorted(calls.items())},
        "classroom": round((len(world.fake.log) - asked) / len(messages), 2),
    }


def timed(contenders, emulators, datastore, folder):
    """Process time and latency by contender, in interleaved rounds; the median and the spread."""
    found = {each.name: {"enrollment": [], "duplicate": []} for each in contenders}
    with ExitStack() as opened:
        worlds = [
            opened.enter_context(
                a_world(
                    each, emulators, datastore, folder / each.function, quota=QUOTA, proxied=False
                )
            )
            for each in contenders
        ]
        for world in worlds:
            push_all(world, messages_of(world, range(WARM)))
        for round_ in range(ROUNDS):
            first = WARM + round_ * MESSAGES
            for world in worlds:
                messages = messages_of(world, range(first, first + MESSAGES))
                for kind in ("enrollment", "duplicate"):
                    found[world.contender.name][kind].append(_timed(world, messages))
    return {
        name: {kind: _summary(rounds) for kind, rounds in kinds.items()}
        for name, kinds in found.items()
    }


def _timed(world, messages):
    group = world.function.group
    before = process_seconds(group)
    latencies = push_all(world, messages)
    spent = process_seconds(group) - before
    return 1000 * spent / len(messages), 1000 * statistics.median(latencies)


def _summary(rounds):
    cpu, latency = (sorted(each) for each in zip(*rounds, strict=True))
    return {
        "cpu_ms": round(statistics.median(cpu), 2),
        "cpu_ms_spread": [round(cpu[0], 2), round(cpu[-1], 2)],
        "latency_ms": round(statistics.median(latency), 2),
        "latency_ms_spread": [round(latency[0], 2), round(latency[-1], 2)],
    }


def messages_of(world, numbers):
    return [world.wish(number).message() for number in numbers]


def push_all(world, messages):
    """Push them one after the other on one connection; the seconds that each took."""
    pusher, took = Pusher(world.function.address), []
    for number, message in enumerate(messages):
        sent = PubsubMessage(message, message_id=str(number))
        body = envelope(world.pubsub.subscription(SUBSCRIPTION), sent, 1)
        begin = time.perf_counter()
        status = pusher.push(body, time.monotonic() + ACK_SECONDS)
        took.append(time.perf_counter() - begin)
        assert status in (200, 204), f"{world.contender.name} answered {status}"
    pusher.close()
    return took


def process_seconds(group):
    """User and system time of a process group so far."""
    spent = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if int(fields[2]) == group:  # pgrp; then utime and stime (proc(5))
            spent += int(fields[11]) + int(fields[12])
    return spent / TICKS
