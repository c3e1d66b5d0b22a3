"""What `import --explain` writes: every row that is not sent, and why."""

import csv

import pytest

from enrollment.cli.roster_explained import harmless
from tests.cli.commands import run
from tests.cli.schools import AS_OF, a_roster
from tests.sources.pair_rosters import sds
from tests.sources.rosters import an_enrollment, in_folder, in_zip, oneroster


def test_every_row_that_is_not_sent_is_explained(tmp_path):
    run("import", a_roster(tmp_path / "r"), "--dry-run", *AS_OF, "--explain", "why.csv")

    with (tmp_path / "why.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.reader(file))

    assert rows[0] == [
        "file", "row", "reason", "sentence", "what to do", "detail", "class", "person",
    ]  # fmt: skip
    assert [(*row[:3], *row[6:]) for row in rows[1:]] == [
        ("enrollments.csv", "6", "duplicate", "MATH-7", "u-ada"),
        ("enrollments.csv", "7", "not_a_student", "MATH-7", "u-tom"),
        ("enrollments.csv", "8", "withdrawn", "MATH-7", "u-zoe"),
    ]
    assert rows[1][5] == "row 2 is sent"
    assert all(row[3].endswith(".") and row[4].endswith(".") for row in rows[1:])


def test_no_name_no_address_and_no_formula_is_written_for_an_id(tmp_path):
    rows = [
        an_enrollment(userSourcedId="ada@northside.example", classSourcedId="=1+1"),
        an_enrollment(userSourcedId="Ada Lovelace", classSourcedId="ada@northside.example"),
    ]
    roster = in_folder(tmp_path / "r", oneroster(enrollments=rows))

    run("import", roster, "--dry-run", *AS_OF, "--explain", "why.csv")

    with (tmp_path / "why.csv").open(encoding="utf-8", newline="") as file:
        ids = [row[6:] for row in list(csv.reader(file))[1:]]
    assert ids == [["'=1+1", "a***@northside.example"], ["a***@northside.example", "A***"]]


IN_THE_WAY = {
    "r/enrollments.csv": "would write into the roster",
    "r/new.csv": "would write into the roster",
    "link/new.csv": "would write into the roster",
    "r/../r": "would write into the roster",
    "hard.csv": "is there already",
    "sources.toml": "is there already",
    "empty.csv": "is there already",
    "other.csv": "is there already",
    ".": "is there already",
}


@pytest.mark.parametrize(("name", "answer"), IN_THE_WAY.items())
def test_no_file_is_overwritten_but_an_earlier_explanation(tmp_path, name, answer):
    roster = a_roster(tmp_path / "r")
    (tmp_path / "link").symlink_to(roster, target_is_directory=True)
    (tmp_path / "hard.csv").hardlink_to(roster / "enrollments.csv")
    (tmp_path / "sources.toml").write_text("")
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "other.csv").write_text("file,row,reason\n")
    before = contents(tmp_path)

    said = run("import", roster, "--dry-run", *AS_OF, "--explain", name)

    assert said.code == 2
    assert answer in said.err
    assert said.out == ""
    assert contents(tmp_path) == before


def test_a_zip_is_not_overwritten_by_its_own_explanation(tmp_path):
    roster = in_zip(tmp_path / "roster.zip", oneroster())
    before = contents(tmp_path)

    said = run("import", roster, "--dry-run", *AS_OF, "--explain", "roster.zip")

    assert (said.code, contents(tmp_path)) == (2, before)
    assert "would write into the roster" in said.err


def test_an_earlier_explanation_is_replaced(tmp_path):
    roster = a_roster(tmp_path / "r")
    words = ("import", roster, "--dry-run", *AS_OF, "--explain", "why.csv")

    first, once = run(*words), (tmp_path / "why.csv").read_bytes()
    (tmp_path / "why.csv").write_bytes(once + once)
    again = run(*words)

    assert (first.code, again.code) == (0, 0)
    assert (tmp_path / "why.csv").read_bytes() == once


def contents(folder):
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("cell", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1"])
def test_no_cell_is_a_formula(cell):
    assert harmless(cell) == "'" + cell
    assert harmless("A; =1+1") == "A; '=1+1"
    assert harmless("row 2 ended on 2026-06-30") == "row 2 ended on 2026-06-30"


def test_the_rows_of_another_format_are_those_of_its_own_file(tmp_path):
    roster = in_folder(tmp_path / "r", sds(enrollments="S1,u1\r\nS9,u1"))

    said = run("import", roster, "--dry-run", *AS_OF, "--explain", "why.csv")

    assert "SDS v1, source roster: 2 rows" in said.out
    assert "StudentEnrollment" in said.out  # the head of a column, which may be broken in two
    assert "StudentEnrollment.csv,3,class_unknown," in (tmp_path / "why.csv").read_text()


def test_a_list_is_not_overwritten_by_its_own_explanation(tmp_path):
    (tmp_path / "list.csv").write_text("email,class\nada@northside.example,MATH-7\n")
    before = contents(tmp_path)

    said = run("import", "list.csv", "--dry-run", *AS_OF, "--explain", "list.csv")

    assert (said.code, contents(tmp_path)) == (2, before)
    assert "would write into the roster" in said.err
