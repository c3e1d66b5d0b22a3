"""Where node is missing, the form's tests are left out aloud; with CI set, they fail."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
ONE = "tests/infra/apps_script/test_respondents.py::test_the_set_up_begins_to_trust_now"


def run(tmp_path, **changes):
    """A session on a machine without node."""
    usual = {name: value for name, value in os.environ.items() if name != "CI"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", ONE],
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


def test_without_node_they_are_skipped_and_the_summary_says_how_to_get_it(tmp_path):
    session = run(tmp_path)

    assert session.returncode == 0
    assert "1 skipped" in session.stdout
    assert "apt-get install nodejs" in session.stdout


def test_with_ci_set_they_fail_and_name_the_command(tmp_path):
    session = run(tmp_path, CI="true")

    assert session.returncode == pytest.ExitCode.TESTS_FAILED
    assert "no test may be left out: needs node" in session.stdout
