"""What the stack starts ends with it: wrappers, children of children, and after a kill as well."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from infra.local.process import ROOT, NotStarted, end_group, running
from tests.infra.local.waiting import eventually

# A wrapper as the emulators have it: it waits for a child, which would outlive it.
WRAPPER = ["sh", "-c", "sleep 600 & sleep 600"]
DEAF = ["sh", "-c", "trap '' TERM INT; while :; do sleep 600; done"]
PARENT = """
import signal, sys, time
from pathlib import Path
from infra.local.process import running

signal.signal(signal.SIGHUP, signal.SIG_DFL)  # a session under nohup has it ignored
with running("wrapper", sys.argv[2:], Path(sys.argv[1])) as process:
    print(process.group, flush=True)
    time.sleep(600)
"""


def members(group):
    """The processes of a group that still run."""
    found = []
    for path in Path("/proc").glob("[0-9]*/stat"):
        try:
            # pid (name) state ppid pgrp …, and a name may hold anything
            state, _, its_group = path.read_text().rpartition(")")[2].split()[:3]
        except OSError:
            continue  # it has just ended
        if int(its_group) == group and state != "Z":
            found.append(int(path.parent.name))
    return found


@pytest.fixture
def log(tmp_path):
    return tmp_path / "wrapper.log"


def test_the_whole_group_ends_with_the_block(log):
    with running("wrapper", WRAPPER, log) as process:
        assert eventually(lambda: len(members(process.group)) == 3)

    assert members(process.group) == []


def test_it_ends_after_an_exception_too(log):
    with pytest.raises(ZeroDivisionError), running("wrapper", WRAPPER, log) as process:
        raise ZeroDivisionError

    assert members(process.group) == []


def test_one_that_does_not_listen_is_ended_all_the_same(log):
    with running("deaf", DEAF, log) as process:
        assert eventually(lambda: len(members(process.group)) == 2)

    assert members(process.group) == []


def test_killed_it_is_gone_at_once(log):
    with running("wrapper", WRAPPER, log) as process:
        assert eventually(lambda: len(members(process.group)) == 3)
        process.kill()

        assert members(process.group) == []
        assert not process.alive


def test_children_do_not_outlive_a_leader_that_ends_by_itself(log):
    with running("short", ["sh", "-c", "sleep 600 & exit 3"], log) as process:
        assert eventually(lambda: not process.alive)

        assert members(process.group) == []
        assert process.guard.returncode == 3


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_it_ends_when_the_parent_dies_of_a_signal(log, number):
    command = [sys.executable, "-c", PARENT, str(log), *WRAPPER]
    with subprocess.Popen(
        command, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)}, stdout=subprocess.PIPE
    ) as parent:
        group = int(parent.stdout.readline())
        assert eventually(lambda: len(members(group)) == 3)
        parent.send_signal(number)

    gone = eventually(lambda: members(group) == [])
    if not gone:
        end_group(group)
    assert gone


def test_a_program_that_is_not_there_is_named(log):
    with (
        pytest.raises(NotStarted, match="wrapper cannot be started"),
        running("wrapper", ["/nowhere/at/all"], log),
    ):
        pass


def test_one_that_ends_before_it_is_ready_tells_its_last_words(log):
    with (
        running("early", ["sh", "-c", "echo no memory left >&2"], log) as process,
        pytest.raises(NotStarted, match="early ended at its start:\nno memory left"),
    ):
        process.wait_until(lambda: False, 10)


def test_one_that_is_never_ready_is_not_waited_for_without_end(log):
    with running("slow", WRAPPER, log) as process:
        begun = time.monotonic()
        with pytest.raises(NotStarted, match="slow was not ready"):
            process.wait_until(lambda: False, 0.2)
    assert time.monotonic() - begun < 10
