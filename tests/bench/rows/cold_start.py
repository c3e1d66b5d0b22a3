"""From the spawn to the first 200, against a bare function with the same clients."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from contextlib import suppress
from http.client import HTTPConnection, HTTPException
from itertools import count, islice
from pathlib import Path

from infra.local.functions import SOURCES
from infra.local.process import LOOPBACK, free_port
from tests.bench.measured import Measured
from tests.bench.processes import (
    GIVE_UP,
    Failed,
    cpu_seconds,
    drive,
    of_group,
    served,
)
from tests.bench.setting import Bench, environment, pushes
from tests.bench.sums import middle, ratios

TARGET = 1.15
PARTS = Path(__file__).parents[1] / "parts"
WARMED = 500  # requests before, for an emulator that has just begun takes 20 ms for an answer
KNOCK = 0.002  # seconds between two tries to connect
HOW = (
    "whole processes of functions-framework, from their spawn to the first answer, which must be"
    " 200; {rounds} interleaved rounds after one that fills page cache and .pyc, on emulators that"
    " have worked before. enroll: the real"
    " function and a real delivery (one look at the line, two commits, one call to Classroom)."
    " bare: imports and builds google.cloud.firestore, the Pub/Sub publisher and googleapiclient's"
    " classroom, and makes one create"
)


def measure(bench: Bench) -> list[Measured]:
    rounds = bench.choose(41, 3)
    taken: dict[str, list[float]] = {"bare": [], "enroll": []}
    cpu: dict[str, list[float]] = {"bare": [], "enroll": []}
    sources, turns = {"enroll": SOURCES, "bare": PARTS}, count()
    with bench.emulators() as emulators, bench.school(rounds + 1 + WARMED) as school:
        settings = environment(emulators, school, bench.folder)
        with served("enroll", settings, bench.folder) as warm:
            drive(warm.address, pushes(islice(turns, WARMED)), 1)
        settings["THREADS"] = str(warm.plan.concurrency)
        for number in range(rounds + 1):
            bench.say(f"cold-start: round {number} of {rounds}")
            (body,) = pushes([next(turns)])
            # Whoever comes second finds the machine as the first has left it: they take turns.
            for name in sorted(taken, reverse=bool(number % 2)):
                source = sources[name] / name / "main.py"
                seconds = first_answer(name, source, settings, body, bench.folder)
                if number:
                    for of, each in zip((taken, cpu), seconds, strict=True):
                        of[name].append(each)
    ratio = ratios(taken["enroll"], taken["bare"])
    return [
        Measured(
            row="cold-start",
            what="first 200 of enroll over that of a bare function with the same clients",
            how=HOW.format(rounds=rounds),
            value=ratio.value,
            unit="times",
            spread=ratio.spread,
            target=TARGET,
            quick=bench.quick,
            details={
                "seconds": {name: vars(middle(each)) for name, each in taken.items()},
                "CPU seconds": {name: vars(middle(each)) for name, each in cpu.items()},
                "CPU ratio": vars(ratios(cpu["enroll"], cpu["bare"])),
            },
        )
    ]


def first_answer(
    name: str, source: Path, environment: Mapping[str, str], body: bytes, folder: Path
) -> tuple[float, float]:
    """Seconds from the spawn to the answer, and of CPU. Raises Failed if it is not 200."""
    port = free_port()
    command = [
        *(sys.executable, "-P", "-m", "functions_framework", "--source", str(source)),
        *("--target", name, "--host", LOOPBACK, "--port", str(port)),
    ]
    with (folder / f"{name}.log").open("ab") as log:
        began = time.perf_counter()
        process = subprocess.Popen(
            command, env=environment, stdout=log, stderr=log, process_group=0
        )
        try:
            status = _knock(port, body, began + GIVE_UP)
            seconds = time.perf_counter() - began
            cpu = cpu_seconds(of_group(process.pid))
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
    if status != 200:
        raise Failed(f"the first answer of {name} is {status}")
    return seconds, cpu


def _knock(port: int, body: bytes, give_up: float) -> int:
    """POST as soon as somebody listens, and return the status."""
    headers = {"Content-Type": "application/json"}
    while time.perf_counter() < give_up:
        connection = HTTPConnection(LOOPBACK, port, timeout=GIVE_UP)
        try:
            connection.connect()
        except OSError:
            time.sleep(KNOCK)
            continue
        try:
            connection.request("POST", "/", body, headers)
            return connection.getresponse().status
        except (OSError, HTTPException) as trouble:
            raise Failed(f"no first answer: {type(trouble).__name__}") from None
        finally:
            connection.close()
    raise Failed("nobody listens")
