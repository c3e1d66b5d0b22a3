"""The distributed engine on this machine: functions, relays and a scheduler on the emulators."""

import os
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from enrollment.adapters.clock import SystemClock
from enrollment.adapters.firestore import (
    Firestore,
    FirestoreLedger,
    FirestoreLine,
    FirestoreReviews,
    open_firestore,
)
from enrollment.adapters.pubsub import PubsubTopic
from enrollment.line import LineKeeper
from enrollment.wiring.usecases import Outside
from infra.local.deliveries import Deliveries
from infra.local.emulators import Emulators
from infra.local.functions import SOURCES, Function, running_functions
from infra.local.relay import Relay, running_relay
from infra.local.scheduler import Scheduler, interval, running_scheduler
from infra.local.topology import PubsubEmulator, Topology, read_topology

PROJECT = "local-school"
REQUESTS, DEAD_LETTERS = "enrollment-requests", "enrollment-dead-letters"
FORM_NOTIFICATIONS = "form-notifications"


@dataclass(frozen=True, kw_only=True)
class Place:
    """What the stack is set up for: a school, and how it is to be served."""

    folder: Path  # for logs
    endpoint: str
    administrator: str
    sources_file: Path
    quota: int
    time_scale: float = 1.0
    secrets: Mapping[str, str] = field(default_factory=dict, repr=False)  # that sources name
    project: str = PROJECT
    functions: Path = SOURCES
    forms_endpoint: str | None = None  # of a Google Forms on this machine; without it none is read

    def environment(self, emulators: Emulators) -> dict[str, str]:
        """What a function, or a command of the operator, needs to work here."""
        return {
            **emulators.environment,
            "GOOGLE_CLOUD_PROJECT": self.project,
            "ENROLLMENT_STORE": "firestore",
            "CLASSROOM_API_ENDPOINT": self.endpoint,
            "CLASSROOM_ADMIN": self.administrator,
            "CLASSROOM_QUOTA_PER_MINUTE": str(self.quota),
            "SOURCES_FILE": str(self.sources_file),
            "ENROLLMENT_TIME_SCALE": repr(self.time_scale),
            **self._forms,
            **self.secrets,
        }

    @property
    def _forms(self) -> dict[str, str]:
        if self.forms_endpoint is None:
            return {}
        return {
            "FORMS_API_ENDPOINT": self.forms_endpoint,
            "FORM_NOTIFICATIONS_TOPIC": FORM_NOTIFICATIONS,
        }


@dataclass(frozen=True, kw_only=True)
class Stack:
    """Everything that runs, and the way into each part."""

    emulators: Emulators
    environment: Mapping[str, str]
    pubsub: PubsubEmulator
    topology: Topology
    outside: Outside  # the ledger, the reviews and the topics, by the project's own adapters
    functions: Mapping[str, Function]
    deliveries: Mapping[str, Deliveries]  # by function
    scheduler: Scheduler


@contextmanager
def running_stack(emulators: Emulators, place: Place) -> Iterator[Stack]:
    """Bring it up on running emulators, and end it in any case. Raises NotStarted."""
    topology = read_topology()
    environment = place.environment(emulators)
    with ExitStack() as started:
        pubsub = PubsubEmulator.at(emulators.pubsub, place.project)
        started.callback(pubsub.close)
        pubsub.realise(topology)
        functions = started.enter_context(
            running_functions(
                Function(
                    plan, function_environment(environment, place), place.folder, place.functions
                )
                for plan in topology.functions.values()
            )
        )
        yield Stack(
            emulators=emulators,
            environment=environment,
            pubsub=pubsub,
            topology=topology,
            outside=started.enter_context(_outside(emulators, pubsub)),
            functions=functions,
            deliveries=_relays(started, pubsub, topology, functions),
            scheduler=_scheduler(started, topology, functions, place.time_scale),
        )


def function_environment(environment: Mapping[str, str], place: Place) -> dict[str, str]:
    """A minimal environment: nothing of the caller's, whose proxies and keys are not for this."""
    return {
        **environment,
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "TMPDIR": str(place.folder),
        "PYTHONPATH": str(SOURCES.parent / "shared"),
        "PYTHONUNBUFFERED": "1",
    }


def _relays(
    started: ExitStack,
    pubsub: PubsubEmulator,
    topology: Topology,
    functions: Mapping[str, Function],
) -> dict[str, Deliveries]:
    deliveries = {}
    for each in topology.pushed:
        assert each.push_to is not None
        function = functions[each.push_to]
        relay = Relay(pubsub, each, function.address, function.plan.concurrency)
        deliveries[each.push_to] = started.enter_context(running_relay(relay))
    return deliveries


def _scheduler(
    started: ExitStack, topology: Topology, functions: Mapping[str, Function], time_scale: float
) -> Scheduler:
    (schedule,) = topology.schedules.values()
    function = functions[schedule.function]
    scheduler = Scheduler(
        address=function.address,
        every=interval(schedule.cron, time_scale),
        timeout=function.plan.timeout,
    )
    return started.enter_context(running_scheduler(scheduler))


@contextmanager
def _outside(emulators: Emulators, pubsub: PubsubEmulator) -> Iterator[Outside]:
    """The memory and the topics, by the project's own adapters."""
    firestore = _open_firestore(emulators, pubsub.project)
    clock = SystemClock()
    try:
        yield Outside(
            clock=clock,
            ledger=FirestoreLedger(firestore),
            reviews=FirestoreReviews(firestore),
            line=LineKeeper(FirestoreLine(firestore), clock),
            requests=PubsubTopic(pubsub.publisher, pubsub.topic(REQUESTS)),
            dead_letters=PubsubTopic(pubsub.publisher, pubsub.topic(DEAD_LETTERS)),
        )
    finally:
        firestore.close()


def _open_firestore(emulators: Emulators, project: str) -> Firestore:
    """It reads from the environment where the emulator is, once, when it is opened."""
    before = dict(os.environ)
    os.environ.update(emulators.environment)
    try:
        return open_firestore(project)
    finally:
        os.environ.clear()
        os.environ.update(before)
