"""What `infra/setup` installs and leaves alone, with an interpreter that only notes its orders.

The real one is what every other test runs in.
"""

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PINS = ROOT / "infra" / "requirements"
KINDS = ["run", "test", "baselines"]
PIN = re.compile(r"^[a-z0-9][^ ;\\]*==[^ ;\\]+", re.MULTILINE)

# Has a version, makes venvs whose interpreter is itself, and writes down what pip is asked for.
INTERPRETER = """\
#!/bin/sh
case $1-$2 in
-c-*) echo 3.11.7 ;;
-m-venv) mkdir -p "$3/bin" && cp "$0" "$3/bin/python" && echo venv >>"$NOTED" ;;
-m-pip) for last; do :; done && echo "pip ${last##*/}" >>"$NOTED" ;;
esac
"""


class Checkout:
    """A checkout with its pins, the set-up, and an interpreter."""

    def __init__(self, folder):
        self.root, self.noted = folder / "checkout", folder / "noted"
        self.pins = self.root / "infra" / "requirements"
        self.pins.mkdir(parents=True)
        for kind in KINDS:
            (self.pins / f"{kind}.txt").write_text(f"pin-of-{kind}==1\n")
        (self.root / "pyproject.toml").write_text("[project]\n")
        shutil.copy(ROOT / "infra" / "setup", self.root / "infra")
        self.python = folder / "python"
        self.python.write_text(INTERPRETER)
        self.python.chmod(0o755)

    def set_up(self, *arguments):
        """What was installed or made, in order."""
        self.noted.write_text("")
        done = self.run(*arguments)
        assert done.returncode == 0, done.stderr
        return self.noted.read_text().splitlines()

    def run(self, *arguments):
        environment = os.environ | {"PYTHON": str(self.python), "NOTED": str(self.noted)}
        command = [self.root / "infra" / "setup", *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


@pytest.fixture
def checkout(tmp_path):
    return Checkout(tmp_path)


@pytest.mark.parametrize("kind", KINDS)
def test_a_fresh_checkout_gets_the_pins_and_the_project_once(checkout, kind):
    assert checkout.set_up(kind) == ["venv", f"pip {kind}.txt", "pip checkout"]
    assert checkout.set_up(kind) == []


@pytest.mark.parametrize("kind", KINDS)
def test_who_has_one_kind_has_those_before_it(checkout, kind):
    checkout.set_up(kind)

    assert all(checkout.set_up(less) == [] for less in KINDS[: KINDS.index(kind)])


def test_the_baselines_are_added_to_what_the_tests_have_and_the_tests_never_ask_for_them(checkout):
    checkout.set_up("test")

    assert checkout.set_up("test") == []
    assert checkout.set_up("baselines") == ["pip baselines.txt"]


@pytest.mark.parametrize("kind", KINDS)
def test_changed_pins_of_what_is_installed_make_it_anew(checkout, kind):
    checkout.set_up("baselines")
    (checkout.pins / f"{kind}.txt").write_text("pin==2\n")

    assert checkout.set_up("run") == ["venv", "pip run.txt", "pip checkout"]


def test_changed_pins_of_what_is_not_installed_change_nothing(checkout):
    checkout.set_up("test")
    (checkout.pins / "baselines.txt").write_text("pin==2\n")

    assert checkout.set_up("test") == []


@pytest.mark.parametrize("arguments", [[], ["everything"]])
def test_any_other_kind_is_told_the_usage(checkout, arguments):
    done = checkout.run(*arguments)

    assert (done.returncode, done.stderr) == (2, "usage: infra/setup run|test|baselines\n")


def test_the_pins_of_each_kind_hold_those_of_the_one_before():
    run, test, baselines = (set(PIN.findall((PINS / f"{k}.txt").read_text())) for k in KINDS)

    assert len(run) > 30
    assert run < test < baselines
