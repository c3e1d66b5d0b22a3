"""Trouble, one kind a class: made on a stage, written into its record, and ended in any case."""

import random
import time
from contextlib import contextmanager
from dataclasses import dataclass

from grpc import StatusCode

from tests.stack.points import is_line
from tests.stack.wire import Swallow, Weather
from tests.stack.wishes import ADMIN, KINDS, PLAIN, Kind

PATIENCE = 60.0  # for what follows within seconds as a rule
STATUSES = (
    StatusCode.UNAVAILABLE,
    StatusCode.RESOURCE_EXHAUSTED,
    StatusCode.DEADLINE_EXCEEDED,
    StatusCode.ABORTED,
)


@dataclass(frozen=True, kw_only=True)
class Crowd:
    """So many wishes of some kinds, a fifth of them in two or three messages."""

    number: int
    kinds: tuple[Kind, ...] = KINDS

    def make(self, stage):
        stage.record.note(f"{self.number} wishes of {len(self.kinds)} kinds")
        stage.send(*stage.wishes.crowd(self.number, self.kinds))


@dataclass(frozen=True, kw_only=True)
class Copies:
    """One wish in so many messages at once."""

    number: int

    def make(self, stage):
        stage.record.note(f"{self.number} copies of one message")
        stage.send(*stage.wishes.one(PLAIN), copies=self.number)


@dataclass(frozen=True, kw_only=True)
class Rest:
    """Nothing, for a while."""

    seconds: float

    def make(self, stage):
        stage.rest(self.seconds)


@dataclass(frozen=True, kw_only=True)
class WhenHeld:
    """Wait until a fault holds the line."""

    seconds: float = 180.0

    def make(self, stage):
        stage.until(lambda: _holds(stage), self.seconds, "the line is held")


@dataclass(frozen=True, kw_only=True)
class WhenOpen:
    """Wait until a line that was held is open again: at the next probe."""

    seconds: float = 180.0

    def make(self, stage):
        stage.until(lambda: not _holds(stage), self.seconds, "the line is open")
        stage.record.note("the line is open")


@dataclass(frozen=True, kw_only=True)
class CutOff:
    """A server that nobody reaches: connections are refused, or with `stuck` everything hangs."""

    server: str
    seconds: float
    stuck: bool = False

    def make(self, stage):
        gate, how = stage.gates[self.server], "hangs" if self.stuck else "is cut off"
        stage.record.note(f"{self.server} {how} for {self.seconds:.0f} s")
        try:
            (gate.stick if self.stuck else gate.shut)()
            stage.rest(self.seconds)
        finally:
            gate.open()
            stage.record.note(f"{self.server} is back")


@dataclass(frozen=True, kw_only=True)
class Refusing:
    """A server that answers a share of the calls with these statuses, and does nothing."""

    server: str
    seconds: float
    share: float = 0.5
    codes: tuple[StatusCode, ...] = STATUSES

    def make(self, stage):
        names = ", ".join(each.name for each in self.codes)
        weather = Weather(random.Random(stage.seed), self.share, self.codes)
        stage.record.note(f"{self.server} answers {self.share:.0%} of calls with {names}")
        with in_the_air(stage, weather, self.server):
            stage.rest(self.seconds)
        stage.record.note(f"{self.server} answers again; {weather.spoilt} calls were refused")


@dataclass(frozen=True, kw_only=True)
class Late:
    """A server that a share of the calls reaches only when their callers have given them up."""

    server: str
    seconds: float
    share: float
    late: float = 6.0  # a try at the ledger is given up after 5 s

    def make(self, stage):
        weather = Weather(random.Random(stage.seed), self.share, late=self.late)
        stage.record.note(f"{self.share:.0%} of calls reach {self.server} {self.late:.0f} s late")
        with in_the_air(stage, weather, self.server):
            stage.rest(self.seconds)
        stage.record.note(f"{self.server} is quick again; {weather.spoilt} calls were late")


@dataclass(frozen=True, kw_only=True)
class Swallowing:
    """A server whose reply to every so-manieth write is lost, which takes effect."""

    server: str
    every: int
    seconds: float

    def make(self, stage):
        method = {"firestore": "Commit", "pubsub": "Publish"}[self.server]
        swallow = Swallow(self.every, method)
        stage.record.note(f"of {self.server} every reply number {self.every} is lost")
        with in_the_air(stage, swallow, self.server):
            stage.rest(self.seconds)
        stage.record.note(f"no more replies of {self.server} are lost; {swallow.swallowed} were")


@dataclass(frozen=True, kw_only=True)
class Storm:
    """Classroom's next calls, whosoever they are, meet a fault; it is over when they have."""

    fault: str
    calls: int
    seconds: float = PATIENCE

    def make(self, stage):
        stage.record.note(
            f"the next {self.calls} calls that nothing else befalls meet {self.fault}"
        )

        def met():
            return sum(each.fault == self.fault for each in stage.fake.log)

        before = met()
        stage.fake.add_rules([{"fault": self.fault, "times": self.calls}])
        # Wishes of a kind that meets the same may be counted among them; then a few are left over.
        stage.until(
            lambda: met() >= before + self.calls, self.seconds, f"{self.calls} {self.fault}"
        )


@dataclass(frozen=True, kw_only=True)
class ClassroomAway:
    """Classroom answers everybody with 503 for a while."""

    seconds: float

    def make(self, stage):
        with _switched_on(stage, "away"):
            stage.rest(self.seconds)


@dataclass(frozen=True, kw_only=True)
class WrongKey:
    """The administrator's key is wrong, until it is mended.

    Whatever else Classroom had against single calls is over: a probe that met it would show
    nothing, and the line would be held for a minute more each time.
    """

    kind: str
    seconds: float

    def make(self, stage):
        stage.fake.clear_rules()
        with _switched_on(stage, self.kind, subject=ADMIN):
            mended = time.monotonic() + self.seconds
            stage.send(*stage.wishes.one(PLAIN))  # somebody has to notice
            stage.until(lambda: _holds(stage), PATIENCE, "the line is held")
            stage.record.note("the line is held")
            stage.rest(mended - time.monotonic())


def _holds(stage):
    """Whether the line is held, as far as has been heard."""
    said = [each.said for each in list(stage.wires["firestore"].written) if is_line(each.said)]
    return bool(said) and said[-1].fields.get("state") == "held"


@contextmanager
def _switched_on(stage, kind, subject=None):
    stage.record.note(f"Classroom: {kind}")
    stage.fake.trouble(kind, subject=subject)
    try:
        yield
    finally:
        stage.fake.trouble(None)
        stage.record.note(f"Classroom: no more {kind}")


@contextmanager
def in_the_air(stage, harm, *servers):
    for name in servers:
        stage.wires[name].add(harm)
    try:
        yield
    finally:
        for name in servers:
            stage.wires[name].remove(harm)
