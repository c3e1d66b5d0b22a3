"""Where the emulators are missing, what needs them is left out aloud; with CI set, it fails."""

import pytest

from infra.local.emulators import INSTALL
from tests.bare_machine import session

ONE_OF_EACH = "tests/contract/test_line.py::test_a_line_that_was_never_written_is_open"


def test_without_emulators_what_needs_them_is_skipped_and_the_summary_says_how_to_get_them(
    tmp_path,
):
    ran = session(ONE_OF_EACH, tmp_path)

    assert ran.returncode == 0
    assert "2 passed, 1 skipped" in ran.stdout
    assert "1 test left out" in ran.stdout
    assert INSTALL in ran.stdout


def test_with_ci_set_the_session_fails_and_names_the_command(tmp_path):
    ran = session(ONE_OF_EACH, tmp_path, CI="true")

    assert ran.returncode == pytest.ExitCode.USAGE_ERROR
    assert "passed" not in ran.stdout
    assert INSTALL in ran.stderr
