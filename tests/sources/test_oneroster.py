"""OneRoster 1.1 and 1.2, bulk and delta: which rows are sent, and why the others are not."""

from datetime import date

import pytest

from enrollment.request import derived_request_id
from enrollment.sources.skips import SkipReason
from tests.sources.rosters import (
    KEY,
    RECEIVED_AT,
    a_class,
    a_session,
    an_enrollment,
    oneroster,
    only_request,
    read,
    reading,
    skips,
    told,
)

OPEN = {"beginDate": "", "endDate": ""}


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
