"""The local stack as a user starts and stops it: as processes."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
KEYS = [
    "engine",
    "requests",
    "deliveries",
    "enrolled",
    "already_enrolled",
    "invited",
    "rejected",
    "waiting",
    "lost",
    "in_review",
    "classroom_calls",
    "repeat_creates",
    "seconds",
]

pytestmark = pytest.mark.stack


def started(*options: str, folder: Path) -> subprocess.Popen[str]:
    """`infra/run` behind its set-up, which is this very environment."""
    folder.mkdir(exist_ok=True)
    return subprocess.Popen(
        [sys.executable, "-m", "infra.local", *options],
        env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder)},
        cwd=folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
    )


def processes_of(folder: Path) -> list[int]:
    """Every process that runs on files in this folder, whoever its parent is by now."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            if str(folder).encode() in path.read_bytes():
                found.append(int(path.parent.name))
        except OSError:
            continue  # it has just ended
    return found


def eventually(true, within: float) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False


def test_a_whole_school_is_enrolled_and_accounted_for(tmp_path):
    options = ("--json", "--students", "110", "--seed", "5", "--time-scale", "1/7200")

    with started(*options, folder=tmp_path / "tmp") as run:
        out, err = run.communicate(timeout=110)

    said = json.loads(out.splitlines()[-1])
    assert run.returncode == 0, err
    assert list(said) == KEYS
    assert said["engine"] == "embedded"
    assert (said["lost"], said["waiting"], said["repeat_creates"]) == (0, 0, 0)
    outcomes = ["enrolled", "already_enrolled", "invited", "rejected", "waiting", "lost"]
    assert said["requests"] == sum(said[each] for each in outcomes)
    assert said["in_review"] == said["rejected"] + 5  # five messages are no requests
    assert list((tmp_path / "tmp").iterdir()) == []


def test_ctrl_c_ends_all_that_was_started(tmp_path):
    folder = tmp_path / "tmp"
    with started(folder=folder) as run:
        assert eventually(lambda: len(processes_of(folder)) == 1, within=20)

        run.send_signal(signal.SIGINT)

        _, err = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "stopped" in err
    assert processes_of(folder) == []
    assert list(folder.iterdir()) == []


def test_a_killed_run_leaves_no_process_and_the_next_run_clears_its_folder(tmp_path):
    folder = tmp_path / "tmp"
    with started(folder=folder) as run:
        assert eventually(lambda: len(processes_of(folder)) == 1, within=20)
        run.kill()
        run.communicate(timeout=10)
    assert eventually(lambda: processes_of(folder) == [], within=10)
    (left,) = folder.iterdir()

    with started(folder=folder) as run:
        assert eventually(lambda: not left.exists(), within=20)
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=60)


def test_a_roster_that_cannot_be_read_is_named_and_nothing_is_started(tmp_path):
    (tmp_path / "empty").mkdir()

    with started("--roster", str(tmp_path / "empty"), folder=tmp_path / "tmp") as run:
        _, err = run.communicate(timeout=30)

    assert run.returncode == 2
    assert "enrollments.csv" in err
    assert "Traceback" not in err
