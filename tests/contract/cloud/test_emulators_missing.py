"""Where the emulators are missing, what needs them is left out aloud; with CI set, it fails."""

import os
import subprocess
import sys

import pytest

from infra.local.emulators import INSTALL
from infra.local.process import ROOT

ONE_OF_EACH = "tests/contract/test_line.py::test_a_line_that_was_never_written_is_open"


def run(tmp_path, **changes):
    """A session on a machine without gcloud."""
    usual = {name: value for name, value in os.environ.items() if name != "CI"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", ONE_OF_EACH],
        cwd=ROOT,
        env=usual | {"PATH": str(tmp_path)} | changes,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )


@pytest.fixture(autouse=True)
def quiet(monkeypatch):
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)


def test_without_emulators_what_needs_them_is_skipped_and_the_summary_says_how_to_get_them(
    tmp_path,
):
    session = run(tmp_path)

    assert session.returncode == 0
    assert "2 passed, 1 skipped" in session.stdout
    assert "1 test left out" in session.stdout
    assert INSTALL in session.stdout


def test_with_ci_set_the_session_fails_and_names_the_command(tmp_path):
    session = run(tmp_path, CI="true")

    assert session.returncode == pytest.ExitCode.USAGE_ERROR
    assert "passed" not in session.stdout
    assert INSTALL in session.stderr
