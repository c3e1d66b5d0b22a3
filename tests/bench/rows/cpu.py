"""CPU for one enrollment in the function, against its three parts made one by one."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import count

from infra.local.process import ROOT
from tests.bench.measured import Measured
from tests.bench.processes import Failed, cpu_seconds, drive, of_group, served
from tests.bench.setting import Bench, environment, pushes
from tests.bench.sums import middle, ratios

TARGET = 1.35
PARTS = ROOT / "tests" / "bench" / "parts"
NAMES = ("enroll", "noop", "pair", "create")
WARM_UP = 1_000  # operations: the emulator's first hundreds are slow ones, and wake the client
PLACES = 40_000
HOW = (
    "CPU (user and kernel) of whole processes, {rounds} interleaved rounds of {operations}"
    " operations each after a warm-up, {at_once} at once. enroll: the real function in"
    " functions-framework with {threads} threads, posted the relay's push envelopes, Firestore"
    " emulator, fake school. noop: a function that returns, same server, threads and bodies. pair:"
    " google.cloud.firestore create and update(last_update_time) of a document like the ledger's."
    " create: a kept googleapiclient students resource, create().execute() over a kept connection."
    " The ratio is each round's enroll / (noop + pair + create)"
)


@dataclass(frozen=True)
class Part:
    """Something that does so many operations when told, and the processes that it takes."""

    run: Callable[[int], None]
    processes: list[int]

    def seconds(self, operations: int) -> float:
        """CPU seconds of one operation."""
        before = cpu_seconds(self.processes)
        self.run(operations)
        return (cpu_seconds(self.processes) - before) / operations


def measure(bench: Bench) -> list[Measured]:
    operations, rounds = bench.choose(500, 100), bench.choose(7, 3)
    return [measured(bench, operations, rounds, at_once) for at_once in bench.choose((1, 8), (1,))]


def measured(bench: Bench, operations: int, rounds: int, at_once: int) -> Measured:
    taken: dict[str, list[float]] = {name: [] for name in NAMES}
    with ExitStack() as started:
        parts, threads = _parts(started, bench, at_once)
        for part in parts.values():
            part.run(WARM_UP)
        for number in range(rounds):
            bench.say(f"cpu: {at_once} at once, round {number + 1} of {rounds}")
            for name, part in parts.items():
                taken[name].append(part.seconds(operations))
    sums = [sum(each) for each in zip(*(taken[name] for name in NAMES[1:]), strict=True)]
    ratio = ratios(taken["enroll"], sums)
    return Measured(
        row="cpu",
        what=f"CPU of one enrollment over that of its three parts, {at_once} at once",
        how=HOW.format(rounds=rounds, operations=operations, at_once=at_once, threads=threads),
        value=ratio.value,
        unit="times",
        spread=ratio.spread,
        target=TARGET,
        quick=bench.quick,
        details={"microseconds": {name: _microseconds(each) for name, each in taken.items()}},
    )


def _microseconds(seconds: list[float]) -> dict[str, float]:
    told = middle([each * 1e6 for each in seconds])
    return {"median": told.value, "least": told.least, "most": told.most}


def _parts(started: ExitStack, bench: Bench, at_once: int) -> tuple[dict[str, Part], int]:
    emulators = started.enter_context(bench.emulators())
    school = started.enter_context(bench.school(PLACES))
    settings, turns = environment(emulators, school, bench.folder), count()

    def posted(name: str, sources=None) -> tuple[Part, int]:
        function = started.enter_context(served(name, settings, bench.folder, sources))

        def run(operations: int) -> None:
            bodies = pushes(next(turns) for _ in range(operations))
            drive(function.address, bodies, at_once)

        return Part(run, of_group(function.group)), function.plan.concurrency

    enroll, threads = posted("enroll")
    noop, _ = posted("noop", PARTS)
    workers = {name: started.enter_context(_worker(name, at_once, settings)) for name in NAMES[2:]}
    return {"enroll": enroll, "noop": noop, **workers}, threads


@contextmanager
def _worker(name: str, at_once: int, settings: dict[str, str]) -> Iterator[Part]:
    command = [sys.executable, "-m", "tests.bench.parts.worker", name, str(at_once)]
    with subprocess.Popen(
        command,
        cwd=ROOT,
        env=settings,
        text=True,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
    ) as process:

        def run(operations: int) -> None:
            print(operations, file=process.stdin, flush=True)
            if process.stdout.readline() != "done\n":
                raise Failed(f"the part {name} has ended")

        yield Part(run, [process.pid])
        process.stdin.close()
