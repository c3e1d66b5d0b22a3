"""Questions need a terminal; here is a real one, whose other end is the test's."""

import os
import pty
import sys

import pytest

from tests.cli.commands import run
from tests.cli.schools import a_roster

GOOGLE = {"CLASSROOM_ADMIN": "head@northside.example", "PSEUDONYM_KEY": "k" * 32}


@pytest.fixture
def answer(monkeypatch):
    """A function that makes stdin a terminal on which this has been typed."""
    ours, theirs = pty.openpty()
    with os.fdopen(theirs) as terminal:
        monkeypatch.setattr(sys, "stdin", terminal)
        yield lambda text: os.write(ours, f"{text}\n".encode())
    os.close(ours)


@pytest.fixture
def words(monkeypatch, tmp_path):
    for name, value in GOOGLE.items():
        monkeypatch.setenv(name, value)
    roster = a_roster(tmp_path / "r")
    return ["import", roster, "--as-of", "2026-11-23", "--store", "sqlite:///s.db"]


def test_before_the_real_classroom_hears_of_it_a_person_agrees(answer, words, tmp_path):
    answer("n")
    refused = run(*words)
    before = [path.name for path in tmp_path.iterdir()]
    answer("y")
    agreed = run(*words)

    assert (refused.code, agreed.code) == (1, 0)
    assert "in the name of head@northside.example" in refused.err
    assert "4 students in 2 courses: 4 requests" in refused.err
    assert "about 1 s, at 1,140 calls a minute" in refused.err
    assert refused.err.endswith("enrollment: nothing was done\n")
    assert before == ["r"]
    assert "4 requests sent to the queue" in agreed.out


def test_without_a_terminal_only_yes_agrees(words, tmp_path, monkeypatch):
    with open(os.devnull) as nobody:  # noqa: PTH123 - a file to stand for stdin
        monkeypatch.setattr(sys, "stdin", nobody)
        refused = run(*words)

    assert refused.code == 2
    assert "add --yes to agree" in refused.err
    assert not (tmp_path / "s.db").exists()
    assert run(*words, "--yes", "--json").json["sent"] == 4
