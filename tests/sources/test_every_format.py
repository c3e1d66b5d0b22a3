"""What schools do to files is survived in every format alike."""

import re
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrollment.sources.declared import UNDECLARED, Declaration
from enrollment.sources.roster import RosterError
from tests.sources.pair_rosters import (
    AT_NORTHSIDE,
    DECLARED,
    Files,
    clever,
    declared_plain,
    plain,
    sds,
)
from tests.sources.rosters import (
    canvas,
    counted,
    in_folder,
    in_zip,
    oneroster,
    only_request,
    read,
    reading,
    told,
)
from tests.sources.test_sds_v2 import sds_v2, sds_v2_1


class Form(NamedTuple):
    """A good roster, the file of its rows, a slip in a header, and another way to write a date."""

    files: Files
    rows_in: str
    slip: tuple[str, str]
    date: tuple[str, str]
    declaration: Declaration = UNDECLARED


LIST = "list of the office.csv"
DATED = plain("ada@northside.example,MATH-7,2026-08-24,2027-06-11", "Student email,Class,Begin,End")
DAY_FIRST = ("2026-08-24", "24/08/2026")
FORMS = {
    "OneRoster": Form(
        oneroster(), "enrollments.csv", ("userSourcedId", "usserSourcedId"), DAY_FIRST
    ),
    "Canvas": Form(canvas(), "enrollments.csv", ("user_id", "usser_id"), DAY_FIRST),
    "SDS v1": Form(
        sds(), "StudentEnrollment.csv", ("Username", "Usrname"), DAY_FIRST, AT_NORTHSIDE
    ),
    "SDS v1 (UK)": Form(
        sds(uk=True), "StudentEnrollment.csv", ("Section ID", "Secton ID"), DAY_FIRST, AT_NORTHSIDE
    ),
    "SDS v2": Form(sds_v2(), "enrollments.csv", ("classSourcedId", "claseSourcedId"), ("", "")),
    "SDS v2.1": Form(sds_v2_1(), "enrollments.csv", ("username", "usrname"), DAY_FIRST),
    "Clever": Form(
        clever(), "enrollments.csv", ("Student_email", "Studnt_email"), ("8/24/26", "2026-08-24")
    ),
    "CSV": Form(DATED, LIST, ("Student email", "Studnt email"), DAY_FIRST),
    "CSV with declared columns": Form(
        declared_plain(),
        LIST,
        ("School e-mail", "Shool e-mail"),
        ("2027-06-11", "30.6.2027"),
        DECLARED,
    ),
}  # fmt: skip
NAMES = list(FORMS)


def text(content: Any) -> str:
    assert isinstance(content, str)
    return content.replace("\r\n", "\n").replace("\r", "\n")


def rewritten(form: Form, change: Any) -> Files:
    return {name: change(text(content)) for name, content in form.files.items()}


WAYS = {
    "line feeds": lambda text: text,
    "carriage returns and line feeds": lambda text: text.replace("\n", "\r\n"),
    "bare carriage returns": lambda text: text.replace("\n", "\r"),
    "no end of the last line": lambda text: text.rstrip("\n"),
    "a byte order mark": lambda text: text.encode("utf-8-sig"),
    "a mark and bare returns": lambda text: text.replace("\n", "\r").encode("utf-8-sig"),
    "UTF-16": lambda text: text.encode("utf-16"),
    "semicolons": lambda text: text.replace(",", ";"),
    "blank lines": lambda text: "\n" + text.replace("\n", "\n\n"),
    "headers in capitals": lambda text: re.sub("^.*", lambda row: row[0].upper(), text, count=1),
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("name", NAMES)
def test_however_a_file_is_written_it_is_the_same_roster(tmp_path, name, way):
    form = FORMS[name]
    good = only_request(read(tmp_path / "good", form.files, form.declaration))

    again = only_request(read(tmp_path / "again", rewritten(form, WAYS[way]), form.declaration))

    assert again == good


@pytest.mark.parametrize("top", ["", "export/"])
@pytest.mark.parametrize("name", NAMES)
def test_it_may_come_in_a_zip_or_in_a_folder_of_one(tmp_path, name, top):
    path = in_zip(tmp_path / "roster.zip", FORMS[name].files, top)

    roster = reading(path, FORMS[name].declaration)

    assert told(roster) == ["sent"]
    assert name in (roster.format, roster.format.split(" ")[0])


@pytest.mark.parametrize("name", NAMES)
def test_a_misspelt_header_is_read_with_a_note(tmp_path, name):
    form = FORMS[name]
    right, wrong = form.slip
    misspelt = rewritten(form, lambda text: text.replace(right, wrong))

    roster = read(tmp_path, misspelt, form.declaration)

    assert told(roster) == ["sent"]
    note = f"{wrong}, is read as {right}".lower()
    assert [each for each in roster.warnings if note in each.lower()]


@pytest.mark.parametrize("name", [name for name in NAMES if FORMS[name].date[0]])
def test_dates_may_be_written_in_two_ways(tmp_path, name):
    form = FORMS[name]
    good = only_request(read(tmp_path / "good", form.files, form.declaration))
    mixed = rewritten(form, lambda text: text.replace(*form.date))

    roster = read(tmp_path / "mixed", mixed, form.declaration)

    assert mixed != rewritten(form, str)
    assert only_request(roster).origin.version == good.origin.version


@pytest.mark.parametrize("name", NAMES)
def test_a_row_out_of_shape_is_explained_and_the_others_are_sent(tmp_path, name):
    form = FORMS[name]
    longer = text(form.files[form.rows_in]) + "Klein, Ora" + ",x" * 20 + "\n"

    roster = read(tmp_path, form.files | {form.rows_in: longer}, form.declaration)

    assert told(roster) == ["sent", "unreadable_row"]


@pytest.mark.parametrize("name", NAMES)
def test_a_zip_that_unpacks_beyond_measure_is_refused(tmp_path, name):
    form = FORMS[name]
    bomb = form.files | {form.rows_in: text(form.files[form.rows_in]) + "\n" * 3_000_000}

    with pytest.raises(RosterError, match="unpacks to more than 200 times"):
        reading(in_zip(tmp_path / "roster.zip", bomb), form.declaration)


@pytest.mark.parametrize("evil", ["../evil.csv", "/evil.csv", "C:/evil.csv", "a\\evil.csv"])
@pytest.mark.parametrize("name", NAMES)
def test_a_zip_with_a_path_out_of_it_is_refused(tmp_path, name, evil):
    path = in_zip(tmp_path / "roster.zip", FORMS[name].files | {evil: "x"})

    with pytest.raises(RosterError, match="make the zip again"):
        reading(path, FORMS[name].declaration)


@pytest.mark.parametrize("name", NAMES)
def test_no_more_than_one_file_too_many_makes_it_another_format(tmp_path, name):
    form = FORMS[name]
    files = form.files | {"demographics.csv": "sourcedId\r\n", "notes.txt": "x"}

    if name.startswith("CSV"):
        with pytest.raises(RosterError, match=r"demographics\.csv, 1 csv of another name"):
            read(tmp_path, files, form.declaration)
    else:
        assert told(read(tmp_path, files, form.declaration)) == ["sent"]


CELL = st.sampled_from(
    ["S1", "u1", "MATH-7", "student", "active", "2026-08-24", "1/5/2026", '"', '"a\nb"', "x" * 300,
     "ada@northside.example", "@", "", "\0", "\x85", "d:x/y", "me"]
)  # fmt: skip
SOUP = st.one_of(
    st.binary(max_size=120),
    st.lists(st.lists(CELL, max_size=8).map(",".join), max_size=6).map(
        lambda rows: "\n".join(rows).encode()
    ),
)


@pytest.mark.parametrize("name", NAMES)
@settings(deadline=None, max_examples=40)
@given(soup=SOUP)
def test_any_rows_are_read_one_by_one_or_refused(name, soup):
    form = FORMS[name]
    header = text(form.files[form.rows_in]).split("\n", 1)[0].encode() + b"\n"
    with TemporaryDirectory() as folder:
        in_folder(Path(folder), form.files | {form.rows_in: header + soup})
        try:
            roster = reading(Path(folder), form.declaration)
        except RosterError:
            return
        results = list(roster)

    assert len(results) == roster.total_rows == counted(roster).total()
    assert len({result.row for result in results}) == len(results)
