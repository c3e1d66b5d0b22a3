"""Where node or Chromium is missing, its tests are left out aloud; with CI set, they fail."""

import pytest

from tests.bare_machine import session

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


@needs
def test_they_are_skipped_and_the_summary_says_how_to_get_it(tmp_path, one, tool, install):
    ran = session(one, tmp_path)

    assert ran.returncode == 0
    assert "1 skipped" in ran.stdout
    assert f"needs {tool}" in ran.stdout
    assert install in ran.stdout


@needs
def test_with_ci_set_they_fail_and_name_the_command(tmp_path, one, tool, install):
    ran = session(one, tmp_path, CI="true")

    assert ran.returncode == pytest.ExitCode.TESTS_FAILED
    assert f"no test may be left out: needs {tool}" in ran.stdout
    assert install in ran.stdout
