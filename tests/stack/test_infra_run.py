"""The local stack as a user starts and stops it: as processes."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.leaks import no_leaks_in
from tests.stack.kept_logs import kept_logs

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

KEPT = "kept"
FUNCTIONS = {"enroll.log", "collect.log", "wake.log", "sis_webhook.log"}
EMBEDDED, EMULATORS = "--embedded", ""
ENGINES = [EMBEDDED, pytest.param(EMULATORS, marks=pytest.mark.emulators)]

pytestmark = pytest.mark.stack


@contextmanager
def started(*options: str, folder: Path, **environment: str) -> Iterator[subprocess.Popen[str]]:
    """`infra/run` behind its set-up, which is this very environment; its logs are kept."""
    folder.mkdir(exist_ok=True)
    with (
        kept_logs(folder, folder.parent / KEPT),
        subprocess.Popen(
            [sys.executable, "-m", "infra.local", *filter(None, options)],
            env={**os.environ, "PYTHONPATH": str(ROOT), "TMPDIR": str(folder), **environment},
            cwd=folder,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            start_new_session=True,
        ) as run,
    ):
        yield run


def processes_of(folder: Path, run: subprocess.Popen[str]) -> list[str]:
    """The command of every process that this run started, whoever its parent is by now.

    Each has the folder in its environment: it is told nothing else about temporary files.
    """
    found = []
    for path in Path("/proc").glob("[0-9]*"):
        try:
            if (
                path.name != str(run.pid)
                and str(folder).encode() in (path / "environ").read_bytes()
            ):
                found.append((path / "cmdline").read_bytes().decode())
        except OSError:
            continue  # it has just ended
    return found


def is_up(folder: Path, run: subprocess.Popen[str], engine: str) -> bool:
    """Whether everything has been started."""
    commands = processes_of(folder, run)
    if engine == EMBEDDED:
        return len(commands) == 1  # the school
    # A guard, a master and a worker of each function.
    return sum("functions_framework" in each for each in commands) >= 9


def eventually(true, within: float) -> bool:
    until = time.monotonic() + within
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False


@pytest.mark.parametrize("engine", ENGINES)
def test_a_whole_school_is_enrolled_and_accounted_for(tmp_path, engine):
    options = (engine, "--json", "--students", "110", "--seed", "5", "--time-scale", "1/7200")

    with started(*options, folder=tmp_path / "tmp") as run:
        out, err = run.communicate(timeout=170)

    said = json.loads(out.splitlines()[-1])
    assert run.returncode == 0, err
    assert list(said) == KEYS
    assert said["engine"] == ("embedded" if engine == EMBEDDED else "emulators")
    assert (said["lost"], said["waiting"], said["repeat_creates"]) == (0, 0, 0)
    outcomes = ["enrolled", "already_enrolled", "invited", "rejected", "waiting", "lost"]
    assert said["requests"] == sum(said[each] for each in outcomes)
    assert said["deliveries"] >= said["requests"] * 1.1  # a tenth comes twice or more
    assert said["in_review"] == said["rejected"] + 5  # five messages are no requests
    no_leaks_in([("stdout", out), ("stderr", err)])
    kept = {each.name for each in (tmp_path / KEPT).rglob("*.log")}
    assert (engine == EMBEDDED) or kept >= FUNCTIONS  # and the fixture has looked at them
    assert list((tmp_path / "tmp").iterdir()) == []


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_and_a_polite_end_end_all_that_was_started(tmp_path, engine, number):
    folder = tmp_path / "tmp"
    with started(engine, folder=folder) as run:
        assert eventually(lambda: is_up(folder, run, engine), within=60)

        run.send_signal(number)

        _, err = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "stopped" in err
    assert processes_of(folder, run) == []
    assert list(folder.iterdir()) == []


@pytest.mark.parametrize("engine", ENGINES)
def test_a_killed_run_leaves_no_process_and_the_next_run_clears_its_folder(tmp_path, engine):
    folder = tmp_path / "tmp"
    with started(engine, folder=folder) as run:
        assert eventually(lambda: is_up(folder, run, engine), within=60)
        run.kill()
        run.communicate(timeout=10)
    assert eventually(lambda: processes_of(folder, run) == [], within=15)
    (left,) = folder.iterdir()

    with started(EMBEDDED, folder=folder) as run:
        assert eventually(lambda: not left.exists(), within=20)
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=60)


@pytest.mark.parametrize("engine", ENGINES)
def test_staying_it_says_what_to_export_and_it_is_all_there(tmp_path, engine):
    options = (engine, "--stay", "--students", "3", "--faults", "none")
    with started(*options, folder=tmp_path / "tmp") as run:
        said = list(iter(run.stdout.readline, "  .venv/bin/enrollment status\n"))
        exports = dict(
            line.removeprefix("  export ").strip().split("=", 1)
            for line in said
            if line.startswith("  export ")
        )
        answers = {
            name: urlopen(f"http://{address}/", timeout=5).status
            for name, address in exports.items()
            if name.endswith("_EMULATOR_HOST")
        }
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=60)

    assert {"CLASSROOM_API_ENDPOINT", "SOURCES_FILE", "CLASSROOM_ADMIN"} < set(exports)
    if engine == EMBEDDED:
        assert exports["ENROLLMENT_STORE"].startswith("sqlite:///")
        assert answers == {}
    else:
        assert exports["ENROLLMENT_STORE"] == "firestore"
        assert answers == {"PUBSUB_EMULATOR_HOST": 200, "FIRESTORE_EMULATOR_HOST": 200}


def test_with_ci_set_missing_emulators_are_a_failure(tmp_path):
    (tmp_path / "empty").mkdir()
    with started(folder=tmp_path / "tmp", PATH=str(tmp_path / "empty"), CI="true") as run:
        out, err = run.communicate(timeout=30)

    assert run.returncode == 2
    assert "gcloud components install pubsub-emulator cloud-firestore-emulator" in err
    assert "Traceback" not in err
    assert out == ""


def test_without_ci_it_says_which_engine_plays_instead_and_why(tmp_path):
    (tmp_path / "empty").mkdir()
    environment = {"PATH": str(tmp_path / "empty"), "CI": ""}
    with started("--faults", "none", folder=tmp_path / "tmp", **environment) as run:
        told = [run.stdout.readline() for _ in range(3)]
        run.send_signal(signal.SIGINT)
        run.communicate(timeout=60)

    assert told[2].startswith("engine: embedded")
    assert "there is no gcloud on PATH" in told[2]
    assert "gcloud components install" in told[2]


def test_a_roster_that_cannot_be_read_is_named_and_nothing_is_started(tmp_path):
    (tmp_path / "empty").mkdir()

    with started("--roster", str(tmp_path / "empty"), folder=tmp_path / "tmp") as run:
        _, err = run.communicate(timeout=30)

    assert run.returncode == 2
    assert "enrollments.csv" in err
    assert "Traceback" not in err
