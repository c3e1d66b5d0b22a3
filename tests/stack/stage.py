"""The whole stack with gates, ears and a fake school around it, and the means to do it harm."""

import os
import random
import threading
import time
import uuid
from collections import Counter
from collections.abc import Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType

from enrollment.adapters.clock import SystemClock
from enrollment.adapters.firestore import FirestoreLedger, FirestoreReviews, open_firestore
from enrollment.adapters.pubsub import PubsubTopic
from enrollment.clock import Deadline
from enrollment.wire import encode
from infra.fake_classroom import FakeClassroom
from infra.local.emulators import Emulators
from infra.local.stack import REQUESTS, Place, Stack, running_stack
from infra.local.topology import PubsubEmulator
from tests.grpc_proxy import Proxy
from tests.stack.gate import Gate
from tests.stack.leaks import Ears, check_leaks
from tests.stack.wire import Wire, in_front_of_firestore, in_front_of_pubsub
from tests.stack.wishes import ADMIN, SOURCES, Wish, Wishes, school

SCALE = 1 / 14_400  # an hour is a quarter of a second: the longest wait of the school takes 12 s
CLOCK = SystemClock()
NO_SECRETS = MappingProxyType({})


@dataclass
class Record:
    """What was done and when, in seconds since the start."""

    started: float = field(default_factory=time.time)
    lines: list[tuple[float, str]] = field(default_factory=list)
    kills: Counter[str] = field(default_factory=Counter)  # by function
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def note(self, text):
        with self._lock:
            self.lines.append((time.time() - self.started, text))

    def killed(self, name, why):
        with self._lock:
            self.kills[name] += 1
        self.note(f"kill -9 {name}: {why}")

    def __str__(self):
        return "\n".join(f"  {at:6.1f} s  {text}" for at, text in sorted(self.lines))


@dataclass(kw_only=True)
class Memory:
    """The ledger and the reviews, looked at beside every gate."""

    ledger: FirestoreLedger
    reviews: FirestoreReviews

    @property
    def deadline(self):
        return Deadline.starting_now(CLOCK)

    def stored(self, request_id):
        return self.ledger.get(request_id, self.deadline)

    def entry(self, request_id):
        found = self.stored(request_id)
        return found.entry if found else None

    def items(self, request_id):
        return [each.item for each in self.reviews.of_request(request_id, self.deadline)]

    def open_items(self):
        return [each.item for each in self.reviews.open_items(self.deadline)]


@dataclass(kw_only=True)
class Stage:
    """A running stack, and everything around it."""

    seed: int
    folder: Path
    stack: Stack
    fake: FakeClassroom
    memory: Memory
    pubsub: PubsubEmulator  # beside every gate
    gates: dict[str, Gate]
    wires: dict[str, Wire]
    quota: int
    secrets: Sequence[str] = field(default=(), repr=False)  # by which senders prove themselves
    ears: Ears = field(default_factory=Ears, repr=False)
    record: Record = field(default_factory=Record)
    accepted: list[Wish] = field(default_factory=list)
    odd: Counter[str] = field(default_factory=Counter)  # messages that are no requests, by reason
    victims: dict[str, Wish] = field(default_factory=dict)  # by the point at which they were hit
    over: threading.Event = field(default_factory=threading.Event, repr=False)  # one track failed
    chance: random.Random = field(init=False)
    wishes: Wishes = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def __post_init__(self):
        self.chance = random.Random(self.seed)
        self.wishes = Wishes(random.Random(self.seed))
        self.ears.listen(self.pubsub, self.stack.topology.topics)

    def send(self, wishes, rules=(), copies=None):
        """Have the wishes accepted, each in one message or in as many copies as chance has it."""
        with self._lock:
            known = {each.id for each in self.accepted}
            self.accepted += [each for each in wishes if each.id not in known]
        self.fake.add_rules(rules)
        messages = [
            encode(each.request)
            for each in wishes
            for _ in range(copies or self.chance.choices((1, 2, 3), (8, 1, 1))[0])
        ]
        self.chance.shuffle(messages)
        self.publish(messages)

    def publish(self, messages):
        """Put messages on the topic of requests, beside every gate."""
        topic = PubsubTopic(self.pubsub.publisher, self.pubsub.topic(REQUESTS))
        topic.publish(messages, self.memory.deadline)

    def kill(self, name, why):
        """`kill -9` of a function; another instance is started."""
        self.record.killed(name, why)
        self.stack.functions[name].kill()

    def until_it_is_up(self, name, seconds=60.0):
        assert self.stack.functions[name].address(seconds), f"{name} did not start again"

    def rest(self, seconds):
        """Do nothing for so long, or until it is over."""
        self.over.wait(max(0.0, seconds))

    def until(self, true, seconds, what):
        """Wait for something to be so, for so long at most."""
        give_up = time.monotonic() + seconds
        while not true():
            assert time.monotonic() < give_up, f"in {seconds:.0f} s it did not happen: {what}"
            assert not self.over.wait(0.1), "something else has failed"


@contextmanager
def a_stage(emulators, folder, *, seed, quota, sources=SOURCES, secrets=NO_SECRETS, forms=None):
    """Bring everything up for a school of chaos, and end it; nothing that it wrote leaks."""
    declared = folder / "sources.toml"
    declared.write_text(sources)
    project = f"chaos-{uuid.uuid4().hex[:12]}"
    wires = {"firestore": in_front_of_firestore(), "pubsub": in_front_of_pubsub()}
    with ExitStack() as opened:
        enter = opened.enter_context
        fake = enter(
            FakeClassroom(school(), seed=seed, quota_per_user=quota, quota_per_project=quota)
        )
        gates = {"classroom": enter(Gate(fake.endpoint.split("/")[2]))}
        for name, wire in wires.items():
            proxy = enter(Proxy(getattr(emulators, name), listener=wire))
            gates[name] = enter(Gate(proxy.address))
        pubsub = PubsubEmulator.at(emulators.pubsub, project)
        memory = enter(_memory(emulators, project))
        place = Place(
            folder=folder,
            forms_endpoint=forms,
            endpoint=f"http://{gates['classroom'].address}/",
            administrator=ADMIN,
            sources_file=declared,
            secrets=secrets,
            quota=quota,
            time_scale=SCALE,
            project=project,
        )
        behind = Emulators(pubsub=gates["pubsub"].address, firestore=gates["firestore"].address)
        stack = enter(running_stack(behind, place))
        stage = Stage(
            seed=seed,
            folder=folder,
            stack=stack,
            fake=fake,
            memory=memory,
            pubsub=pubsub,
            gates=gates,
            wires=wires,
            quota=quota,
            secrets=tuple(secrets.values()),
        )
        try:
            yield stage
            check_leaks(stage)
        finally:
            stage.pubsub.close()  # it may be another by now


@contextmanager
def _memory(emulators, project):
    os.environ.update(emulators.environment)  # it is restored after each test
    database = open_firestore(project)
    try:
        yield Memory(ledger=FirestoreLedger(database), reviews=FirestoreReviews(database))
    finally:
        database.close()
