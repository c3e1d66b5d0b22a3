"""Canvas Live Events: which of them ask for an enrollment, and whom others tell of."""

import pytest

from enrollment.sources.canvas_events import read_canvas
from enrollment.sources.events import Passed, Unfit, Wish


def event(name="enrollment_created", /, **body):
    usual = {
        "enrollment_id": "21070000000000001",
        "course_id": "21070000000000002",
        "course_section_id": "21070000000000003",
        "user_id": "21070000000000098",
        "user_name": "Ada Lovelace",
        "type": "StudentEnrollment",
        "workflow_state": "active",
        "created_at": "2026-08-20T18:25:43Z",
        "updated_at": "2026-08-20T18:25:44Z",
    }
    return {
        "metadata": {"event_name": name, "event_time": "2026-08-20T18:25:45Z"},
        "body": usual | body,
    }


def became(*events):
    return [
        "wish" if isinstance(each, Wish) else each.reason.value
        for each in read_canvas(list(events)).records
    ]


def test_an_active_student_is_a_wish_by_canvas_s_own_ids():
    reading = read_canvas(event())

    (wish,) = reading.records
    assert reading.single
    assert wish.inner
    assert (wish.class_id, wish.user_id) == ("21070000000000003", "21070000000000098")
    assert (wish.version, wish.event_id) == ("2026-08-20T18:25:44Z", "21070000000000001")
    assert "Ada" not in repr(reading)


def test_who_is_made_active_again_is_wished_for_again():
    (first,) = read_canvas(event()).records
    (second,) = read_canvas(event("enrollment_updated", updated_at="2026-09-01")).records

    assert first.version != second.version


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"workflow_state": "invited"}, "wish"),
        ({"workflow_state": "deleted"}, "withdrawn"),
        ({"workflow_state": "inactive"}, "withdrawn"),
        ({"workflow_state": "completed"}, "ended"),
        ({"workflow_state": "creation_pending"}, "no_enrollment"),
        ({"workflow_state": "paused"}, "unknown_status"),
        ({"type": "TeacherEnrollment"}, "not_a_student"),
        ({"type": "StudentViewEnrollment"}, "unknown_role"),
        ({"user_id": None}, "unreadable_row"),
        ({"course_section_id": ""}, "unreadable_row"),
        ({"workflow_state": 7}, "unknown_status"),
    ],
)
def test_what_an_enrollment_becomes(change, reason):
    assert became(event(**change)) == [reason]


def test_other_events_ask_for_nothing():
    assert became(event("course_updated"), event("logged_in")) == ["no_enrollment"] * 2


def test_what_names_no_event_is_for_a_person_to_see():
    assert became({"metadata": 7}, {}) == ["unreadable_row"] * 2


def test_users_and_sections_are_told_of():
    user = event("user_created", user_id="98", user_login="ada@northside.example",
                 user_sis_id="0017", workflow_state="registered")  # fmt: skip
    section = event("course_section_updated", course_section_id="3", sis_source_id="BIO-7",
                    name="Biology", workflow_state="active")  # fmt: skip

    known = read_canvas([user, section]).known

    assert known.people["98"].fields == ("0017", "", "ada@northside.example")
    assert known.people["98"].active
    assert known.sections["3"].fields.class_id == "BIO-7"


def test_who_was_deleted_is_not_active():
    gone = event("user_updated", user_id="98", workflow_state="deleted")

    assert not read_canvas(gone).known.people["98"].active


@pytest.mark.parametrize("body", [None, 7, "text", [7], [[event()]]])
def test_what_holds_no_event_is_told(body):
    with pytest.raises(Unfit):
        read_canvas(body)


def test_an_event_keeps_its_place():
    records = read_canvas({"data": [event(), event(type="TaEnrollment")]}).records

    assert [each.pointer for each in records] == ["/data/0", "/data/1"]
    assert isinstance(records[1], Passed)
