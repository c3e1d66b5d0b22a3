"""Who is compared: the function that a user would deploy, and the store behind it."""

from dataclasses import dataclass, field
from datetime import timedelta
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

from infra.local.process import ROOT
from infra.local.topology import FunctionPlan, read_topology

HERE = Path(__file__).resolve().parent / "contenders"
FUNCTIONS = ROOT / "functions"
EMULATED = {"firestore", "datastore"}


@dataclass(frozen=True, kw_only=True)
class Contender:
    """One of the compared. `store` is where it remembers: firestore, datastore, memory or None."""

    name: str
    function: str
    store: str | None
    sources: Path = HERE
    others: tuple[str, ...] = ()  # the functions that belong to it besides
    library: str | None = None
    package: str | None = None  # the part of the library that is for idempotency
    unused: tuple[str, ...] = ()  # of that, or of the project: what is on nobody's way here
    settings: str = ""
    own: bool = field(default=False)  # the project itself

    @property
    def versions(self):
        """The versions that were measured."""
        return f"{self.library} {version(self.library)}" if self.library else "this checkout"

    @property
    def missing(self):
        """Whether its library is not installed here."""
        return self.package is not None and find_spec(self.package.partition(".")[0]) is None

    @property
    def asks_a_store(self):
        """Whether it asks one over the network, where a reply can be held or lost."""
        return self.store in EMULATED

    def plan(self, function):
        """How the function is run: as the project's own `enroll`."""
        plans = read_topology().functions
        if function in plans:
            return plans[function]
        like = plans["enroll"]
        return FunctionPlan(function, like.concurrency, timedelta(seconds=60))


NAIVE = Contender(
    name="no idempotency", function="naive", store=None, settings="call, then acknowledge"
)
PUBSUB_IDEMPOTENCY = Contender(
    name="gcp-pubsub-idempotency",
    function="pubsub_idempotency",
    store="datastore",
    library="gcp-pubsub-idempotency",
    package="gcp_pubsub_idempotency",
    unused=("memory.py", "redis.py", "sql.py"),
    settings="@idempotent, DatastoreLock on Google's Datastore emulator, key = request_id, lease"
    " 90 s, ttl 7 days; a final refusal is caught, reported as a dead letter, and returned",
)
PUBSUB_LOCK = Contender(
    name="gcp-pubsub-idempotency, lock()",
    function="pubsub_lock",
    store="datastore",
    library="gcp-pubsub-idempotency",
    package="gcp_pubsub_idempotency",
    unused=("memory.py", "redis.py", "sql.py"),
    settings="lock() with the same backend, key, lease and ttl; a final refusal gives the key back"
    " and is reported as a dead letter, which its README advises against",
)
PUBSUB_MEMORY = Contender(
    name="gcp-pubsub-idempotency, in memory",
    function="pubsub_memory",
    store="memory",
    library="gcp-pubsub-idempotency",
    package="gcp_pubsub_idempotency",
    unused=("datastore.py", "redis.py", "sql.py"),
    settings="@idempotent, InMemoryLock, which its README has for tests and a single process; key,"
    " lease, ttl and refusals as with DatastoreLock",
)
POWERTOOLS = Contender(
    name="Powertools idempotency",
    function="powertools",
    store="firestore",
    library="aws-lambda-powertools",
    package="aws_lambda_powertools.utilities.idempotency",
    unused=("dynamodb.py", "redis.py"),
    settings="idempotent_function, a persistence layer written for Firestore (its own needs AWS),"
    " key = request_id, payload validation on course and student, lease 90 s, kept 7 days; a final"
    " refusal is caught outside the decorated function and reported as a dead letter",
)
OURS = Contender(
    name="this project",
    function="enroll",
    store="firestore",
    sources=FUNCTIONS,
    others=("collect", "wake"),
    unused=("cli", "sources", "sqlite"),
    settings="the functions enroll, collect and wake as deployed; lease 90 s; waits of hours 3,600"
    " times shorter, wake every 2 s",
    own=True,
)
ALL = (NAIVE, PUBSUB_IDEMPOTENCY, PUBSUB_LOCK, PUBSUB_MEMORY, POWERTOOLS, OURS)
