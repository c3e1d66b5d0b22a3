"""The unit tests, as a developer runs them."""

import os
import subprocess
import sys
import time

from infra.local.process import ROOT
from tests.bench.measured import Measured
from tests.bench.processes import Failed
from tests.bench.setting import Bench
from tests.bench.sums import middle

TARGET = 5.0
NOT_WRITTEN = "PYTHONDONTWRITEBYTECODE"
COMMAND = [sys.executable, "-m", "pytest", "tests/unit", "-q", "-p", "no:cacheprovider"]
HOW = (
    "`pytest tests/unit`, the whole process and one only, {times} times after one that lets Python"
    " and pytest write what they compile"
)


def measure(bench: Bench) -> list[Measured]:
    times = bench.choose(3, 1)
    bench.say(f"unit-tests: {times} times")
    _, *taken = (_run() for _ in range(times + 1))
    told = middle([seconds for seconds, _ in taken])
    return [
        Measured(
            row="unit-tests",
            what="the unit tests",
            how=HOW.format(times=times),
            value=told.value,
            unit="s",
            spread=told.spread,
            target=TARGET,
            quick=bench.quick,
            details={"told": taken[-1][1]},
        )
    ]


def _environment() -> dict[str, str]:
    """The caller's; but compiled files may be written, or pytest compiles its plugins each time."""
    return {name: value for name, value in os.environ.items() if name != NOT_WRITTEN}


def _run() -> tuple[float, str]:
    began = time.perf_counter()
    done = subprocess.run(
        COMMAND, cwd=ROOT, env=_environment(), capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - began
    last = done.stdout.strip().splitlines()[-1] if done.stdout.strip() else ""
    if done.returncode != 0:
        named = [each for each in done.stdout.splitlines() if each.startswith(("FAILED", "ERROR"))]
        raise Failed(f"the unit tests fail: {'; '.join([*named, last])}")
    return seconds, last
