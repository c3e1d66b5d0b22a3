"""School Data Sync v1: pairs of a section and a student, in American and in British headers."""

import pytest

from enrollment.sources.declared import Declaration
from enrollment.sources.roster import SkipReason
from tests.sources.pair_rosters import AT_NORTHSIDE, sds
from tests.sources.rosters import only_request, read, skips, told


def reading_sds(tmp_path, **changed):
    return read(tmp_path, sds(**changed), AT_NORTHSIDE)


@pytest.mark.parametrize(("uk", "form"), [(False, "SDS v1"), (True, "SDS v1 (UK)")])
def test_both_dialects_are_read(tmp_path, uk, form):
    roster = reading_sds(tmp_path, uk=uk)
    request = only_request(roster)

    assert (roster.format, roster.file, roster.total_rows) == (form, "StudentEnrollment.csv", 1)
    assert (request.course_id, request.student) == ("d:S1", "alovelace@northside.example")
    assert roster.warnings == ()


def test_a_rule_may_name_the_course_the_term_and_the_section_number(tmp_path):
    rule = "d:{course_sis_id}-{class_code}-{term_id}-{school_year}"

    roster = read(tmp_path, sds(), AT_NORTHSIDE.model_copy(update={"course_id": rule}))

    assert only_request(roster).course_id == "d:C1-M7-T1-2027"


def test_a_username_without_a_domain_is_no_address_and_the_detail_says_what_to_write(tmp_path):
    [(row, reason, detail)] = skips(read(tmp_path, sds()))

    assert (row, reason) == (2, SkipReason.NO_EMAIL)
    assert "{username}@" in detail
    assert "lovelace" not in detail.lower()


def test_a_username_that_is_an_address_serves_as_one(tmp_path):
    files = sds(students="u1,Ada,Lovelace,ada@northside.example,x,Active")

    assert only_request(read(tmp_path, files)).student == "ada@northside.example"


def test_leading_zeros_of_ids_are_kept(tmp_path):
    request = only_request(
        read(
            tmp_path,
            sds(enrollments="007,042", sections="007,,,,,,", students="042,A,L,a,x,Active"),
            Declaration(student="{user_id}@northside.example"),
        )
    )

    assert (request.course_id, request.student) == ("d:007", "042@northside.example")


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"sections": "S1,M7,C1,T1,2025-08-24,2026-06-11,Active"}, "ended"),
        ({"sections": "S1,M7,C1,T1,2027-01-24,2027-06-11,Active"}, "not_started"),
        ({"sections": "S1,M7,C1,T1,soon,2027-06-11,Active"}, "unreadable_date"),
        ({"sections": "S1,M7,C1,T1,,,Inactive"}, "class_inactive"),
        ({"sections": "S2,M7,C1,T1,,,Active"}, "class_unknown"),
        ({"students": "u1,Ada,Lovelace,ALovelace,x,Inactive"}, "user_inactive"),
        ({"students": "u2,Ada,Lovelace,ALovelace,x,Active"}, "user_unknown"),
        ({"enrollments": "S1,"}, "unreadable_row"),
        ({"enrollments": "S1,u1,x"}, "unreadable_row"),
        ({"taught": "S1,u1"}, "role_mismatch"),
    ],
)
def test_the_lists_decide_what_a_pair_asks_for(tmp_path, changed, word):
    assert told(reading_sds(tmp_path, **changed)) == [word]


def test_a_teacher_of_the_section_is_named_by_the_row_that_says_so(tmp_path):
    [(_, reason, detail)] = skips(reading_sds(tmp_path, taught="S2,t1\r\nS1,u1", teachers="t1,x"))

    assert reason is SkipReason.ROLE_MISMATCH
    assert detail == "TeacherRoster.csv row 3 lists the same person as a teacher of the class"


def test_a_teacher_of_another_section_is_a_student_here(tmp_path):
    assert told(reading_sds(tmp_path, taught="S2,u1")) == ["sent"]


def test_a_teacher_with_the_student_s_number_and_another_account_is_another_person(tmp_path):
    assert told(reading_sds(tmp_path, taught="S1,u1", teachers="u1,TStone")) == ["sent"]


@pytest.mark.parametrize("account", ["alovelace", "ALovelace@northside.example"])
def test_a_teacher_with_the_student_s_number_and_account_is_the_same_person(tmp_path, account):
    files = {"taught": "S1,u1", "teachers": f"u1,{account}"}

    assert told(reading_sds(tmp_path, **files)) == ["role_mismatch"]


def test_a_teacher_with_the_student_s_account_is_the_same_person_under_any_number(tmp_path):
    assert told(reading_sds(tmp_path, teachers="t1,alovelace")) == ["role_mismatch"]


def test_what_is_empty_is_named_as_the_file_names_it(tmp_path):
    [(_, _, american)] = skips(reading_sds(tmp_path / "us", enrollments=",u1"))
    [(_, _, british)] = skips(reading_sds(tmp_path / "uk", enrollments=",u1", uk=True))

    assert (american, british) == ("Section SIS ID is empty", "Section ID is empty")


def test_the_begin_of_the_term_is_the_version_and_else_the_term_with_its_year(tmp_path):
    dated = reading_sds(tmp_path / "dated")
    named = reading_sds(tmp_path / "named", sections="S1,M7,C1,T1,,,Active")

    assert only_request(dated).origin.version == "2026-08-24"
    assert only_request(named).origin.version == "T1 2027"


def test_american_dates_are_read_as_the_column_shows(tmp_path):
    roster = reading_sds(tmp_path, sections="S1,M7,C1,T1,8/24/2026,6/5/2027,Active")

    assert only_request(roster).origin.version == "2026-08-24"


def test_missing_lists_are_told_and_explained_row_by_row(tmp_path):
    files = {"StudentEnrollment.csv": sds()["StudentEnrollment.csv"]}

    roster = read(tmp_path, files)

    assert told(roster) == ["class_unknown"]
    assert len([text for text in roster.warnings if "is missing" in text]) == 4


def test_no_name_and_no_password_is_kept(tmp_path):
    roster = reading_sds(tmp_path)

    kept = repr(roster._reader._lists)

    assert "ALovelace" in kept
    assert "secret-of-ada" not in kept
