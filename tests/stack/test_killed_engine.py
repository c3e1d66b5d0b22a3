"""`enrollment run`, killed at any moment and started again on the same store."""

import json
import os
import random
import subprocess
import sys
import time
from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from enrollment.wiring.embedded import open_store
from infra.fake_classroom import FakeClassroom
from infra.local.account import account, repeat_creates
from infra.samples.roster import SOURCE, sample
from tests.stack.killed import in_flight, wishes

pytestmark = pytest.mark.stack

QUOTA = 3000  # slow enough that a kill finds the engine at work
KILLS = 5
SCALE = 1 / 36_000


def declaration():
    said = "".join(f"{name} = {json.dumps(value)}\n" for name, value in SOURCE.items())
    return f'[school]\ndomains = ["student.northside.example"]\n[sources.northside]\n{said}'


def command(fake, roster, store, sources):
    return {
        "args": [
            *(sys.executable, "-m", "enrollment.cli", "run", str(roster)),
            *("--store", f"sqlite:///{store}"),
            *("--time-scale", str(SCALE), "--wait", "2m", "--json"),
            *("--journal", f"{store}.journal.log"),
        ],
        "env": {
            "PATH": os.environ["PATH"],
            "PYTHONPATH": os.pathsep.join(sys.path),
            "CLASSROOM_API_ENDPOINT": fake.endpoint,
            "CLASSROOM_ADMIN": "admin@northside.example",
            "CLASSROOM_QUOTA_PER_MINUTE": str(QUOTA),
            "SOURCES_FILE": str(sources),
        },
        "stdout": subprocess.DEVNULL,
        "stderr": subprocess.PIPE,
    }


def pytest_generate_tests(metafunc):
    metafunc.parametrize("seed", range(1, 11) if metafunc.config.getoption("--all") else [1])


def test_a_killed_run_goes_on_where_it_stopped(tmp_path, seed):
    now = datetime.now(UTC)
    made = sample(100, seed, as_of=now.date(), time_scale=SCALE)
    roster, store, sources = (tmp_path / name for name in ("r.zip", "s.db", "sources.toml"))
    made.write_zip(roster)
    sources.write_text(declaration())
    chance = random.Random(seed)
    requests = wishes(roster, now)
    with FakeClassroom(made.school, seed=seed, quota_per_user=QUOTA) as fake:
        kills = []
        for _ in range(KILLS):
            run = subprocess.Popen(**command(fake, roster, store, sources))
            try:
                run.wait(timeout=chance.uniform(0.8, 3))
            except subprocess.TimeoutExpired:
                kills.append(time.time())
                run.kill()
            run.communicate()
        done = subprocess.run(**command(fake, roster, store, sources), timeout=120, check=False)

        opened = open_store(str(store))
        aliases = {a: c["id"] for c in fake.school.to_json()["courses"] for a in c["aliases"]}
        found = account(opened, requests, fake.roster(), aliases, made.expected)
        calls = [asdict(call) for call in fake.log]
        opened.database.close()
    assert done.returncode == 0, done.stderr
    assert (found.outcomes["lost"], found.outcomes["waiting"]) == (0, 0)
    assert found.falsely_rejected == 0
    assert repeat_creates([each for each in calls if not in_flight(each, kills)], requests) == 0
