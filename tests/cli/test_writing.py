"""How lengths, masks and tables look, and what every help promises."""

from datetime import timedelta
from io import StringIO

import pytest

from enrollment.cli import durations
from enrollment.cli.options import scale
from enrollment.cli.tables import Table, _boxed, _plain
from enrollment.cli.words import counted, masked
from tests.cli.commands import run


@pytest.mark.parametrize(
    ("text", "seconds"),
    [("0", 0), ("0s", 0), ("90s", 90), ("15m", 900), ("2h", 7200), ("1h30m", 5400), ("3D", 259200)],
)
def test_lengths_are_read(text, seconds):
    assert durations.parse(text) == timedelta(seconds=seconds)


@pytest.mark.parametrize("text", ["", "90", "-1s", "1.5h", "5x", "m", "²s", "999999999d999999999d"])
def test_what_is_no_length_is_refused(text):
    with pytest.raises(ValueError, match=r"length of time|too long"):
        durations.parse(text)


@pytest.mark.parametrize(
    ("seconds", "words"),
    [(0, "0 s"), (68, "68 s"), (780, "13 min"), (7500, "2 h 5 min"), (273600, "3 d 4 h")],
)
def test_lengths_are_spoken(seconds, words):
    assert durations.spoken(timedelta(seconds=seconds)) == words


def test_scales_are_read():
    assert scale("1/4") == scale("0.25") == 0.25
    for wrong in ("0", "-1", "1/0", "x", "nan", "inf", ""):
        with pytest.raises(ValueError, match="scale"):
            scale(wrong)


def test_addresses_are_masked():
    assert masked("ada@school.example", whole=False) == "a***@school.example"
    assert masked("118273", whole=False) == "1***"
    assert masked("ada@school.example", whole=True) == "ada@school.example"
    assert counted(1, "request") == "1 request"
    assert counted(14076, "request") == "14,076 requests"


def test_a_table_has_boxes_on_a_terminal_only():
    table = Table(title="Made up", columns=("what", "count"), rows=[("[red]", "1"), ("b", "22")])
    boxed = StringIO()

    _boxed(table, boxed)

    assert _plain(table) == ["Made up:", "  what   count", "  [red]      1", "  b         22", ""]
    assert "╭" in boxed.getvalue()
    assert "[red]" in boxed.getvalue()


LONG = Table(
    title="Made up",
    columns=("reason", "count", "what happened", "what to do"),
    rows=[
        ("outside_the_domain_by_far", "7", "word " * 30, "deed " * 30),
        ("short", "1,000", "x" * 200, ""),
    ],
)


def test_a_wide_table_is_folded_within_its_columns_and_loses_nothing():
    lines = _plain(LONG)

    assert max(map(len, lines)) <= 120
    assert all(line == line.rstrip() for line in lines)
    text = "\n".join(lines)
    assert (text.count("word"), text.count("deed"), text.count("x")) == (30, 30, 200)
    assert lines[2].startswith("  outside_the_domain_by_far      7  word word")
    assert lines[3].startswith(" " * 36 + "word")


@pytest.mark.parametrize("columns", [20, 50, 80])
def test_a_narrow_terminal_shortens_no_reason(monkeypatch, columns):
    monkeypatch.setenv("COLUMNS", str(columns))
    boxed = StringIO()

    _boxed(LONG, boxed)

    text = boxed.getvalue()
    assert "outside_the_domain_by_far" in text
    assert "…" not in text
    assert (text.count("word"), text.count("deed"), text.count("x")) == (30, 30, 200)
    assert columns < 80 or max(map(len, text.splitlines())) <= columns


@pytest.mark.parametrize(
    "command",
    [
        *("run", "import", "send", "status", "timeline", "line", "hold", "resume"),
        *("review list", "review show", "review replay", "review dismiss"),
    ],
)
def test_every_help_has_examples_and_json(command):
    said = run(*command.split(), "--help")

    assert said.code == 0
    assert "Examples:\n" in said.out
    assert f"    enrollment {command}" in said.out
    assert "--json" in said.out
    assert "With --json" in said.out


def test_a_wrong_command_is_wrong_use():
    assert run("enrol").code == 2
    assert run("status", "--jsn").code == 2
    assert run("--help").code == 0
