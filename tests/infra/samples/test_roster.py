import csv
import io
import zipfile
from collections import Counter
from datetime import date
from functools import cache

import pytest

from enrollment.reasons import Reason
from enrollment.request import ADDRESS, COURSE_ID
from infra.samples.defects import DEFECTS
from infra.samples.oneroster import FORMS
from infra.samples.people import SPECIALITIES
from infra.samples.roster import Sample, sample

TODAY = date(2026, 11, 23)
REFUSALS = {
    Reason.ACCOUNT_DISABLED,
    Reason.COURSE_CLOSED,
    Reason.COURSE_FULL,
    Reason.COURSE_NOT_PERMITTED,
    Reason.COURSE_UNKNOWN,
    Reason.IS_TEACHER,
    Reason.OUTSIDE_DOMAIN,
    Reason.OWNER_INACTIVE,
    Reason.STUDENT_OVER_LIMIT,
    Reason.STUDENT_UNKNOWN,
}
OUTCOMES = {"enrolled", "already_enrolled"} | {f"rejected:{reason}" for reason in REFUSALS}


@cache
def northside(students: int = 250, seed: int = 1, as_of: date = TODAY) -> Sample:
    return sample(students, seed, as_of=as_of)


def table(name: str, school: Sample | None = None) -> list[dict[str, str]]:
    text = (school or northside()).files[name].decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text.replace("\r\n", "\n").replace("\r", "\n"))))


def accounts(school: Sample) -> dict[str, dict[str, object]]:
    return {account["email"]: account for account in school.school["accounts"]}


def courses(school: Sample) -> dict[str, dict[str, object]]:
    return {course["aliases"][0]: course for course in school.school["courses"]}


def test_the_same_arguments_make_the_same_bytes(tmp_path):
    for name in ("one.zip", "two.zip"):
        sample(120, 7, as_of=TODAY).write_zip(tmp_path / name)

    assert (tmp_path / "one.zip").read_bytes() == (tmp_path / "two.zip").read_bytes()


def test_another_seed_makes_another_school():
    assert sample(120, 7, as_of=TODAY).files != sample(120, 8, as_of=TODAY).files


def test_the_zip_and_the_folder_hold_the_same_files(tmp_path):
    northside().write_folder(tmp_path / "export")
    northside().write_zip(tmp_path / "export.zip")

    folder = {path.name: path.read_bytes() for path in (tmp_path / "export").iterdir()}
    with zipfile.ZipFile(tmp_path / "export.zip") as archive:
        zipped = {name: archive.read(name) for name in archive.namelist()}
    assert folder == zipped == northside().files


def test_the_usual_school_makes_enough_requests():
    assert len(northside().expected) >= 1_100
    assert len(table("enrollments.csv")) > len(northside().expected)


@pytest.mark.parametrize("students", [0, 1, 5, 12, 40, 100, 300])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_at_least_85_percent_succeed_in_a_school_of_any_size(students, seed):
    ends = Counter(northside(students, seed).expected.values())

    assert ends["enrolled"] + ends["already_enrolled"] >= 0.85 * ends.total()


@pytest.mark.parametrize("students", [100, 250])
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_every_outcome_is_expected_of_some_request(students, seed):
    assert set(northside(students, seed).expected.values()) == OUTCOMES


def test_every_refusal_is_met_by_a_few_requests():
    ends = Counter(northside().expected.values())

    assert all(count >= 3 for count in ends.values())


@pytest.mark.parametrize("students", [100, 250])
def test_every_defect_is_there(students):
    found = northside(students).defects

    named = {each.name for each in (*DEFECTS, *SPECIALITIES)}
    flaws = {flaw for form in FORMS.values() for flaw in form.flaws}
    assert found.keys() == named | flaws
    assert all(found.values())


def test_defects_of_rows_come_a_few_times_each():
    assert all(len(northside().defects[defect.name]) >= 3 for defect in DEFECTS)
    assert all(len(northside().defects[kind.name]) >= 2 for kind in SPECIALITIES)


def test_files_have_the_flaws_that_their_forms_name():
    files = northside().files

    assert files["users.csv"].startswith(b"\xef\xbb\xbfsourcedId,status,dataLastModified,")
    assert b",prefferedGivenName\n" in files["users.csv"]
    assert not files["enrollments.csv"].endswith(b"\n")
    assert b"\r\n" in files["orgs.csv"]
    assert b"\n" not in files["classes.csv"]
    assert files["classes.csv"].split(b"\r")[0].endswith(b",periods,,")


def test_addresses_are_wrong_in_every_way_that_the_table_names():
    written = [user["email"] for user in table("users.csv")]

    assert "" in written
    assert "me" in written
    assert any(" " in address for address in written)
    assert any(address.endswith("@gmial.com") for address in written)
    assert any(address.isupper() for address in written)


def test_rows_are_wrong_in_every_way_that_the_table_names():
    rows = table("enrollments.csv")
    roles = {user["sourcedId"]: user["role"] for user in table("users.csv")}
    status = {each["sourcedId"]: each["status"] for each in table("classes.csv")}
    teaching = {(r["classSourcedId"], r["userSourcedId"]) for r in rows if r["role"] == "teacher"}
    learning = {(r["classSourcedId"], r["userSourcedId"]) for r in rows if r["role"] == "student"}
    today = str(TODAY)

    assert any(roles.get(user) == "teacher" for _, user in learning)
    assert any(status.get(group) == "tobedeleted" for group, _ in learning)
    assert any(row["status"] == "tobedeleted" for row in rows)
    assert any(row["status"] == "active" and row["endDate"] < today for row in rows)
    assert any(row["beginDate"] > today for row in rows if "-" in row["beginDate"])
    assert any(row["beginDate"] == "1/05/2023" for row in rows)
    assert {group for group, _ in learning} - status.keys()
    assert {user for _, user in learning} - roles.keys()
    assert teaching & learning
    assert len({tuple(row.values()) for row in rows}) < len(rows)
    assert any(user.startswith("00") for _, user in learning)


def test_teachers_are_3_to_9_percent_of_the_rows():
    rows = table("enrollments.csv")

    assert 0.03 <= sum(row["role"] == "teacher" for row in rows) / len(rows) <= 0.09


def test_every_expected_pair_fits_into_a_request():
    for course_id, student in northside().expected:
        assert COURSE_ID.fullmatch(course_id)
        assert ADDRESS.fullmatch(student)
        assert student == student.lower()


def test_every_expected_pair_is_a_row_of_the_roster():
    addresses = {user["sourcedId"]: user["email"].lower() for user in table("users.csv")}
    rows = {
        (f"d:{row['classSourcedId']}", addresses.get(row["userSourcedId"]))
        for row in table("enrollments.csv")
        if row["role"].lower() == "student"
    }

    assert northside().expected.keys() <= rows


@pytest.mark.parametrize("day", [date(2027, 1, 1), date(2026, 7, 1), date(2028, 2, 29)])
def test_the_year_surrounds_any_day(day):
    rows = table("enrollments.csv", northside(as_of=day))
    current = [row for row in rows if row["beginDate"] <= str(day) <= row["endDate"]]

    assert len(current) >= 0.95 * len(rows)


def test_an_hour_of_the_product_is_as_long_as_the_time_scale_says():
    slow = sample(as_of=TODAY, time_scale=1 / 60)

    def seconds(school: Sample, state: str) -> set[object]:
        return {a["for_seconds"] for a in accounts(school).values() if a["state"] == state}

    assert min(seconds(northside(), "young")) == 3
    assert min(seconds(slow, "young")) == 180
    assert seconds(northside(), "joined_today") == {15}
