"""A function that does what each message says, and notes what arrived, for tests of the relay."""

import json
import os
import sys
from contextlib import contextmanager
from datetime import timedelta
from uuid import uuid4

from infra.local.functions import Function, running_functions
from infra.local.relay import Relay, running_relay
from infra.local.topology import FunctionPlan, PubsubEmulator, Subscribed, Topology

SOURCE = """
import json, os, threading, time
from base64 import b64decode

LOCK = threading.Lock()
NOTES = os.environ["NOTES"]


def note(**said):
    with LOCK, open(NOTES, "a") as file:
        print(json.dumps(said | {"at": time.monotonic()}), file=file, flush=True)


def stub(request):
    pushed = request.get_json()
    told = json.loads(b64decode(pushed["message"]["data"]))
    note(event="begin", told=told, pushed=pushed, process=os.getpid())
    time.sleep(told.get("sleep", 0))
    note(event="end", told=told)
    statuses = told.get("statuses", [200])
    return "", statuses[min(pushed.get("deliveryAttempt", 1), len(statuses)) - 1]
"""
CONCURRENCY = 8


def a_topology(*, ack_deadline=60, retry=(0, 1), dead_letter=True):
    """One topic, pushed to the stub, with short waits and the fewest attempts that there may be."""
    seconds = [timedelta(seconds=each) for each in (ack_deadline, 600, *retry)]
    week = timedelta(days=7)
    pushed = Subscribed(
        name="messages-stub",
        topic="messages",
        push_to="stub",
        ack_deadline=seconds[0],
        retention=seconds[1],
        retry=(seconds[2], seconds[3]),
        dead_letter_topic="letters" if dead_letter else None,
        max_delivery_attempts=5 if dead_letter else 0,
    )
    letters = Subscribed("letters-all", "letters", None, seconds[0], seconds[1], None, None, 0)
    return Topology(
        topics={"messages": week, "letters": week},
        subscriptions={each.name: each for each in (pushed, letters)},
        functions={"stub": FunctionPlan("stub", CONCURRENCY, timedelta(seconds=60))},
        schedules={},
    )


class Relayed:
    """The emulator, the stub and the relay between them."""

    def __init__(self, pubsub, function, notes, deliveries):
        self.pubsub, self.function, self.deliveries = pubsub, function, deliveries
        self._notes = notes

    def publish(self, *told, **attributes):
        messages = [{"data": json.dumps(each).encode(), "attributes": attributes} for each in told]
        done = self.pubsub.publisher.publish(topic=self.pubsub.topic("messages"), messages=messages)
        return list(done.message_ids)

    def notes(self, event="begin"):
        lines = self._notes.read_text().splitlines() if self._notes.exists() else []
        return [each for each in map(json.loads, lines) if each["event"] == event]

    def letters(self):
        """Dead letters, of which there must be one at least."""
        path = self.pubsub.subscription("letters-all")
        pulled = self.pubsub.subscriber.pull(subscription=path, max_messages=10, timeout=30)
        return [each.message for each in pulled.received_messages]


def a_stub(folder, notes, source=SOURCE):
    """The stub as a function that is not started yet."""
    (folder / "stub").mkdir(exist_ok=True)
    (folder / "stub" / "main.py").write_text(source)
    return Function(
        FunctionPlan("stub", CONCURRENCY, timedelta(seconds=60)),
        {"PATH": os.defpath, "NOTES": str(notes), "PYTHONPATH": ":".join(filter(None, sys.path))},
        folder,
        folder,
    )


@contextmanager
def relayed(emulators, folder, topology):
    """All of it, in a project of its own."""
    pubsub = PubsubEmulator.at(emulators.pubsub, f"relay-{uuid4().hex[:8]}")
    pubsub.realise(topology)
    notes = folder / "notes.jsonl"
    with running_functions([a_stub(folder, notes)]) as functions:
        stub = functions["stub"]
        relay = Relay(pubsub, topology.pushed[0], stub.address, CONCURRENCY)
        with running_relay(relay) as deliveries:
            yield Relayed(pubsub, stub, notes, deliveries)
    pubsub.close()
