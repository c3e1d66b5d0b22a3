"""Where node or Chromium is missing, its tests are left out aloud; with CI set, they fail."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
FORM = "tests/functions/browser/test_form_in_chromium.py"
needs = pytest.mark.parametrize(
    ("one", "tool", "install"),
    [
        (
            "tests/infra/apps_script/test_respondents.py::test_the_set_up_begins_to_trust_now",
            "node",
            "apt-get install nodejs",
        ),
        (f"{FORM}::test_what_keeps_people_out_is_found", "Chromium", "apt-get install chromium"),
    ],
    ids=["node", "chromium"],
)


def run(one, tmp_path, **changes):
    """A session on a machine with nothing on it."""
    usual = {name: value for name, value in os.environ.items() if name != "CI"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", one],
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


@needs
def test_they_are_skipped_and_the_summary_says_how_to_get_it(tmp_path, one, tool, install):
    session = run(one, tmp_path)

    assert session.returncode == 0
    assert "1 skipped" in session.stdout
    assert f"needs {tool}" in session.stdout
    assert install in session.stdout


@needs
def test_with_ci_set_they_fail_and_name_the_command(tmp_path, one, tool, install):
    session = run(one, tmp_path, CI="true")

    assert session.returncode == pytest.ExitCode.TESTS_FAILED
    assert f"no test may be left out: needs {tool}" in session.stdout
    assert install in session.stdout
