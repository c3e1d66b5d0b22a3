"""Each archive as Google starts it: its own requirements and nothing else, an empty environment.

The packages come from the registry that pip is set up for; all else stays on loopback.
"""

import base64
import json
import os
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime
from http.client import HTTPConnection
from zipfile import ZipFile

import pytest

from enrollment.verify.standard_webhooks import sign
from infra.local.process import LOOPBACK, free_port
from infra.packaging import ROOT, build

pytestmark = pytest.mark.stack

NAMES = ("collect", "enroll", "wake")  # what Pub/Sub and the clock call
STARTS = 60.0  # seconds; 2 as a rule
REQUEST = {
    "schema_version": "1", "request_id": "boot-test-0001", "action": "enroll", "source": "boot",
    "course_id": "d:BIO-7", "student": "ada@school.example", "mode": "admin",
    "enrollment_code": None, "origin": {"kind": "sis", "system": "boot"},
    "received_at": "2026-08-20T18:26:01Z", "replay": 0, "retry": False,
}  # fmt: skip
PUSHED = {
    "message": {
        "data": base64.b64encode(json.dumps(REQUEST).encode()).decode(),
        "messageId": "1",
        "publishTime": "2026-08-20T18:26:01Z",
        "attributes": {},
    },
    "subscription": "projects/school-demo/subscriptions/boot",
}


SECRET = "whsec_" + base64.b64encode(bytes(range(32))).decode()
SOURCES = """
[sources.sis]
kind = "webhook"
format = "native"
verify = { scheme = "standard-webhooks", secrets = ["env://SIS_SECRET"] }
"""
WISH = json.dumps({"course_id": "d:BIO-7", "student": "ada@school.example"}).encode()


@pytest.fixture(scope="session")
def unpacked(tmp_path_factory):
    """A folder of each function as its archive has it, and a venv of what the archive requires."""
    folder = tmp_path_factory.mktemp("boot")
    for archive in build(ROOT, folder / "archives"):
        with ZipFile(archive.path) as opened:
            opened.extractall(folder / archive.name)
    venv, requirements = folder / "venv", folder / "enroll/requirements.txt"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", venv], check=True)
    pip = [sys.executable, "-m", "pip", "--python", venv, "--quiet", "--disable-pip-version-check"]
    hashed = ["install", "--no-compile", "--require-hashes", "--requirement", requirements]
    subprocess.run([*pip, *hashed], check=True)
    return folder


@contextmanager
def started(unpacked, name, tmp_path, environment):
    """A function, as soon as it listens; its port and its log."""
    port, log = free_port(), tmp_path / "log"
    command = [unpacked / "venv/bin/functions-framework", "--source", "main.py",
               "--target", name, "--host", LOOPBACK, "--port", str(port)]  # fmt: skip
    bare = {
        "PATH": "/usr/bin:/bin",
        "HOME": str(tmp_path),
        "LANG": "C.UTF-8",
        "NO_GCE_CHECK": "true",  # or Google's client looks for a server beyond loopback
    }
    with (
        log.open("wb") as written,
        subprocess.Popen(
            command,
            cwd=unpacked / name,
            env=bare | environment,
            stdout=written,
            stderr=subprocess.STDOUT,
            start_new_session=True,  # gunicorn's workers end with it
        ) as process,
    ):
        try:
            wait_until_it_listens(process, port, log)
            yield port, log
        finally:
            os.killpg(process.pid, signal.SIGKILL)


def wait_until_it_listens(process, port, log):
    give_up = time.monotonic() + STARTS
    while True:
        assert process.poll() is None, f"it ended at its start:\n{log.read_text()}"
        assert time.monotonic() < give_up, f"it does not listen:\n{log.read_text()}"
        try:
            socket.create_connection((LOOPBACK, port), timeout=1).close()
        except OSError:
            time.sleep(0.05)
        else:
            return


def post(port, body):
    status, said, _ = posted(port, "/", body)
    return status, said


def posted(port, path, body, **headers):
    connection = HTTPConnection(LOOPBACK, port, timeout=60)
    try:
        connection.request("POST", path, body, {"Content-Type": "application/json", **headers})
        reply = connection.getresponse()
        return reply.status, reply.read().decode(), reply.headers
    finally:
        connection.close()


def wished(port):
    """What a sender hears who signs as it should."""
    return posted(port, "/sis", WISH, **sign(SECRET, "msg_1", datetime.now(UTC), WISH))


def test_without_settings_enroll_starts_and_says_what_is_missing(unpacked, tmp_path):
    with started(unpacked, "enroll", tmp_path, {}) as (port, log):
        status, said = post(port, json.dumps(PUSHED))

    assert (status, said) == (500, "the settings are not complete: see the log")
    for name in ("CLASSROOM_ADMIN", "CLASSROOM_DELEGATE", "PSEUDONYM_KEY"):
        assert f"{name} is not set" in log.read_text()
    assert "ada@" not in log.read_text()


@pytest.mark.parametrize("name", ["collect", "wake"])
def test_without_settings_the_others_start_and_acknowledge_nothing(unpacked, name, tmp_path):
    with started(unpacked, name, tmp_path, {}) as (port, log):
        status, said = post(port, json.dumps(PUSHED))

    assert status in {500, 503}, f"{said}\n{log.read_text()}"
    assert "ada@" not in log.read_text()


def test_with_nothing_behind_them_they_say_not_now(unpacked, tmp_path):
    nobody = f"{LOOPBACK}:{free_port()}"
    environment = {
        "GOOGLE_CLOUD_PROJECT": "school-demo",
        "CLASSROOM_ADMIN": "admin@school.example",
        "CLASSROOM_API_ENDPOINT": f"http://{nobody}",
        "FIRESTORE_EMULATOR_HOST": nobody,
        "PUBSUB_EMULATOR_HOST": nobody,
        "THREADS": "4",
    }

    def answer(name):
        (tmp_path / name).mkdir()
        with started(unpacked, name, tmp_path / name, environment) as (port, log):
            return *post(port, json.dumps(PUSHED)), log.read_text()

    with ThreadPoolExecutor() as threads:  # each waits for its ledger as long as it may, 10 s
        answers = dict(zip(NAMES, threads.map(answer, NAMES), strict=True))

    assert {name: status for name, (status, _, _) in answers.items()} == dict.fromkeys(NAMES, 503)
    assert not [name for name, (_, said, log) in answers.items() if "ada@" in said + log]


def test_without_settings_the_webhook_starts_and_says_what_is_missing(unpacked, tmp_path):
    with started(unpacked, "sis_webhook", tmp_path, {}) as (port, log):
        status, said, _ = wished(port)

    assert (status, json.loads(said)["title"]) == (500, "A fault of ours")
    for name in ("GOOGLE_CLOUD_PROJECT", "SOURCES_FILE", "PSEUDONYM_KEY"):
        assert f"{name} is not set" in log.read_text()
    assert "ada@" not in said + log.read_text()


def test_with_nothing_behind_it_the_webhook_asks_to_send_again(unpacked, tmp_path):
    declared, nobody = tmp_path / "sources.toml", f"{LOOPBACK}:{free_port()}"
    declared.write_text(SOURCES)
    environment = {
        "GOOGLE_CLOUD_PROJECT": "school-demo",
        "SOURCES_FILE": str(declared),
        "PSEUDONYM_KEY": "a key of a made-up school, 32 bytes or more",
        "SIS_SECRET": SECRET,
        "FIRESTORE_EMULATOR_HOST": nobody,
        "PUBSUB_EMULATOR_HOST": nobody,
        "THREADS": "4",
    }

    with started(unpacked, "sis_webhook", tmp_path, environment) as (port, log):
        stranger, _, _ = posted(port, "/sis", WISH)
        status, said, headers = wished(port)

    assert stranger == 401
    assert (status, headers["Retry-After"]) == (503, "5"), f"{said}\n{log.read_text()}"
    assert not [each for each in ("ada@", SECRET) if each in said + log.read_text()]
