"""Of one delivery, the newest record of an enrollment decides; in every vendor's format."""

import pytest

from enrollment.sources.declared import Declaration
from enrollment.sources.events import Wish
from enrollment.sources.posted import read_body

EARLY, LATE = "2026-08-20T10:00:00Z", "2026-08-20T12:00:00+01:00"  # 11:00 in UTC


def oneroster(state, at, **more):
    status = {"in": "active", "out": "tobedeleted", "odd": "paused"}[state]
    return {"sourcedId": "enr-1", "status": status, "role": "student", "dateLastModified": at,
            "class": {"sourcedId": "BIO-7"}, "user": {"sourcedId": "17"}} | more  # fmt: skip


def canvas(state, at, **more):
    status = {"in": "active", "out": "deleted", "odd": "paused"}[state]
    body = {"enrollment_id": "1", "course_section_id": "3", "user_id": "98",
            "type": "StudentEnrollment", "workflow_state": status, "updated_at": at}  # fmt: skip
    return {"metadata": {"event_name": "enrollment_updated"}, "body": body | more}


def clever(state, at, **more):
    now, before = {"in": (["17"], []), "out": ([], ["17"])}[state]
    section = {"object": {"id": "s1", "students": now}}
    return {"type": "sections.updated", "id": f"event at {at}", "created": at,
            "data": section | {"previous_attributes": {"students": before}}} | more  # fmt: skip


FORMATS = {"oneroster": oneroster, "canvas": canvas, "clever": clever}


def became(what, *records):
    body = {"enrollments": list(records)} if what == "oneroster" else list(records)
    read = read_body(body, "sis", Declaration(kind="webhook", format=what)).records
    return ["wish" if isinstance(each, Wish) else each.reason.value for each in read]


@pytest.mark.parametrize("what", FORMATS)
@pytest.mark.parametrize(
    "times", [(EARLY, LATE), (EARLY, EARLY), ("", ""), (EARLY, ""), ("", LATE)]
)
def test_who_is_taken_out_after_being_put_in_is_not_sent(what, times):
    first, second = times

    told = became(what, FORMATS[what]("in", first), FORMATS[what]("out", second))

    assert told == ["superseded", "withdrawn"]


@pytest.mark.parametrize("what", FORMATS)
def test_who_is_put_in_after_being_taken_out_is_sent(what):
    told = became(what, FORMATS[what]("out", EARLY), FORMATS[what]("in", LATE))

    assert told == ["superseded", "wish"]


@pytest.mark.parametrize("what", FORMATS)
def test_the_records_own_times_count_and_not_their_order(what):
    make = FORMATS[what]

    assert became(what, make("out", LATE), make("in", EARLY)) == ["withdrawn", "superseded"]
    assert became(what, make("in", LATE), make("out", EARLY)) == ["wish", "superseded"]


@pytest.mark.parametrize("what", FORMATS)
def test_the_same_record_twice_is_no_contradiction(what):
    make = FORMATS[what]

    assert became(what, make("in", EARLY), make("in", EARLY)) == ["wish", "wish"]


@pytest.mark.parametrize("what", ["oneroster", "canvas"])
def test_a_newer_record_that_nobody_understands_is_for_a_person_and_not_overruled(what):
    make = FORMATS[what]

    assert became(what, make("in", EARLY), make("odd", LATE)) == ["superseded", "unknown_status"]


@pytest.mark.parametrize(
    ("what", "other"),
    [
        ("oneroster", {"sourcedId": "enr-2"}),
        ("oneroster", {"class": {"sourcedId": "ART-1"}}),
        ("oneroster", {"user": {"sourcedId": "18"}}),
        ("canvas", {"enrollment_id": "2"}),
        ("canvas", {"user_id": "99"}),
    ],
)
def test_another_enrollment_overrules_nothing(what, other):
    make = FORMATS[what]

    assert became(what, make("in", EARLY), make("out", LATE, **other)) == ["wish", "withdrawn"]


@pytest.mark.parametrize(
    ("what", "blank"),
    [("oneroster", {"role": ""}), ("canvas", {"workflow_state": None})],
)
def test_what_cannot_be_read_overrules_nothing(what, blank):
    make = FORMATS[what]

    assert became(what, make("in", EARLY), make("out", LATE, **blank)) == ["wish", "unreadable_row"]
