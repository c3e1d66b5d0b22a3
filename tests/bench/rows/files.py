"""A roster read, checked and explained: the whole command."""

import json
import subprocess
import time
from datetime import UTC, datetime
from pathlib import Path

from infra.local.process import ROOT
from infra.samples.roster import sample
from tests.bench.measured import Measured
from tests.bench.processes import Failed
from tests.bench.setting import ADMIN, Bench, bare_environment
from tests.bench.sums import middle

TARGET = 2.0
ROWS, STUDENTS = 14_076, 2_624  # so many students of Northside have so many rows
COMMAND = ROOT / ".venv" / "bin" / "enrollment"
HOW = (
    "`enrollment import northside.zip --dry-run --json --explain FILE`, the whole process,"
    " {times} times after one that fills the page cache; a made-up school of {students:,} students"
    " with all defects in its roster"
)


def measure(bench: Bench) -> list[Measured]:
    made = sample(STUDENTS, as_of=datetime.now(UTC).astimezone().date())
    roster = bench.folder / "northside.zip"
    made.write_zip(roster)
    times = bench.choose(7, 2)
    bench.say(f"files: {times} times")
    _, *taken = (_import(roster, bench.folder) for _ in range(times + 1))
    told = middle([seconds for seconds, _ in taken])
    return [
        Measured(
            row="files",
            what=f"roster of {ROWS:,} rows parsed, checked and explained",
            how=HOW.format(times=times, students=STUDENTS),
            value=told.value,
            unit="s",
            spread=told.spread,
            target=TARGET,
            quick=bench.quick,
            details={"told": taken[-1][1]},
        )
    ]


def _import(roster: Path, folder: Path) -> tuple[float, dict[str, object]]:
    explained = folder / "not-sent.csv"
    explained.unlink(missing_ok=True)
    command = [COMMAND, "import", roster, "--dry-run", "--json", "--explain", explained]
    settings = {
        **bare_environment(folder),
        "CLASSROOM_ADMIN": ADMIN,
        "CLASSROOM_API_ENDPOINT": "http://127.0.0.1:9/",
        "ENROLLMENT_STORE": f"sqlite:///{folder}/files.db",
    }
    began = time.perf_counter()
    done = subprocess.run(
        command, cwd=folder, env=settings, capture_output=True, text=True, check=False
    )
    seconds = time.perf_counter() - began
    if done.returncode != 0:
        raise Failed(f"import ended with {done.returncode}: {done.stderr[-500:]}")
    told = json.loads(done.stdout.splitlines()[-1])
    if told["rows"] != ROWS:
        raise Failed(f"the roster has {told['rows']} rows, not {ROWS}")
    return seconds, told
