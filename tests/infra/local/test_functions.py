"""A function runs under functions-framework itself, and is started again when it dies."""

import os
import signal
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest

from infra.local.functions import running_functions
from infra.local.process import NotStarted
from tests.infra.local.stub import a_stub
from tests.infra.local.waiting import eventually

SOURCE = """
import json, os

def stub(request):
    return json.dumps(dict(os.environ))
"""
BROKEN = "raise RuntimeError('there is no such key')"


def asked(function):
    host, port = function.address(20)
    with urlopen(f"http://{host}:{port}/", timeout=10) as reply:
        return reply.read().decode()


def test_it_sees_only_what_it_is_given(tmp_path, monkeypatch):
    monkeypatch.setenv("HTTPS_PROXY", "http://127.0.0.1:1")
    monkeypatch.setenv("GOOGLE_APPLICATION_CREDENTIALS", "/somebody/s/key.json")

    with running_functions([a_stub(tmp_path, tmp_path / "notes", SOURCE)]) as functions:
        seen = asked(functions["stub"])

    assert "NOTES" in seen
    assert '"THREADS": "8"' in seen
    assert "PROXY" not in seen
    assert "CREDENTIALS" not in seen


def test_however_it_dies_another_instance_answers(tmp_path):
    with running_functions([a_stub(tmp_path, tmp_path / "notes", SOURCE)]) as functions:
        stub = functions["stub"]
        for starts in (2, 3):
            before = stub.group
            os.killpg(before, signal.SIGKILL)

            assert eventually(lambda then=before: stub.group not in (None, then))
            assert asked(stub)
            assert stub.starts == starts


def test_one_that_never_starts_is_given_up_with_what_it_said(tmp_path):
    stub = a_stub(tmp_path, tmp_path / "notes", BROKEN)

    with (
        pytest.raises(NotStarted, match=r"(?s)stub did not start: given up.*no such key"),
        running_functions([stub]),
    ):
        pass

    assert 1 < stub.starts <= 5


def test_to_see_whether_it_is_ready_it_is_not_called(tmp_path):
    source = "import flask\n\ndef stub(request):\n    flask.abort(418)\n"

    with running_functions([a_stub(tmp_path, tmp_path / "notes", source)]) as functions:
        host, port = functions["stub"].address(0)
        with pytest.raises(HTTPError, match="418"):
            urlopen(f"http://{host}:{port}/", timeout=10)
    assert "418" not in functions["stub"].log.read_text()
