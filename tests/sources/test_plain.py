"""A plain CSV: its columns are declared, or their names allow one reading and no other."""

import pytest

from enrollment.sources.declared import Declaration, Format
from enrollment.sources.roster import RosterError, SkipReason
from tests.sources.pair_rosters import DECLARED, declared_plain, plain
from tests.sources.rosters import in_folder, in_zip, only_request, read, reading, skips, told


def declared(**columns):
    return Declaration(format=Format.CSV, columns=columns)


def refusal(tmp_path, files, declaration=Declaration()):  # noqa: B008 - it is frozen
    with pytest.raises(RosterError) as raised:
        read(tmp_path, files, declaration)
    return str(raised.value)


@pytest.mark.parametrize(
    "header",
    ["student,course", "Email,Class", "E-Mail,class_id", "Student e-mail,Course ID",
     "STUDENT_EMAIL,Section", "school email,section_id", "﻿mail,course_id", "studentemial,class"],
)  # fmt: skip
def test_common_headers_are_known(tmp_path, header):
    request = only_request(read(tmp_path, plain(header=header)))

    assert (request.course_id, request.student) == ("d:MATH-7", "ada@northside.example")


def test_declared_columns_may_have_any_name(tmp_path):
    roster = read(tmp_path, declared_plain(), DECLARED)
    request = only_request(roster)

    assert (roster.format, roster.file) == ("CSV with declared columns", "the csv")
    assert (request.course_id, request.student) == ("d:MATH-7", "ada@northside.example")
    assert roster.warnings == ()


def test_the_file_is_given_itself_or_alone_in_a_folder_or_a_zip(tmp_path):
    files = {"Export 7B.CSV": "student,class\nada@northside.example,MATH-7\n", "readme.txt": "x"}
    folder = in_folder(tmp_path / "folder", files)
    archive = in_zip(tmp_path / "roster.zip", files)

    read_as = [reading(path) for path in (folder, archive, folder / "Export 7B.CSV")]

    assert [told(roster) for roster in read_as] == [["sent"]] * 3


def test_a_column_of_ready_courses_needs_no_rule(tmp_path):
    rows = "d:MATH-7,ada@northside.example\n123456,ada@northside.example\nArt,a@x.example"
    files = plain(rows, "Classroom,Who")

    roster = read(tmp_path, files, declared(course="Classroom", student="Who"))

    assert [it.request.course_id for it in roster if hasattr(it, "request")] == [
        "d:MATH-7", "123456",
    ]  # fmt: skip
    assert [(row, reason) for row, reason, _ in skips(roster)] == [(4, SkipReason.INVALID_COURSE)]


def test_a_rule_of_ready_courses_takes_any_column_for_them(tmp_path):
    declaration = Declaration(
        format=Format.CSV, course_id="{class_id}", columns={"class_id": "C", "user_email": "S"}
    )

    roster = read(tmp_path, plain("p:x,ada@northside.example", "C,S"), declaration)

    assert only_request(roster).course_id == "p:x"


def test_a_ready_course_under_a_rule_for_ids_is_refused_and_not_named_twice(tmp_path):
    [(_, reason, detail)] = skips(read(tmp_path, plain("ada@northside.example,d:MATH-7")))

    assert reason is SkipReason.INVALID_COURSE
    assert 'course_id = "{class_id}"' in detail


def test_rules_may_name_every_field_that_is_declared(tmp_path):
    columns = {
        "class_id": "a", "class_code": "b", "course_id": "c", "term_id": "d", "school_year": "e",
        "user_id": "f", "username": "g",
    }  # fmt: skip
    declaration = Declaration(
        format=Format.CSV,
        course_id="d:{class_id}-{class_code}-{course_id}-{term_id}-{school_year}",
        student="{username}.{user_id}@northside.example",
        columns=columns,
    )

    roster = read(tmp_path, plain("1,2,3,4,2027,007,ada", "a,b,c,d,e,f,g"), declaration)

    assert only_request(roster).course_id == "d:1-2-3-4-2027"
    assert only_request(roster).student == "ada.007@northside.example"


@pytest.mark.parametrize(
    ("role", "word"),
    [
        ("Student", "sent"),
        ("Teacher", "not_a_student"),
        ("Captain", "unknown_role"),
        ("", "unreadable_row"),
    ],
)
def test_a_column_of_roles_is_heeded(tmp_path, role, word):
    files = plain(f"ada@northside.example,MATH-7,{role}", "student,class,role")

    assert told(read(tmp_path, files)) == [word]


def test_a_teacher_of_the_class_is_not_its_student(tmp_path):
    rows = "ada@northside.example,M,student\nADA@northside.example,M,teacher"

    roster = read(tmp_path, plain(rows, "student,class,role"))

    assert told(roster) == ["role_mismatch", "not_a_student"]


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("", "sent"), ("Active", "sent"), ("enrolled", "sent"), ("Dropped", "withdrawn"),
        ("tobedeleted", "withdrawn"), ("completed", "ended"), ("maybe", "unknown_status"),
    ],
)  # fmt: skip
def test_a_column_of_statuses_is_heeded(tmp_path, status, word):
    files = plain(f"ada@northside.example,MATH-7,{status}", "student,class,status")

    assert told(read(tmp_path, files)) == [word]


def test_the_later_of_two_rows_that_contradict_each_other_decides(tmp_path):
    rows = "ada@northside.example,M,active\nada@northside.example,M,dropped"

    roster = read(tmp_path, plain(rows, "student,class,status"))

    assert told(roster) == ["superseded", "withdrawn"]


@pytest.mark.parametrize(
    ("dates", "word"),
    [
        ("2026-08-24,2027-06-11", "sent"),
        (",", "sent"),
        ("2026-08-24,2026-10-01", "ended"),
        ("2027-01-10,", "not_started"),
        ("24.8.2026,11.6.2027", "sent"),
        ("soon,", "unreadable_date"),
    ],
)
def test_columns_of_dates_are_heeded(tmp_path, dates, word):
    files = plain(f"ada@northside.example,MATH-7,{dates}", "student,class,start date,end date")

    assert told(read(tmp_path, files)) == [word]


@pytest.mark.parametrize(
    ("row", "version"),
    [
        ("v3,2026-08-24,T1,2027", "v3"),
        (",2026-08-24,T1,2027", "2026-08-24"),
        (",,T1,2027", "T1"),
        (",,,2025", "2025"),
        (",,,", "2027"),
    ],
)
def test_the_version_is_the_declared_one_or_the_begin_or_the_term(tmp_path, row, version):
    declaration = declared(
        student="s", class_id="c", version="v", begin="b", term_id="t", school_year="y"
    )

    roster = read(tmp_path, plain(f"ada@northside.example,M,{row}", "s,c,v,b,t,y"), declaration)

    assert only_request(roster).origin.version == version


def test_a_column_that_is_declared_and_not_there_is_named(tmp_path):
    said = refusal(tmp_path, plain("ada@northside.example,M", "Ada Lovelace,12"), DECLARED)

    assert said.startswith("the csv has no column School e-mail, Class, Part, Until")
    assert "Ada" not in said


def test_a_misspelt_column_that_is_declared_is_read_with_a_note(tmp_path):
    files = plain("M,ada@northside.example,student,", "Class,Shool e-mail,Part,Until")

    roster = read(tmp_path, files, DECLARED)

    assert told(roster) == ["sent"]
    assert roster.warnings == ("the csv: column 2, Shool e-mail, is read as School e-mail",)


def test_a_column_with_another_number_is_another_column(tmp_path):
    files = plain("a@x.example,M", "Guardian e-mail 2,class")

    said = refusal(tmp_path, files, declared(student="Guardian e-mail 1", class_id="class"))

    assert "has no column Guardian e-mail 1" in said


@pytest.mark.parametrize(
    ("header", "either"),
    [
        ("student,email,class", "user_email could be the column email or student"),
        ("email,class,class id", "class_id could be the column class id or class"),
        ("email,class,begin,start date", "begin could be the column begin or start date"),
    ],
)
def test_headers_that_allow_two_readings_are_refused_with_an_example(tmp_path, header, either):
    said = refusal(tmp_path, plain("a,b,c", header))

    assert either in said
    assert 'columns = { student = "E-mail", class_id = "Class" }' in said


def test_a_file_without_a_header_is_refused_and_no_cell_of_it_is_shown(tmp_path):
    said = refusal(tmp_path, plain("b@x.example,M", "ada@northside.example,Lovelace,email"))

    assert "the csv has 3 columns, and of its names in row 1 email is known here" in said
    assert "so nothing gives class_id" in said
    assert "sources.toml" in said
    assert "ada" not in said
    assert "Lovelace" not in said


def test_the_name_of_the_file_is_not_told(tmp_path):
    broken = {"Ada Lovelace.csv": 'student,class\n"a,b\n'}
    empty = {"Ada Lovelace.csv": ""}

    said = [refusal(tmp_path / str(n), files) for n, files in enumerate((broken, empty))]

    assert "the csv: a quotation mark in row 2" in said[0]
    assert "the csv is empty" in said[1]
    assert "Ada" not in " ".join(said)


def test_several_files_are_no_plain_csv(tmp_path):
    files = {"a.csv": "student,class\n", "b.csv": "student,class\n"}

    said = refusal(tmp_path, files, Declaration(format=Format.CSV))

    assert "one csv, alone" in said
    assert "2 csv of other names" in said


def test_one_file_out_of_an_export_is_not_taken_for_a_list(tmp_path):
    header = "sourcedId,status,classSourcedId,userSourcedId,role"
    folder = in_folder(tmp_path, {"enrollments.csv": f"{header}\n1,,M,u,student\n"})

    with pytest.raises(RosterError, match="nothing gives class_id, user_email"):
        reading(folder / "enrollments.csv")


def test_a_plain_csv_may_be_called_enrollments(tmp_path):
    files = {"enrollments.csv": "student,class\nada@northside.example,MATH-7\n"}

    assert told(read(tmp_path, files)) == ["sent"]


def test_a_rule_that_needs_more_than_the_columns_give_is_refused(tmp_path):
    declaration = Declaration(
        format=Format.CSV, course_id="d:{term_id}", columns={"student": "a", "class_id": "b"}
    )

    assert "no column is declared for term_id" in refusal(tmp_path, plain("x,y"), declaration)


def test_no_detail_names_a_person(tmp_path):
    rows = (
        "Ada Lovelace,M,student,,\n"
        "lovelace@gmial.com,M,student,,\n"
        "lovelace@northside.example,,student,,\n"
        "lovelace@northside.example,M,Ada Lovelace,,\n"
        "lovelace@northside.example,M,student,Ada Lovelace,\n"
        "lovelace@northside.example,M,student,,Ada"
    )

    roster = read(tmp_path, plain(rows, "student,class,role,status,end"))
    details = " ".join(detail for _, _, detail in skips(roster)).lower()

    assert len(skips(roster)) == 6
    assert "ada" not in details
    assert "lovelace" not in details


def test_columns_that_are_not_read_are_counted_and_not_named(tmp_path):
    roster = read(tmp_path, plain("ada@northside.example,M,Ada,x", "email,class,Name,Rank"))

    assert told(roster) == ["sent"]
    assert len(roster.warnings) == 1
    assert roster.warnings[0].startswith("the csv: 2 columns are not read; if one tells who is")
    assert "Rank" not in roster.warnings[0]
