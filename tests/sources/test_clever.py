"""Clever's upload: pairs of ids, a snapshot without a status."""

import pytest

from enrollment.sources.declared import Declaration, Format
from enrollment.sources.roster import SkipReason
from tests.sources.pair_rosters import clever
from tests.sources.rosters import only_request, read, skips, told


def test_a_pair_is_a_request(tmp_path):
    roster = read(tmp_path, clever())
    request = only_request(roster)

    assert (roster.format, roster.file) == ("Clever CSV", "enrollments.csv")
    assert (request.course_id, request.student) == ("d:S1", "ada@northside.example")
    assert request.origin.version == "2026-08-24"


def test_a_rule_may_name_the_course_and_the_term(tmp_path):
    rule = Declaration(course_id="d:{course_sis_id}-{term_id}-{school_year}")

    assert only_request(read(tmp_path, clever(), rule)).course_id == "d:201-Q1-2027"


def test_a_section_without_dates_takes_its_term_and_the_year_for_a_version(tmp_path):
    roster = read(tmp_path, clever(sections="1,S1,t1,,Q1,,,201"))

    assert only_request(roster).origin.version == "Q1 2027"


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"sections": "1,S1,t1,,Q1,8/24/15,6/11/16,201"}, "ended"),
        ({"sections": "1,S1,t1,,Q1,8/24/27,6/11/28,201"}, "not_started"),
        ({"sections": "1,S1,t1,,Q1,24/24/26,6/11/27,201"}, "unreadable_date"),
        ({"sections": "1,S2,t1,,Q1,,,201"}, "class_unknown"),
        ({"students": "1,u2,Lovelace,ada@northside.example,a"}, "user_unknown"),
        ({"students": "1,u1,Lovelace,,alovelace"}, "no_email"),
        ({"sections": "1,S1,t1,u1,Q1,,,201"}, "role_mismatch"),
        ({"teachers": "1,t1,Ada@northside.example"}, "role_mismatch"),
        ({"enrollments": "1,,u1"}, "unreadable_row"),
    ],
)
def test_the_lists_decide_what_a_pair_asks_for(tmp_path, changed, word):
    assert told(read(tmp_path, clever(**changed))) == [word]


def test_a_second_teacher_is_named_by_the_row_of_the_section(tmp_path):
    [(_, reason, detail)] = skips(read(tmp_path, clever(sections="1,S1,t1,u1,Q1,,,201")))

    assert reason is SkipReason.ROLE_MISMATCH
    assert detail == "sections.csv row 2 lists the same person as a teacher of the class"


def test_students_and_teachers_may_be_numbered_apart(tmp_path):
    files = clever(sections="1,S1,u1,,Q1,,,201", teachers="1,u1,stone@northside.example")

    assert told(read(tmp_path, files)) == ["sent"]


def test_a_student_of_two_schools_has_two_rows_and_no_note(tmp_path):
    row = "u1,Lovelace,ada@northside.example,alovelace"

    roster = read(tmp_path, clever(students=f"1,{row}\r2,{row}"))

    assert told(roster) == ["sent"]
    assert roster.warnings == ()


def test_no_status_means_that_every_pair_is_current(tmp_path):
    roster = read(tmp_path, clever(enrollments="1,S1,u1\n1,S1,u1", sections="1,S1,,,,,,"))

    assert told(roster) == ["sent", "duplicate"]


def test_a_source_may_declare_it(tmp_path):
    roster = read(tmp_path, clever(), Declaration(format=Format.CLEVER))

    assert not [text for text in roster.warnings if "declares" in text]
