"""What goes wrong is one line: the thing, the fact and the remedy, and never a traceback."""

import contextlib
import io
import os
import re
import sqlite3
import sys

import pytest

from tests.cli.commands import run
from tests.cli.schools import ADA, a_roster

NO_TEXT = b"\xff".decode(errors="surrogateescape")
WISH = ("--course", "d:BIO-7", "--student", ADA)


def one_line(said, code):
    """The one line that a command ended with."""
    assert said.code == code
    assert said.out == ""
    (line,) = said.err.splitlines()
    line.encode()
    return line.removeprefix("enrollment: ")


def damage(tmp_path, statement):
    with contextlib.closing(sqlite3.connect(tmp_path / "school.db")) as store:
        store.execute(statement)
        store.commit()


@pytest.mark.parametrize("words", [("timeline", "--student", ADA), ("review", "list")])
def test_a_damaged_record_is_told_with_the_store_the_fact_and_the_remedy(store, tmp_path, words):
    damage(tmp_path, "update entries set record = '{}'")
    damage(tmp_path, "update reviews set record = '{}'")

    line = one_line(run(*words), code=1)

    assert re.match(r"the store \S+school\.db cannot be used \(.* cannot be read\): ", line)
    assert line.endswith("if it is damaged, put a copy from before in its place")
    assert "@" not in line


def test_a_store_whose_pages_are_overwritten_is_told_so(store, tmp_path):
    damage(tmp_path, "pragma wal_checkpoint(truncate)")
    file = tmp_path / "school.db"
    with file.open("r+b") as raw:
        raw.seek(4096)
        raw.write(os.urandom(file.stat().st_size - 4096))

    for command in ("status", "line"):
        said = run(command)
        assert said.code in (1, 2)
        assert re.search(r"school\.db (cannot be used|is no store|cannot be opened) \(", said.err)


@pytest.mark.parametrize(
    "words",
    [
        ("send", "--course", "d:BIO-7", "--student", f"ada{NO_TEXT}@x.example"),
        ("hold", "--why", NO_TEXT),
        ("timeline", "--student", NO_TEXT),
        ("review", "dismiss", "abcdef", "--why", NO_TEXT),
        ("import", f"{NO_TEXT}.zip", "--dry-run"),
        ("status", "--store", f"sqlite:///{NO_TEXT}.db"),
        (NO_TEXT,),
    ],
)
def test_a_word_that_is_no_text_is_named_by_its_place(store, words):
    line = one_line(run(*words), code=2)

    assert line.startswith(f"word {len(words)} after `enrollment` is not UTF-8 text: ") or (
        line.startswith("word 2 after") and words[0] == "import"
    )


def test_what_comes_in_by_stdin_must_be_text(store, monkeypatch):
    monkeypatch.setattr(sys, "stdin", io.StringIO(f'{{"student": "{NO_TEXT}"}}\n'))

    assert (
        one_line(run("send", "--file", "-"), code=2) == "stdin is not UTF-8 text: save it as that"
    )


@pytest.mark.parametrize(
    "words", [("--file", "/dev/zero"), (*WISH, "--mode", "code", "--code-file", "/dev/zero")]
)
def test_a_device_without_an_end_is_no_file_of_messages(store, words):
    line = one_line(run("send", *words), code=2)

    assert line.startswith("/dev/zero has a line of more than 1 MiB")


@pytest.mark.parametrize("name", ["/dev/zero", "pipe"])
def test_a_device_or_a_pipe_is_no_roster(tmp_path, name):
    os.mkfifo(tmp_path / "pipe")

    line = one_line(run("import", name, "--dry-run"), code=1)

    assert line == (
        f"the roster cannot be read: {name} is no file but a device or a pipe:"
        " give the folder or zip of an export"
    )


@pytest.mark.parametrize("value", ["9" * 19, "9" * 400, "9" * 5000])
def test_a_number_beyond_measure_is_refused(store, value):
    for words in (("review", "list", "--limit", value), ("run", "--quota", value)):
        said = run(*words)
        assert said.code == 2
        assert re.search("too large: write at most 1000000000|is no whole number", said.err)
        assert len(said.err) < 500


@pytest.mark.parametrize("words", [("--wait", "999999999d"), ("--time-scale", "1e300")])
def test_a_time_beyond_the_calendar_is_refused(store, words):
    said = run("run", *words)

    assert said.code == 2
    assert "1000" in said.err


def test_declarations_that_are_nested_too_deeply_are_told(tmp_path):
    (tmp_path / "sources.toml").write_text("x = " + "[" * 5000 + "]" * 5000)

    said = run("import", a_roster(tmp_path / "r"), "--dry-run", "--sources", "sources.toml")

    assert said.code == 2
    assert "sources.toml cannot be used:\n  its lists are nested too deeply" in said.err
