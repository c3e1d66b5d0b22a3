"""School Data Sync v2 and v2.1: OneRoster's relatives, with words and columns of their own."""

import pytest

from enrollment.sources.roles import OTHERS
from tests.sources.rosters import only_request, read, skips, told


def sds_v2(enrollments="c1,u1,Student"):
    return {
        "orgs.csv": "sourcedId,name,type,parentSourcedId\r\no1,Northside,school,\r\n",
        "enrollments.csv": f"classSourcedId,userSourcedId,role\r\n{enrollments}\r\n",
        "classes.csv": "sourcedId,orgSourcedId,title\r\nc1,o1,Art\r\n",
        "users.csv": "sourcedId,username,password,role\r\n"
        "u1,Ada@northside.example,secret,Student\r\nu2,bo@northside.example,secret,Professor\r\n",
    }


def sds_v2_1(enrollments="c1,u1,student", roles="u1,o1,student,2026-08-24,2027-06-11"):
    return sds_v2(enrollments) | {
        "classes.csv": "sourcedId,orgSourcedId,title,sessionSourcedIds,courseSourcedId\r\n"
        "c1,o1,Art,s1,crs\r\n",
        "users.csv": "sourcedId,username,email,password\r\n"
        "u1,ada@northside.example,,secret\r\nu2,bo,bo@northside.example,secret\r\n",
        "roles.csv": f"userSourcedId,orgSourcedId,role,roleStartDate,roleEndDate\r\n{roles}\r\n",
        "academicSessions.csv": "sourcedId,title,type,schoolYear,startDate,endDate\r\n"
        "s1,Year,schoolYear,2027,2026-08-24,2027-06-11\r\n",
    }


def test_both_are_read_without_a_note_on_files_that_they_do_not_have(tmp_path):
    two = read(tmp_path / "v2", sds_v2())
    one_more = read(tmp_path / "v2.1", sds_v2_1())

    assert (two.format, one_more.format) == ("SDS v2", "SDS v2.1")
    assert only_request(two).student == only_request(one_more).student == "ada@northside.example"
    assert two.warnings == one_more.warnings == ()


@pytest.mark.parametrize(
    "role",
    ["Professor", "Lecturer", "Faculty", "Staff", "Aide", "Teacher", "adjunct", "chair",
     "paraprofessional", "officeStaff", "speechTherapist", "teacherAssistant", "other"],
)  # fmt: skip
def test_microsofts_other_roles_are_no_students(tmp_path, role):
    assert told(read(tmp_path, sds_v2(f"c1,u2,{role}"))) == ["not_a_student"]
    assert role.casefold() in OTHERS


@pytest.mark.parametrize("role", ["teacher", "Professor", "lecturer", "FACULTY"])
def test_who_teaches_the_class_under_any_word_is_not_its_student(tmp_path, role):
    roster = read(tmp_path, sds_v2(f"c1,u1,{role}\r\nc1,u1,student"))

    assert told(roster) == ["not_a_student", "role_mismatch"]


def test_a_role_that_is_over_is_not_held_against_the_student(tmp_path):
    roles = "u1,o1,student,2026-08-24,2027-06-11\r\nu1,o1,lecturer,2024-08-24,2025-06-11"

    assert told(read(tmp_path, sds_v2_1(roles=roles))) == ["sent"]


def test_a_role_that_is_in_force_is(tmp_path):
    roles = "u1,o1,student,2024-08-24,2025-06-11\r\nu1,o1,lecturer,2026-08-24,2027-06-11"

    [(_, reason, detail)] = skips(read(tmp_path, sds_v2_1(roles=roles)))

    assert (reason, detail) == ("role_mismatch", "roles.csv gives the role lecturer")


def test_the_term_of_the_class_is_known_by_its_other_name(tmp_path):
    sessions = sds_v2_1()["academicSessions.csv"].replace("2027-06-11", "2026-09-30")

    over = read(tmp_path / "over", sds_v2_1() | {"academicSessions.csv": sessions})

    assert told(over) == ["ended"]
    assert only_request(read(tmp_path, sds_v2_1())).origin.version == "s1"
