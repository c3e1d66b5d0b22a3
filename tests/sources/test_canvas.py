"""Canvas SIS CSV: which rows are sent, and why the others are not."""

import pytest

from enrollment.sources.declared import Declaration
from enrollment.sources.skips import SkipReason
from tests.sources.rosters import canvas, only_request, read, skips, told


def test_an_active_student_becomes_a_request(tmp_path):
    roster = read(tmp_path, canvas())
    request = only_request(roster)

    assert roster.format == "Canvas SIS CSV"
    assert request.course_id == "d:S1"
    assert request.student == "ada@northside.example"
    assert request.origin.system == "lighthouse"
    assert request.origin.event_id is None


@pytest.mark.parametrize(
    ("status", "word"),
    [
        ("active", "sent"),
        ("Active", "sent"),
        ("deleted", "withdrawn"),
        ("inactive", "withdrawn"),
        ("completed", "ended"),
        ("pending", "unknown_status"),
        ("", "unknown_status"),
    ],
)
def test_the_status_of_a_row_decides(tmp_path, status, word):
    assert told(read(tmp_path, canvas(enrollments=f"S1,u1,{status},student"))) == [word]


@pytest.mark.parametrize("role", ["teacher", "ta", "designer", "observer", "TaEnrollment"])
def test_other_roles_are_not_students(tmp_path, role):
    assert told(read(tmp_path, canvas(enrollments=f"S1,u1,active,{role}"))) == ["not_a_student"]


def test_a_role_that_nobody_knows_may_be_a_student_and_is_named(tmp_path):
    files = canvas(enrollments="S1,u1,active,Coach\nS1,u1,active,coach@x.example")

    assert skips(read(tmp_path, files)) == [
        (2, SkipReason.UNKNOWN_ROLE, "the role Coach is no word that is known here"),
        (3, SkipReason.UNKNOWN_ROLE, "the role is no word that is known here"),
    ]


@pytest.mark.parametrize(
    ("status", "detail"),
    [
        ("pending", "the status pending is no word of Canvas"),
        ("ada lovelace", "the status is no word of Canvas"),
        ("", "the status is no word of Canvas"),
    ],
)
def test_a_status_is_named_if_it_is_one_plain_word(tmp_path, status, detail):
    files = canvas(enrollments=f"S1,u1,{status},student")

    assert skips(read(tmp_path, files)) == [(2, SkipReason.UNKNOWN_STATUS, detail)]


@pytest.mark.parametrize(
    "changed",
    [{"sections": "S1,Period 1,C1,deleted"}, {"courses": "C1,BIO,Biology,T1,,,deleted"}],
)
def test_a_deleted_section_or_course_takes_nobody(tmp_path, changed):
    assert told(read(tmp_path, canvas(**changed))) == ["class_inactive"]


@pytest.mark.parametrize("status", ["deleted", "suspended"])
def test_a_deleted_or_suspended_person_is_explained(tmp_path, status):
    files = canvas(users=f"u1,ada,ada@northside.example,{status}")

    assert told(read(tmp_path, files)) == ["user_inactive"]


def test_a_section_or_person_that_is_not_listed_is_explained(tmp_path):
    files = canvas(enrollments="S9,u1,active,student\nS1,u9,active,student")

    assert told(read(tmp_path, files)) == ["class_unknown", "user_unknown"]


def test_the_course_ends_before_its_term(tmp_path):
    files = canvas(courses="C1,BIO,Biology,T1,2026-8-01 00:00:00,2026-10-30 00:00:00,active")

    assert skips(read(tmp_path, files)) == [(2, SkipReason.ENDED, "the course ended on 2026-10-30")]


def test_a_course_without_dates_ends_with_its_term(tmp_path):
    files = canvas(terms="T1,Fall,active,2026-08-24,2026-11-20")

    assert skips(read(tmp_path, files)) == [(2, SkipReason.ENDED, "the term ended on 2026-11-20")]


def test_a_course_of_the_future_has_not_started(tmp_path):
    files = canvas(courses="C1,BIO,Biology,T1,2027-01-10,,active")

    assert skips(read(tmp_path, files)) == [
        (2, SkipReason.NOT_STARTED, "the course begins on 2027-01-10")
    ]


def test_of_two_terms_with_one_id_the_one_that_runs_now_counts(tmp_path):
    now, past = "T1,Fall,active,2026-08-24,2027-01-30", "T1,Fall,active,2025-08-24,2026-01-30"

    for terms in (f"{now}\n{past}", f"{past}\n{now}"):
        assert told(read(tmp_path, canvas(terms=terms))) == ["sent"]


def test_of_two_past_terms_with_one_id_the_later_counts(tmp_path):
    terms = "T1,Fall,active,2025-08-24,2026-05-30\nT1,Fall,active,2024-08-24,2025-05-30"

    roster = read(tmp_path, canvas(terms=terms))

    assert skips(roster)[0][2] == "the term ended on 2026-05-30"
    assert any("1 row repeats a term_id" in warning for warning in roster.warnings)


def test_an_unreadable_date_of_a_course_is_explained(tmp_path):
    files = canvas(courses="C1,BIO,Biology,T1,,next year,active")

    assert skips(read(tmp_path, files)) == [
        (
            2,
            SkipReason.UNREADABLE_DATE,
            "courses.csv row 2, end_date is not a date that can be read",
        )
    ]


def test_deleted_and_then_active_is_active(tmp_path):
    files = canvas(enrollments="S1,u1,deleted,student\nS1,u1,active,student")

    roster = read(tmp_path, files)

    assert told(roster) == ["superseded", "sent"]
    assert skips(roster)[0][2] == "row 3 says later that it is active"


def test_active_and_then_deleted_is_withdrawn(tmp_path):
    files = canvas(enrollments="S1,u1,active,student\nS1,u1,deleted,student")

    assert told(read(tmp_path, files)) == ["superseded", "withdrawn"]


def test_a_row_out_of_shape_decides_nothing_about_another(tmp_path):
    files = canvas(enrollments="S1,u1,active,student\nS1,u1,deleted,student,,x")

    assert told(read(tmp_path, files)) == ["sent", "unreadable_row"]


def test_the_same_row_twice_is_sent_once(tmp_path):
    files = canvas(enrollments="S1,u1,active,student\nS1,u1,active,student")

    assert told(read(tmp_path, files)) == ["sent", "duplicate"]


def test_on_off_and_on_again_is_sent_once_and_adds_up(tmp_path):
    rows = [f"S1,u1,{status},student" for status in ("active", "deleted", "active")]

    assert told(read(tmp_path, canvas(enrollments="\n".join(rows)))) == [
        "sent",
        "superseded",
        "duplicate",
    ]


def test_a_teacher_of_the_section_is_not_added_as_its_student(tmp_path):
    files = canvas(enrollments="S1,u1,active,student\nS1,u1,active,teacher")

    roster = read(tmp_path, files)

    assert told(roster) == ["role_mismatch", "not_a_student"]
    assert "row 3" in skips(roster)[0][2]


def test_a_former_teacher_may_be_a_student(tmp_path):
    files = canvas(enrollments="S1,u1,active,student\nS1,u1,deleted,teacher")

    assert told(read(tmp_path, files)) == ["sent", "not_a_student"]


def test_a_row_without_a_section_means_the_course(tmp_path):
    files = canvas() | {
        "enrollments.csv": "course_id,section_id,user_id,status,role\nC1,,u1,active,student\n"
    }

    assert only_request(read(tmp_path, files)).course_id == "d:C1"


def test_the_dates_of_the_row_come_before_those_of_the_course(tmp_path):
    files = canvas(courses="C1,BIO,Biology,T1,,2026-10-30,active") | {
        "enrollments.csv": "section_id,user_id,status,role,start_date,end_date\n"
        "S1,u1,active,student,2026-11-01,2026-12-24\n"
    }

    assert only_request(read(tmp_path, files)).origin.version == "2026-11-01"


def test_the_course_of_a_section_can_be_named_in_the_rule(tmp_path):
    for field in ("course_sis_id", "course_id"):
        rule = Declaration(course_id=f"d:{{{field}}}-{{term_id}}")

        assert only_request(read(tmp_path, canvas(), rule)).course_id == "d:C1-T1"


def test_ids_keep_their_leading_zeros(tmp_path):
    files = canvas(
        enrollments="007,0042,active,student",
        sections="007,Period 7,C1,active",
        users="0042,ada,ada@northside.example,active",
    )
    rule = Declaration(student="{user_id}@northside.example")

    request = only_request(read(tmp_path, files, rule))

    assert (request.course_id, request.student) == ("d:007", "0042@northside.example")


def test_the_login_stands_in_for_a_missing_email(tmp_path):
    files = canvas(users="u1,ada@northside.example,,active")

    assert only_request(read(tmp_path, files)).student == "ada@northside.example"


def test_the_version_is_the_begin_else_the_term(tmp_path):
    begun = only_request(read(tmp_path / "begun", canvas()))
    dateless = only_request(read(tmp_path / "dateless", canvas(terms="T1,Fall,active,,")))

    assert begun.origin.version == "2026-08-24"
    assert dateless.origin.version == "T1"
