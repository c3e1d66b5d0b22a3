"""OneRoster 1.1 and 1.2, bulk and delta: which rows are sent, and why the others are not."""

from datetime import UTC, date, datetime

import pytest

from enrollment.request import derived_request_id
from enrollment.sources.declared import Declaration
from enrollment.sources.skips import SkipReason
from tests.sources.rosters import (
    A_DELTA,
    KEY,
    RECEIVED_AT,
    a_class,
    a_manifest,
    a_session,
    a_user,
    an_enrollment,
    counted,
    oneroster,
    only_request,
    read,
    reading,
    skips,
    told,
)

OPEN = {"beginDate": "", "endDate": ""}


def a_teacher(**cells):
    return a_user(sourcedId="u-tom", role="teacher", email="tom@northside.example", **cells)


def test_a_current_student_becomes_a_request(tmp_path):
    request = only_request(read(tmp_path, oneroster()))

    assert request.course_id == "d:MATH-7"
    assert request.student == "ada@northside.example"
    assert request.source == "lighthouse"
    assert request.received_at == RECEIVED_AT
    assert request.mode == "admin"


def test_the_origin_names_the_system_and_the_record(tmp_path):
    request = only_request(read(tmp_path, oneroster()))

    assert request.origin.kind == "sis"
    assert request.origin.system == "Lighthouse SIS"
    assert request.origin.event_id == "enr-1"
    assert request.origin.version == "2026-08-24"


def test_without_a_name_in_the_manifest_the_system_is_the_source(tmp_path):
    request = only_request(read(tmp_path, oneroster(manifest_csv=None)))

    assert request.origin.system == "lighthouse"


def test_a_request_of_a_file_may_reopen_last_nights_rejection(tmp_path):
    assert only_request(read(tmp_path, oneroster())).retry is True


def test_the_request_id_is_derived_from_the_wish(tmp_path):
    request = only_request(read(tmp_path, oneroster()))

    assert request.request_id == derived_request_id(
        KEY, course_id="d:MATH-7", student="ada@northside.example", version="2026-08-24"
    )


@pytest.mark.parametrize("status", ["tobedeleted", "inactive", "ToBeDeleted"])
def test_a_deleted_enrollment_is_reported_as_withdrawn(tmp_path, status):
    files = oneroster(enrollments=[an_enrollment(status=status)])

    assert told(read(tmp_path, files)) == ["withdrawn"]


def test_an_active_record_whose_end_has_passed_is_history(tmp_path):
    row = an_enrollment(status="active", beginDate="2025-08-24", endDate="2026-06-11")

    [(number, reason, detail)] = skips(read(tmp_path, oneroster(enrollments=[row])))

    assert (number, reason) == (2, SkipReason.ENDED)
    assert detail == "the enrollment ended on 2026-06-11"


def test_the_last_day_still_belongs_to_the_enrollment(tmp_path):
    files = oneroster(enrollments=[an_enrollment(endDate="2026-11-23")])

    assert told(read(tmp_path, files)) == ["sent"]


def test_an_enrollment_of_the_future_waits_for_its_day(tmp_path):
    files = oneroster(enrollments=[an_enrollment(beginDate="2026-11-24")])
    roster = read(tmp_path, files)

    assert told(roster) == ["not_started"]
    assert told(reading(tmp_path, as_of=date(2026, 11, 24))) == ["sent"]


def test_the_terms_of_a_class_end_its_enrollments(tmp_path):
    files = oneroster(
        enrollments=[an_enrollment(**OPEN)],
        sessions=[a_session(startDate="2025-08-01", endDate="2026-06-30")],
    )

    assert skips(read(tmp_path, files)) == [(2, SkipReason.ENDED, "the term ended on 2026-06-30")]


def test_a_class_of_two_terms_runs_until_the_last_of_them(tmp_path):
    files = oneroster(
        enrollments=[an_enrollment(**OPEN)],
        classes=[a_class(termSourcedIds="t1,t2")],
        sessions=[
            a_session(sourcedId="t1", endDate="2026-10-30"),
            a_session(sourcedId="t2", startDate="2026-12-01"),
        ],
    )

    assert told(read(tmp_path, files)) == ["sent"]


def test_a_term_that_is_not_listed_ends_nothing(tmp_path):
    files = oneroster(
        enrollments=[an_enrollment(**OPEN)],
        classes=[a_class(termSourcedIds="sy27,lost")],
        sessions=[a_session(endDate="2026-10-30")],
    )
    roster = read(tmp_path, files)

    assert told(roster) == ["sent"]
    assert any("1 class names a term" in warning for warning in roster.warnings)


def test_a_class_whose_terms_begin_later_has_not_started(tmp_path):
    files = oneroster(
        enrollments=[an_enrollment(**OPEN)],
        sessions=[a_session(startDate="2027-01-10")],
    )

    assert told(read(tmp_path, files)) == ["not_started"]


def test_a_class_that_is_to_be_deleted_takes_nobody(tmp_path):
    files = oneroster(classes=[a_class(status="tobedeleted")])

    assert told(read(tmp_path, files)) == ["class_inactive"]


def test_a_class_that_is_not_listed_is_explained(tmp_path):
    files = oneroster(classes=[a_class(sourcedId="ART-1")])

    assert told(read(tmp_path, files)) == ["class_unknown"]


def test_a_person_who_is_not_listed_is_explained(tmp_path):
    files = oneroster(users=[a_user(sourcedId="u-bob")])

    assert told(read(tmp_path, files)) == ["user_unknown"]


@pytest.mark.parametrize("cells", [{"status": "tobedeleted"}, {"enabledUser": "FALSE"}])
def test_a_person_whose_account_is_not_in_use_is_explained(tmp_path, cells):
    files = oneroster(users=[a_user(**cells)])

    assert told(read(tmp_path, files)) == ["user_inactive"]


@pytest.mark.parametrize("role", ["teacher", "Administrator", "proctor", "Faculty", "TA"])
def test_other_roles_are_not_students(tmp_path, role):
    files = oneroster(enrollments=[an_enrollment(role=role)])

    assert told(read(tmp_path, files)) == ["not_a_student"]


@pytest.mark.parametrize(
    ("role", "detail"),
    [
        ("pupil", "the role pupil is no word that is known here"),
        ("Élève", "the role Élève is no word that is known here"),
        ("Ada Lovelace", "the role is no word that is known here"),
        ("ada@northside.example", "the role is no word that is known here"),
        ("a" * 21, "the role is no word that is known here"),
    ],
)
def test_a_role_that_nobody_knows_may_be_a_student_and_is_named_if_plain(tmp_path, role, detail):
    files = oneroster(enrollments=[an_enrollment(role=role)])

    assert skips(read(tmp_path, files)) == [(2, SkipReason.UNKNOWN_ROLE, detail)]


def test_a_role_is_compared_without_regard_to_case(tmp_path):
    files = oneroster(enrollments=[an_enrollment(role="Student")])

    assert told(read(tmp_path, files)) == ["sent"]


def test_a_teacher_enrolled_as_a_student_is_a_mismatch(tmp_path):
    files = oneroster(enrollments=[an_enrollment(userSourcedId="u-tom")], users=[a_teacher()])

    assert skips(read(tmp_path, files)) == [
        (2, SkipReason.ROLE_MISMATCH, "users.csv gives the role teacher")
    ]


def test_the_roles_of_version_1_2_decide_instead_of_the_users(tmp_path):
    user = {name: cell for name, cell in a_user().items() if name != "role"}
    role = {"sourcedId": "r1", "status": "", "userSourcedId": "u-ada", "role": "teacher"}
    files = oneroster(users=[user], roles=[role], manifest=a_manifest(oneroster__version="1.2"))

    roster = read(tmp_path, files)

    assert roster.format == "OneRoster 1.2 bulk"
    assert skips(roster) == [(2, SkipReason.ROLE_MISMATCH, "roles.csv gives the role teacher")]


def test_a_student_with_a_second_role_stays_a_student(tmp_path):
    roles = [{"userSourcedId": "u-ada", "role": role} for role in ("aide", "student")]

    assert told(read(tmp_path, oneroster(roles=roles))) == ["sent"]


def test_a_role_that_has_ended_says_nothing(tmp_path):
    role = {"userSourcedId": "u-ada", "role": "teacher", "beginDate": "", "endDate": "2020-01-01"}

    assert told(read(tmp_path, oneroster(roles=[role]))) == ["sent"]


def test_a_teacher_of_the_same_class_is_not_added_as_its_student(tmp_path):
    rows = [an_enrollment(sourcedId="e0", role="teacher"), an_enrollment()]

    roster = read(tmp_path, oneroster(enrollments=rows))

    assert told(roster) == ["not_a_student", "role_mismatch"]
    assert "row 2" in skips(roster)[1][2]


@pytest.mark.parametrize("column", ["classSourcedId", "userSourcedId", "role"])
def test_a_row_without_class_person_or_role_is_unreadable(tmp_path, column):
    files = oneroster(enrollments=[an_enrollment(**{column: " "})])

    assert skips(read(tmp_path, files)) == [(2, SkipReason.UNREADABLE_ROW, f"{column} is empty")]


def test_a_status_that_is_no_word_of_the_format_is_explained(tmp_path):
    rows = [an_enrollment(status="Current"), an_enrollment(status="Ada Lovelace")]

    assert skips(read(tmp_path, oneroster(enrollments=rows))) == [
        (2, SkipReason.UNKNOWN_STATUS, "the status Current is not active or tobedeleted"),
        (3, SkipReason.UNKNOWN_STATUS, "the status is not active or tobedeleted"),
    ]


def test_a_date_that_cannot_be_read_is_explained_and_not_ignored(tmp_path):
    files = oneroster(enrollments=[an_enrollment(endDate="soon")])

    assert skips(read(tmp_path, files)) == [
        (2, SkipReason.UNREADABLE_DATE, "endDate is not a date that can be read")
    ]


def test_a_term_date_that_cannot_be_read_stops_its_classes(tmp_path):
    files = oneroster(sessions=[a_session(endDate="June")])

    [(_, reason, detail)] = skips(read(tmp_path, files))

    assert reason is SkipReason.UNREADABLE_DATE
    assert detail == "academicSessions.csv row 2, endDate is not a date that can be read"


def test_mixed_dates_take_their_order_from_the_column(tmp_path):
    rows = [
        an_enrollment(beginDate="1/12/2026", endDate=""),
        an_enrollment(sourcedId="enr-2", beginDate="25/08/2026", endDate=""),
    ]

    assert told(read(tmp_path, oneroster(enrollments=rows))) == ["not_started", "sent"]


def test_dates_that_could_be_meant_otherwise_are_a_warning(tmp_path):
    rows = [an_enrollment(beginDate="05/09/2026", endDate="06/30/2027")]
    sessions = [a_session(startDate="2026-08-01", endDate="12/05/2027")]

    warnings = read(tmp_path, oneroster(enrollments=rows, sessions=sessions)).warnings

    assert [text for text in warnings if "month first" in text] == [
        f"{column} shows no order of day and month, so dates like 12/05/2026 are read month first;"
        " if your SIS writes the day first, export ISO dates"
        for column in ("academicSessions.csv: endDate", "enrollments.csv: beginDate")
    ]


def test_the_same_record_twice_is_decided_by_the_last_row(tmp_path):
    rows = [an_enrollment(status="active"), an_enrollment(status="tobedeleted")]

    roster = read(tmp_path, oneroster(enrollments=rows))

    assert told(roster) == ["superseded", "withdrawn"]


def test_two_records_of_one_student_and_class_stand_for_themselves(tmp_path):
    rows = [
        an_enrollment(sourcedId="old", status="active", endDate="2026-09-30"),
        an_enrollment(sourcedId="new", status="active", beginDate="2026-10-05"),
    ]

    assert told(read(tmp_path, oneroster(enrollments=rows))) == ["ended", "sent"]


def test_a_bulk_export_without_dates_takes_the_term_for_its_version(tmp_path):
    request = only_request(
        read(tmp_path, oneroster(enrollments=[an_enrollment(beginDate="", endDate="")]))
    )

    assert request.origin.version == "sy27"


def test_a_class_without_terms_takes_the_school_year_for_its_version(tmp_path):
    files = oneroster(enrollments=[an_enrollment(**OPEN)], classes=[a_class(termSourcedIds="")])

    assert only_request(read(tmp_path, files)).origin.version == "2027"


def test_a_delta_takes_the_change_for_its_version(tmp_path):
    moment = "2026-11-20T18:25:43.511Z"
    row = an_enrollment(status="active", dateLastModified=moment)

    roster = read(tmp_path, oneroster(enrollments=[row], manifest=A_DELTA))
    request = only_request(roster)

    assert roster.format == "OneRoster 1.1 delta"
    assert request.origin.version == moment
    assert request.origin.occurred_at == datetime(2026, 11, 20, 18, 25, 43, 511000, tzinfo=UTC)


def test_a_class_that_a_delta_leaves_out_is_unchanged_and_not_missing(tmp_path):
    files = oneroster(manifest=A_DELTA, classes_csv=None, academicSessions_csv=None)

    assert told(read(tmp_path, files)) == ["sent"]


def test_a_person_whom_a_delta_leaves_out_needs_the_bulk_export(tmp_path):
    files = oneroster(manifest=A_DELTA, users=[a_user(sourcedId="u-bob")])

    [(_, reason, detail)] = skips(read(tmp_path, files))

    assert reason is SkipReason.USER_UNKNOWN
    assert "import the bulk export" in detail


def test_a_person_whom_a_delta_leaves_out_is_sent_where_the_rule_needs_only_the_id(tmp_path):
    rule = Declaration(student="{user_id}@northside.example")
    files = oneroster(manifest=A_DELTA, users_csv=None)

    assert only_request(read(tmp_path, files, rule)).student == "u-ada@northside.example"


def test_a_delta_row_without_a_stamp_is_read_and_a_warning_counts_it(tmp_path):
    roster = read(tmp_path, oneroster(manifest=A_DELTA))

    assert told(roster) == ["sent"]
    assert any("1 row of the delta has no readable" in text for text in roster.warnings)


def test_a_bulk_export_with_status_is_read_with_a_warning(tmp_path):
    roster = read(tmp_path, oneroster(enrollments=[an_enrollment(status="active")]))

    assert told(roster) == ["sent"]
    assert any(
        "1 row of the bulk export has a status or dateLastModified" in text
        for text in roster.warnings
    )
    assert any(
        text.endswith("what stands there is followed all the same") for text in roster.warnings
    )


@pytest.mark.parametrize("manifest", [None, "", "no,manifest\n1,2\n"])
def test_a_missing_or_bad_manifest_is_a_warning(tmp_path, manifest):
    roster = read(tmp_path, oneroster(manifest_csv=manifest))

    assert roster.format == "OneRoster 1.1 bulk"
    assert "manifest.csv" in roster.warnings[0]
    assert told(roster) == ["sent"]


def test_a_version_that_is_none_is_guessed_from_the_files(tmp_path):
    manifest = a_manifest(oneroster__version="Lovelace")

    assert read(tmp_path, oneroster(manifest=manifest)).format == "OneRoster 1.1 bulk"


def test_a_manifest_that_contradicts_the_files_is_a_warning(tmp_path):
    manifest = a_manifest(file__users="absent", file__demographics="bulk", file__roles="perhaps")

    warnings = read(tmp_path, oneroster(manifest=manifest)).warnings

    assert any("users.csv is absent, but it is there" in text for text in warnings)
    assert any("demographics.csv is bulk, but it is missing" in text for text in warnings)
    assert any("something else than bulk, delta or absent" in text for text in warnings)


def test_an_export_without_its_lists_is_explained_row_by_row(tmp_path):
    files = oneroster(classes_csv=None, users_csv=None, academicSessions_csv=None)

    roster = read(tmp_path, files)

    assert told(roster) == ["class_unknown"]
    assert {
        f"{name}.csv is missing: it is read as if it were empty"
        for name in ("classes", "users", "academicSessions")
    } <= set(roster.warnings)


def test_a_repeated_id_in_a_list_is_counted_and_its_last_row_used(tmp_path):
    users = [a_user(email="old@northside.example"), a_user(email="new@northside.example")]

    roster = read(tmp_path, oneroster(users=users))

    assert only_request(roster).student == "new@northside.example"
    assert any("users.csv: 1 row repeats an id" in text for text in roster.warnings)


def test_white_space_around_an_id_does_not_part_the_files(tmp_path):
    files = oneroster(
        enrollments=[an_enrollment(classSourcedId=" MATH-7\u00a0")],
        users=[a_user(sourcedId="u-ada ")],
    )

    assert only_request(read(tmp_path, files)).course_id == "d:MATH-7"


def test_a_user_name_that_is_an_address_stands_in_for_a_missing_email(tmp_path):
    files = oneroster(users=[a_user(email="", username="Ada.L@Northside.example")])

    assert only_request(read(tmp_path, files)).student == "ada.l@northside.example"


def test_a_blank_email_is_explained_unless_the_rule_needs_none(tmp_path):
    files = oneroster(users=[a_user(email="")])
    rule = Declaration(student="{username}@northside.example")

    assert told(read(tmp_path, files)) == ["no_email"]
    assert only_request(reading(tmp_path, rule)).student == "alovelace@northside.example"


def test_microsofts_sds_v2_is_read_as_a_relative(tmp_path):
    files = {
        "enrollments.csv": "classSourcedId,userSourcedId,role\r\n"
        "c1,u1,Student\r\nc1,u2,Professor\r\n",
        "classes.csv": "sourcedId,orgSourcedId,title\r\nc1,o1,Art\r\n",
        "users.csv": "sourcedId,username,role\r\nu1,ada@northside.example,Student\r\n",
    }

    roster = read(tmp_path, files)

    assert roster.format == "SDS v2"
    assert counted(roster) == {"sent": 1, "not_a_student": 1}
