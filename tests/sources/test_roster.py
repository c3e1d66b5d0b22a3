"""A roster as a whole: every row has one result, and no person is named where none should be."""

import re
import string
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enrollment.request import Mode
from enrollment.sources.declared import Declaration, Format, Kind
from enrollment.sources.roster import Duplicate, RosterError, read_roster
from tests.sources.rosters import (
    AS_OF,
    KEY,
    RECEIVED_AT,
    a_class,
    a_user,
    an_enrollment,
    canvas,
    counted,
    in_folder,
    in_zip,
    oneroster,
    only_request,
    read,
    reading,
    skips,
    told,
)

SECRETS = ("ada", "lovelace", "northside", "secret", "u-ada", "math-7")


def test_two_rows_for_one_wish_are_one_request_and_a_duplicate_of_it(tmp_path):
    rows = [an_enrollment(), an_enrollment(sourcedId="enr-2")]

    results = list(read(tmp_path, oneroster(enrollments=rows)))

    assert results[1] == Duplicate(row=3, of_row=2, class_id="MATH-7", user_id="u-ada")


def test_of_two_rows_that_begin_on_different_days_the_first_is_sent(tmp_path):
    rows = [an_enrollment(), an_enrollment(sourcedId="enr-2", beginDate="2026-09-01")]

    roster = read(tmp_path, oneroster(enrollments=rows))

    assert told(roster) == ["sent", "duplicate"]
    assert only_request(roster).origin.version == "2026-08-24"


def test_a_row_that_ended_leaves_the_wish_to_a_later_one(tmp_path):
    rows = [an_enrollment(endDate="2026-09-30"), an_enrollment(sourcedId="2")]

    assert told(read(tmp_path, oneroster(enrollments=rows))) == ["ended", "sent"]


def test_a_row_that_is_not_sent_carries_its_ids_out_of_sight(tmp_path):
    rows = [an_enrollment(role="pupil"), an_enrollment(classSourcedId="X-1"), an_enrollment()]
    users = [a_user(email="")]

    results = list(read(tmp_path, oneroster(enrollments=rows, users=users)))

    assert [(it.reason, it.class_id, it.user_id) for it in results] == [
        ("unknown_role", "MATH-7", "u-ada"),
        ("class_unknown", "X-1", "u-ada"),
        ("no_email", "MATH-7", "u-ada"),
    ]
    assert "u-ada" not in repr(results)


def test_a_row_out_of_shape_has_no_ids_because_its_cells_may_be_anything(tmp_path):
    [result] = read(tmp_path, canvas(enrollments="S,1,u1,active,student"))

    assert (result.class_id, result.user_id) == ("", "")


def test_two_classes_of_one_course_make_one_request(tmp_path):
    rows = [an_enrollment(), an_enrollment(sourcedId="enr-2", classSourcedId="MATH-8")]
    files = oneroster(enrollments=rows, classes=[a_class(), a_class(sourcedId="MATH-8")])

    roster = read(tmp_path, files, Declaration(course_id="d:{course_sis_id}"))

    assert told(roster) == ["sent", "duplicate"]


def test_the_same_roster_makes_the_same_ids_again(tmp_path):
    first, second = list(read(tmp_path, oneroster())), list(reading(tmp_path))

    assert first == second


def test_a_roster_can_be_gone_through_twice(tmp_path):
    roster = read(tmp_path, oneroster(enrollments=[an_enrollment()] * 3))

    assert told(roster) == told(roster) == ["sent", "duplicate", "duplicate"]


def test_rows_are_counted_before_they_are_read(tmp_path):
    roster = read(tmp_path, oneroster(enrollments=[an_enrollment()] * 3))

    assert roster.total_rows == 3


def test_a_row_out_of_shape_is_explained_by_its_number(tmp_path):
    files = canvas(enrollments="S1,u1,active,student\nS,1,u1,active,student")

    [(row, reason, _)] = skips(read(tmp_path, files))

    assert (row, reason) == (3, "unreadable_row")


def test_a_person_whose_row_is_out_of_shape_gets_nobody_elses_address(tmp_path):
    files = canvas(users="u1,ada, x,bob@northside.example,active")

    roster = read(tmp_path, files)

    assert told(roster) == ["user_unknown"]
    assert any("out of shape" in warning for warning in roster.warnings)


def test_the_allow_lists_of_the_source_are_kept(tmp_path):
    limits = Declaration(email_domains=("southside.example",), courses=("d:ART-*",))
    free = read(tmp_path, oneroster())

    assert told(free) == ["sent"]
    assert told(reading(tmp_path, limits)) == ["outside_courses"]
    assert told(reading(tmp_path, limits.model_copy(update={"courses": ()}))) == ["outside_domains"]


def test_no_detail_and_no_warning_names_a_person(tmp_path):
    rows = [
        an_enrollment(role="Ada Lovelace"),
        an_enrollment(status="Ada Lovelace"),
        an_enrollment(endDate="Ada"),
        an_enrollment(classSourcedId="Ada"),
        an_enrollment(userSourcedId="Ada"),
        an_enrollment(userSourcedId="u-2"),
    ]
    users = [a_user(role="Ada"), a_user(sourcedId="u-2", email="Ada Lovelace")]

    roster = read(tmp_path, oneroster(enrollments=rows, users=users))
    said = " ".join([*(detail for _, _, detail in skips(roster)), *roster.warnings]).lower()

    assert len(skips(roster)) == 6
    assert not [secret for secret in SECRETS if re.search(rf"\b{secret}\b", said)]


def test_names_and_passwords_are_not_kept(tmp_path):
    roster = read(tmp_path, oneroster())

    kept = repr(vars(roster._reader)) + repr(vars(roster._reader._table))

    assert "Lovelace" not in kept
    assert "secret-of-ada" not in kept


def test_a_result_shows_no_address_in_a_log(tmp_path):
    [sent] = read(tmp_path, oneroster())

    assert "ada@northside.example" not in repr(sent)


def test_a_declared_format_that_is_another_one_is_a_warning(tmp_path):
    declaration = Declaration(format=Format.CANVAS)

    roster = read(tmp_path, oneroster(), declaration)

    assert told(roster) == ["sent"]
    assert "declares format canvas, but this is OneRoster 1.1 bulk" in roster.warnings[-1]


def test_a_source_with_codes_has_no_roster(tmp_path):
    declaration = Declaration(kind=Kind.GOOGLE_FORM, mode=Mode.CODE)

    with pytest.raises(RosterError, match="mode code"):
        read(tmp_path, oneroster(), declaration)


def test_a_name_that_no_message_may_carry_is_refused(tmp_path):
    with pytest.raises(RosterError, match="source's name"):
        read_roster(
            in_folder(tmp_path, oneroster()),
            Declaration(),
            source="two words",
            as_of=AS_OF,
            received_at=RECEIVED_AT,
            key=KEY,
        )


@pytest.mark.parametrize(
    ("files", "words"),
    [
        ({"notes.txt": "x"}, ["looked for enrollments.csv", "found no csv"]),
        (
            {"Student.csv": "x", "StudentEnrollment.csv": "x"},
            ["StudentEnrollment.csv has no column Section SIS ID or Section ID, SIS ID or ID"],
        ),
        (
            {"enrollments.csv": "Student_id,Course\n1,2\n", "students.csv": "Student_id\n"},
            ["Section_id and Student_id (Clever), found Student_id"],
        ),
        ({"enrollments.csv": "a,b\n1,2\n"}, ["classSourcedId", "section_id", "none of them"]),
        ({"enrollments.csv": ""}, ["enrollments.csv is empty"]),
    ],
)
def test_what_is_no_roster_is_refused_with_what_was_sought_and_found(tmp_path, files, words):
    with pytest.raises(RosterError) as raised:
        read(tmp_path, files)

    assert [word for word in words if word not in str(raised.value)] == []


def test_a_list_that_is_no_table_refuses_the_roster_before_anything_is_sent(tmp_path):
    files = oneroster(users_csv='sourcedId,email\nu-ada,"ada@northside.example\n')

    with pytest.raises(RosterError, match=r"users\.csv: a quotation mark in row 2"):
        read(tmp_path, files)


HEADER = b"sourcedId,status,dateLastModified,classSourcedId,userSourcedId,role,beginDate,endDate\n"
CELL = st.one_of(
    st.sampled_from(
        ["", "MATH-7", "u-ada", "student", "teacher", "active", "tobedeleted", "2026-08-24"]
    ),
    st.sampled_from(["1/5/2026", "30/5/2026", '"', '"a\nb"', "x" * 300, "\0", "\x85", "a/b"]),
    st.text(alphabet=string.printable + "\u2028é\ufeff", max_size=9),
)
ROW = st.lists(CELL, max_size=9).map(",".join)
SOUP = st.one_of(
    st.binary(max_size=200),
    st.lists(ROW, max_size=6).map(lambda rows: "\n".join(rows).encode()),
)


@settings(deadline=None)
@given(soup=SOUP, header=st.sampled_from([b"", HEADER, b"section_id,user_id,status,role\r"]))
def test_any_bytes_are_read_row_for_row_or_refused(soup, header):
    with TemporaryDirectory() as folder:
        files = oneroster() | {"enrollments.csv": header + soup}
        try:
            roster = reading(in_folder(Path(folder), files))
        except RosterError:
            return
        results = list(roster)

    assert len(results) == roster.total_rows == counted(roster).total()
    assert len({result.row for result in results}) == len(results)
    assert [result.row for result in results] == sorted(result.row for result in results)


@settings(deadline=None)
@given(soup=st.binary(max_size=300))
def test_any_bytes_for_a_zip_or_a_list_are_refused_or_explained(soup):
    with TemporaryDirectory() as folder:
        (Path(folder) / "roster.zip").write_bytes(soup)
        with pytest.raises(RosterError):
            reading(Path(folder) / "roster.zip")
        files = oneroster() | {"users.csv": b"sourcedId,email\n" + soup, "manifest.csv": soup}
        path = in_zip(Path(folder) / "lists.zip", files)
        try:
            results = Counter(type(result).__name__ for result in reading(path))
        except RosterError:
            return

    assert results.total() == 1


def test_received_at_travels_as_given(tmp_path):
    moment = datetime(2026, 11, 23, 8, 30, tzinfo=UTC)
    roster = read_roster(
        in_folder(tmp_path, oneroster()),
        Declaration(),
        source="s",
        as_of=AS_OF,
        received_at=moment,
        key=KEY,
    )

    assert [result.request.received_at for result in roster] == [moment]


def test_a_file_of_another_name_is_counted_and_not_named(tmp_path):
    files = {"users.csv": "x", "ada.lovelace@northside.example.csv": "x", "Ada.CSV": "x"}

    with pytest.raises(RosterError) as raised:
        reading(in_zip(tmp_path / "roster.zip", files))

    assert "found users.csv, 2 csv of other names: give" in str(raised.value)
    assert "ada" not in str(raised.value).lower()
