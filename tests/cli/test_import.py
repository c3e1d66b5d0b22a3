import csv
import re

import pytest

from enrollment.cli.rosters import harmless
from tests.cli.commands import run
from tests.cli.schools import a_roster

AS_OF = ("--as-of", "2026-11-23")


def test_a_rehearsal_needs_no_settings_and_changes_nothing(tmp_path):
    roster = a_roster(tmp_path / "roster")

    said = run("import", roster, "--dry-run", *AS_OF, "--store", "sqlite:///new.db")

    assert said.code == 0
    assert "4 requests to send, for 4 students in 2 courses" in said.out
    assert re.search(r"not_a_student +1 +The row lists a teacher.* 7\n", said.out)
    assert "1 row tells of a student who left" in said.out
    assert "Nothing was sent" in said.out
    assert "@" not in said.out + said.err
    assert [path.name for path in tmp_path.iterdir()] == ["roster"]


def test_its_json_has_exactly_the_promised_keys(tmp_path):
    said = run("import", a_roster(tmp_path / "r"), "--dry-run", "--json", *AS_OF)

    assert said.json | {"seconds": 0} == {
        "rows": 7,
        "sent": 4,
        "duplicates": 1,
        "skipped": {"not_a_student": 1, "withdrawn": 1},
        "seconds": 0,
    }


def test_an_import_puts_the_requests_on_the_queue(tmp_path, fake):
    said = run("import", a_roster(tmp_path / "r"), "--json", *AS_OF, "--store", "sqlite:///s.db")
    status = run("status", "--json", "--store", "sqlite:///s.db")

    assert said.json["sent"] == 4
    assert "next: enrollment run --store sqlite:///s.db" in said.err
    assert status.json["queue"] == {"requests": 4, "dead_letters": 0}
    assert fake.log == []


def test_every_row_that_is_not_sent_is_explained(tmp_path):
    run("import", a_roster(tmp_path / "r"), "--dry-run", *AS_OF, "--explain", "why.csv")

    with (tmp_path / "why.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))

    assert rows[0] == ["row", "reason", "sentence", "detail"]
    assert [(row[0], row[1]) for row in rows[1:]] == [
        ("6", "duplicate"),
        ("7", "not_a_student"),
        ("8", "withdrawn"),
    ]
    assert rows[1][3] == "row 2 is sent"


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(cell):
    assert harmless(cell) == "'" + cell
    assert harmless("row 2 ended on 2026-06-30") == "row 2 ended on 2026-06-30"


ONE = '[sources.sis]\nkind = "file"\ncourses = ["d:MATH-*"]\n'
TWO = ONE + '[sources.other]\nkind = "file"\n'
HOOK = '[sources.hook]\nkind = "web_form"\nformat = "web_form"\n'


@pytest.mark.parametrize(
    ("toml", "words", "answer"),
    [
        (ONE, [], "source sis: 7 rows"),
        (TWO, ["--source", "other"], "source other: 7 rows"),
        (TWO, [], "add --source, one of sis, other"),
        (TWO, ["--source", "siss"], "does not declare siss as a file"),
        (HOOK, ["--source", "hook"], "does not declare hook as a file but as web_form"),
        (HOOK, [], "source roster: 7 rows"),
        ("", ["--source", "free"], "source free: 7 rows"),
        ("[sources.x]\nkin = 1", [], "sources.toml cannot be used:\n  [sources.x]"),
    ],
)
def test_the_source_is_the_one_that_is_meant(tmp_path, toml, words, answer):
    (tmp_path / "sources.toml").write_text(toml)

    roster = a_roster(tmp_path / "r")
    said = run("import", roster, "--dry-run", *AS_OF, "--sources", "sources.toml", *words)

    assert answer in said.out + said.err
    assert said.code == (0 if "rows" in answer else 2)


@pytest.mark.parametrize(
    ("words", "code", "answer"),
    [
        (["nowhere.zip", "--dry-run"], 2, "nowhere.zip does not exist: give the folder or zip"),
        (["r", "--dry-run", "--as-of", "tomorrow"], 2, "write it like 2026-08-24"),
        ([".", "--dry-run"], 1, "the roster cannot be read: looked for enrollments.csv"),
        (["r", "--dry-run", "--explain", "no/such.csv"], 1, "no/such.csv cannot be written"),
        (["r"], 2, "CLASSROOM_ADMIN is not set: the address"),
        (["r", "--admin", "a@b.example"], 2, "PSEUDONYM_KEY is not set: keys the hashes"),
        (["r", "--sources", "gone.toml", "--dry-run"], 2, "SOURCES_FILE is wrong"),
        (["r", "--store", "s.db"], 2, "write it like sqlite:///enrollment.db"),
    ],
)
def test_an_error_names_thing_fact_and_remedy(tmp_path, words, code, answer):
    a_roster(tmp_path / "r")

    said = run("import", *words)

    assert said.code == code
    assert answer in said.err
    assert "Traceback" not in said.err
    assert said.out == ""


def test_the_default_store_belongs_to_another_engine(tmp_path, fake):
    said = run("import", a_roster(tmp_path / "r"))

    assert said.code == 2
    assert "add --store sqlite:///FILE" in said.err
