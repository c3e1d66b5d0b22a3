"""The fake as a process: it says where it is, and ends with whoever started it."""

import json
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import pytest

from tests.infra.fake_classroom.builders import ADA, a_document, send, send_student

TOP = Path(__file__).parents[3]


@contextmanager
def a_process(*options):
    """The running process and the line it printed."""
    command = [sys.executable, "-m", "infra.fake_classroom", *options]
    with subprocess.Popen(
        command,
        cwd=TOP,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process, json.loads(process.stdout.readline() or "null")
        finally:
            process.kill()


def test_it_serves_a_school_file_says_nothing_of_people_and_ends_with_its_stdin(tmp_path):
    file = tmp_path / "school.json"
    file.write_text(json.dumps(a_document()))

    with a_process("--school", str(file), "--exit-with-stdin") as (process, place):
        seen = [send_student(place["endpoint"]).status for _ in range(2)]
        process.stdin.close()
        code = process.wait(timeout=5)
        printed = process.stdout.read() + process.stderr.read()

    assert place["pid"] == process.pid
    assert place["endpoint"].startswith("http://127.0.0.1:")
    assert (seen, code, printed) == ([200, 409], 0, "")


@pytest.mark.parametrize("end", [signal.SIGTERM, signal.SIGINT, "shutdown"])
def test_it_ends_quietly_when_told(end):
    with a_process() as (process, place):
        if end == "shutdown":
            send(place["control"], "POST", "shutdown", {})
        else:
            process.send_signal(end)
        code = process.wait(timeout=5)

        assert (code, process.stderr.read()) == (0, "")


def test_a_wrong_school_file_is_explained_without_addresses(tmp_path):
    file = tmp_path / "school.json"
    file.write_text(json.dumps(a_document({"email": ADA})))

    with a_process("--school", str(file)) as (process, _):
        code = process.wait(timeout=5)
        explained = process.stderr.read()

    assert code == 2
    assert explained == (
        "fake_classroom: the school file is wrong: accounts[1].email: is used twice\n"
    )


def test_a_port_that_is_taken_is_said_in_one_line():
    with (
        socket.create_server(("127.0.0.1", 0)) as taken,
        a_process("--port", str(taken.getsockname()[1])) as (process, _),
    ):
        code = process.wait(timeout=5)
        explained = process.stderr.read()

    assert (code, explained.count("\n")) == (2, 1)
    assert explained.startswith("fake_classroom: cannot listen: ")
