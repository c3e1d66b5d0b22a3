"""What kind of OneRoster export it is: bulk or delta, its version, what it leaves out."""

from datetime import UTC, datetime

import pytest

from tests.sources.rosters import (
    A_DELTA,
    a_class,
    a_manifest,
    a_user,
    an_enrollment,
    counted,
    oneroster,
    only_request,
    read,
    told,
)

OPEN = {"beginDate": "", "endDate": ""}


def test_without_a_name_in_the_manifest_the_system_is_the_source(tmp_path):
    request = only_request(read(tmp_path, oneroster(manifest_csv=None)))

    assert request.origin.system == "lighthouse"


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
