"""The command as a process of its own: what it loads, its last line, and Ctrl-C."""

import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from datetime import UTC, datetime

import pytest

from infra.fake_classroom import FakeClassroom
from infra.samples.roster import sample

pytestmark = pytest.mark.stack

COMMAND = (sys.executable, "-m", "enrollment.cli")
WATCHED = ("googleapiclient", "rich", "enrollment.settings", "sqlite3")
LOADED = f"""
import sys
from enrollment.cli import main
try:
    main(sys.argv[1:])
except SystemExit as end:
    assert not end.code
print(*(name for name in {WATCHED!r} if name in sys.modules), file=sys.stderr)
"""


@pytest.fixture(scope="module")
def school(tmp_path_factory):
    """A sample school, its roster as a zip, and what is declared of it."""
    made = sample(100, as_of=datetime.now(UTC).date())
    folder = tmp_path_factory.mktemp("school")
    made.write_zip(folder / "roster.zip")
    lines = [f"{key} = {json.dumps(value)}" for key, value in made.source.items()]
    (folder / "sources.toml").write_text("\n".join(["[sources.northside]", *lines]))
    return made, folder / "roster.zip", folder / "sources.toml"


def environment(**more):
    return {"PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)} | more


def test_a_rehearsal_ends_with_its_json_and_nothing_else(school, tmp_path):
    done = subprocess.run(
        [*COMMAND, "import", school[1], "--dry-run", "--json"],
        env=environment(SOURCES_FILE=str(school[2])),
        cwd=tmp_path,
        capture_output=True,
        check=True,
        timeout=30,
    )

    (line,) = done.stdout.splitlines()
    told = json.loads(line)
    assert told["sent"] == len(school[0].expected)
    assert told["sent"] + told["duplicates"] + sum(told["skipped"].values()) == told["rows"]
    assert list(tmp_path.iterdir()) == []


def loaded_by(*words):
    done = subprocess.run(
        [sys.executable, "-c", LOADED, *map(str, words)],
        env=environment(),
        capture_output=True,
        check=True,
        text=True,
        timeout=30,
    )
    return set(done.stderr.splitlines()[-1].split())


def test_nothing_is_loaded_before_it_is_needed(school):
    assert loaded_by("--help") == set()
    assert loaded_by("review", "list", "--help") == set()
    assert not {"googleapiclient", "rich"} & loaded_by("import", school[1], "--dry-run", "--json")


def run(fake, sources, tmp_path, *words):
    return subprocess.Popen(
        [*COMMAND, "run", *words, "--json", "--wait", "0", "--journal", "journal.log"],
        env=environment(
            CLASSROOM_API_ENDPOINT=fake.endpoint,
            CLASSROOM_ADMIN="admin@northside.example",
            CLASSROOM_QUOTA_PER_MINUTE="6000",
            SOURCES_FILE=str(sources),
        ),
        cwd=tmp_path,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def wait_for_calls(fake, number):
    give_up = time.monotonic() + 30
    while len(fake.log) < number and time.monotonic() < give_up:
        time.sleep(0.01)


def test_ctrl_c_finishes_what_is_under_way_and_the_next_run_goes_on(school, tmp_path):
    made, roster, sources = school
    with FakeClassroom(made.school, quota_per_user=6000, quota_per_project=6000) as fake:
        first = run(fake, sources, tmp_path, roster)
        wait_for_calls(fake, 20)
        first.send_signal(signal.SIGINT)
        stopped, told = first.communicate(timeout=60)

        second = run(fake, sources, tmp_path)
        finished, _ = second.communicate(timeout=120)

        creates = Counter(
            (call.course, call.user) for call in fake.log if call.delivered and call.deed
        )

    assert (first.returncode, second.returncode) == (130, 0)
    assert "what is under way is finished first" in told
    assert "Go on: enrollment run --store sqlite:///enrollment.db" in told
    assert "Traceback" not in told
    assert json.loads(stopped.splitlines()[-1])["enrolled"] >= 1
    assert json.loads(finished.splitlines()[-1])["requests"] == len(made.expected)
    assert set(creates.values()) == {1}


def test_a_second_ctrl_c_ends_the_process_at_once_and_loses_nothing(school, tmp_path):
    made, roster, sources = school
    with FakeClassroom(made.school, quota_per_user=6000, quota_per_project=6000) as fake:
        first = run(fake, sources, tmp_path, roster)
        wait_for_calls(fake, 2)
        fake.add_rules([{"fault": "hang"}])
        time.sleep(1)  # for every worker to be with a call that is not answered
        first.send_signal(signal.SIGINT)
        assert any("Ctrl-C again: at once" in line for line in first.stderr)
        pressed = time.monotonic()
        first.send_signal(signal.SIGINT)
        stopped, rest = first.communicate(timeout=60)
        took = time.monotonic() - pressed

        fake.clear_rules()
        finished, _ = run(fake, sources, tmp_path).communicate(timeout=120)

    assert took < 3
    assert first.returncode == 130
    assert "stopped at once: nothing is lost" in rest
    assert "Traceback" not in rest
    assert stopped == ""
    assert json.loads(finished.splitlines()[-1])["requests"] == len(made.expected)
