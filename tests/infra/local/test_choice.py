"""Which engine plays, and that a missing emulator is never passed over in CI."""

import os

import pytest

from infra.local.choice import choose
from infra.local.emulators import INSTALL, NoEmulators
from infra.local.options import read_options


def an_sdk(folder, *parts):
    """A Google Cloud CLI with these parts, and a Java that runs."""
    (folder / "bin").mkdir()
    for part in ("bin/gcloud", "bin/java", *parts):
        program = folder / part
        program.parent.mkdir(parents=True, exist_ok=True)
        program.write_text("#!/bin/sh\n")
        program.chmod(0o755)
    return f"{folder / 'bin'}{os.pathsep}/bin"


PUBSUB = "platform/pubsub-emulator/bin/cloud-pubsub-emulator"
FIRESTORE = "platform/cloud-firestore-emulator/cloud_firestore_emulator"


@pytest.fixture(autouse=True)
def no_ci(monkeypatch):
    monkeypatch.delenv("CI", raising=False)


def test_the_emulators_where_they_are(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", an_sdk(tmp_path, PUBSUB, FIRESTORE))

    choice = choose(read_options([]))

    assert choice.engine == "emulators"
    assert choice.programs.pubsub == tmp_path / PUBSUB


def test_the_embedded_engine_if_asked_even_in_ci(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", an_sdk(tmp_path))
    monkeypatch.setenv("CI", "true")

    assert choose(read_options(["--embedded"])).engine == "embedded"


@pytest.mark.parametrize(
    ("parts", "missing"),
    [
        ((), "pubsub-emulator and cloud-firestore-emulator"),
        ((PUBSUB,), "has no cloud-firestore-emulator"),
        ((FIRESTORE,), "has no pubsub-emulator"),
    ],
)
def test_what_is_missing_is_named_with_the_command_that_installs_it(
    tmp_path, monkeypatch, parts, missing
):
    monkeypatch.setenv("PATH", an_sdk(tmp_path, *parts))

    choice = choose(read_options([]))

    assert choice.engine == "embedded"
    assert missing in choice.why
    assert INSTALL in choice.why


def test_a_java_that_does_not_run_is_missing_too(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", an_sdk(tmp_path, PUBSUB, FIRESTORE))
    (tmp_path / "bin/java").write_text("#!/bin/sh\nexit 1\n")

    assert "Java" in choose(read_options([])).why


@pytest.mark.parametrize("parts", [(), (PUBSUB,)])
def test_in_ci_a_missing_emulator_is_a_failure(tmp_path, monkeypatch, parts):
    monkeypatch.setenv("PATH", an_sdk(tmp_path, *parts))
    monkeypatch.setenv("CI", "true")

    with pytest.raises(NoEmulators, match="with CI set") as failure:
        choose(read_options([]))
    assert INSTALL in str(failure.value)
