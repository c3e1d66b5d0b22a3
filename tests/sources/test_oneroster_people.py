"""Who becomes a student in OneRoster: roles, accounts and addresses."""

import pytest

from enrollment.sources.declared import Declaration
from enrollment.sources.skips import SkipReason
from tests.sources.rosters import (
    A_DELTA,
    a_manifest,
    a_user,
    an_enrollment,
    oneroster,
    only_request,
    read,
    reading,
    skips,
    told,
)


def a_teacher(**cells):
    return a_user(sourcedId="u-tom", role="teacher", email="tom@northside.example", **cells)


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


def test_a_person_whom_a_delta_leaves_out_needs_the_bulk_export(tmp_path):
    files = oneroster(manifest=A_DELTA, users=[a_user(sourcedId="u-bob")])

    [(_, reason, detail)] = skips(read(tmp_path, files))

    assert reason is SkipReason.USER_UNKNOWN
    assert "import the bulk export" in detail


def test_a_person_whom_a_delta_leaves_out_is_sent_where_the_rule_needs_only_the_id(tmp_path):
    rule = Declaration(student="{user_id}@northside.example")
    files = oneroster(manifest=A_DELTA, users_csv=None)

    assert only_request(read(tmp_path, files, rule)).student == "u-ada@northside.example"


def test_a_user_name_that_is_an_address_stands_in_for_a_missing_email(tmp_path):
    files = oneroster(users=[a_user(email="", username="Ada.L@Northside.example")])

    assert only_request(read(tmp_path, files)).student == "ada.l@northside.example"


def test_a_blank_email_is_explained_unless_the_rule_needs_none(tmp_path):
    files = oneroster(users=[a_user(email="")])
    rule = Declaration(student="{username}@northside.example")

    assert told(read(tmp_path, files)) == ["no_email"]
    assert only_request(reading(tmp_path, rule)).student == "alovelace@northside.example"
