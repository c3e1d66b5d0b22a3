"""What vendors post, read: nothing that may be a wish is passed over, and nothing takes long."""

import json
import time

import pytest

from enrollment.sources.declared import Declaration
from enrollment.sources.events import MOST_RECORDS, Passed, Unfit, Wish
from enrollment.sources.posted import read_body, read_delivery

ENROLLMENT = {
    "sourcedId": "enr-1", "role": "student",
    "class": {"sourcedId": "BIO-7"}, "user": {"sourcedId": "17"},
}  # fmt: skip
USER = {"sourcedId": "17", "email": "ada@northside.example", "role": "student"}
CLASS = {"sourcedId": "BIO-7", "classCode": "bio"}


def read(what, body):
    return read_body(body, "sis", Declaration(kind="webhook", format=what))


def the_record(what, body):
    (record,) = read(what, body).records
    return record


@pytest.mark.parametrize(
    "body",
    [
        {"enrollment": ENROLLMENT, "user": USER, "class": CLASS},
        {"enrollments": [ENROLLMENT], "user": USER, "class": CLASS},
    ],
)
def test_an_enrollment_with_its_user_and_its_class_beside_it_is_one_wish(body):
    reading = read("oneroster", body)

    (wish,) = reading.records
    assert isinstance(wish, Wish)
    assert (wish.class_id, wish.user_id) == ("BIO-7", "17")
    assert reading.known.people["17"].fields.email == "ada@northside.example"
    assert reading.known.sections["BIO-7"].fields.class_code == "bio"


def test_an_enrollment_without_its_envelope_is_a_wish():
    assert isinstance(the_record("oneroster", ENROLLMENT), Wish)


@pytest.mark.parametrize(
    "dates",
    [
        {"endDate": "05/12/2026"},
        {"beginDate": "2026-08-24", "endDate": "05/12/2026"},
        {"beginDate": "05/12/2026"},
    ],
)
def test_a_date_that_may_be_two_days_decides_nothing(dates):
    wish = the_record("oneroster", {"enrollment": ENROLLMENT | dates})

    assert "year-month-day" in wish.span.fault


def test_a_date_beside_one_that_shows_the_order_is_read_in_that_order():
    dates = {"beginDate": "25/08/2026", "endDate": "05/12/2026"}

    wish = the_record("oneroster", {"enrollment": ENROLLMENT | dates})

    assert (wish.span.fault, wish.span.end.day.isoformat()) == ("", "2026-12-05")


def test_what_is_gone_asks_nobody_to_look_though_its_id_alone_is_told():
    gone = {"sourcedId": "enr-1", "status": "tobedeleted"}

    record = the_record("oneroster", {"enrollments": [gone]})
    nameless = the_record("oneroster", {"enrollments": [{"status": "tobedeleted"}]})

    assert (record.reason, record.event_id) == ("withdrawn", "enr-1")
    assert nameless.reason == "unreadable_row"


CALIPER = {
    "sensor": "canvas",
    "data": [{"type": "Event", "action": "Created", "object": {"id": "urn:enrollment:21"}}],
}


@pytest.mark.parametrize(
    ("what", "body"),
    [("canvas", CALIPER), ("canvas", {}), ("clever", {}), ("clever", [{"id": "e-1"}])],
)
def test_an_event_that_does_not_say_what_it_is_of_is_for_a_person_to_see(what, body):
    record = the_record(what, body)

    assert isinstance(record, Passed)
    assert (record.reason, "is missing" in record.detail) == ("unreadable_row", True)


def a_section(students, before=None):
    section = {"object": {"id": "s-1", "students": students}}
    told = {} if before is None else {"previous_attributes": {"students": before}}
    return {"type": "sections.updated", "id": "e-1", "data": section | told}


def test_of_a_section_each_who_came_and_each_who_went_is_told_with_its_place():
    *came, went = read("clever", a_section(["a", "b", "c"], before=["a", "d"])).records

    assert [(each.user_id, each.pointer) for each in came] == [
        ("b", "/data/object/students/1"),
        ("c", "/data/object/students/2"),
    ]
    assert (went.user_id, went.reason) == ("d", "withdrawn")


@pytest.mark.parametrize("students", [None, "a", 7, {}])
def test_a_section_without_a_list_of_students_changes_nothing(students):
    assert the_record("clever", a_section(students, before=[])).reason == "no_enrollment"


def test_a_section_as_long_as_a_body_may_be_takes_no_time():
    ids = [f"{number:x}" for number in range(27_000)]
    begun = time.monotonic()

    with pytest.raises(Unfit, match="too_many"):
        read("clever", a_section(ids[: len(ids) // 2], before=ids[len(ids) // 2 :]))

    assert len(ids) > MOST_RECORDS
    assert time.monotonic() - begun < 2  # it took their square, which is more on any machine


def delivered(what, body):
    said = Declaration(kind="webhook", format=what)
    return read_delivery(body, json.dumps(body).encode(), "sis", said)


@pytest.mark.parametrize(
    ("what", "body", "why"),
    [
        ("oneroster", {"ping": "ada@northside.example"}, "enrollment_missing"),
        ("oneroster", [ENROLLMENT], "object_expected"),
        ("oneroster", {"enrollments": [ENROLLMENT] * 501}, "501 records"),
        ("canvas", "ada@northside.example", "object_expected"),
        ("canvas", [7], "object_expected"),
        ("clever", None, "object_expected"),
        ("clever", a_section([str(n) for n in range(501)], before=[]), "501 records"),
    ],
)
def test_a_body_that_is_nothing_of_a_vendor_s_format_is_one_record_for_a_person(what, body, why):
    reading = delivered(what, body)

    (record,) = reading.records
    assert isinstance(record, Passed)
    assert (reading.single, record.reason, why in record.detail) == (True, "unreadable_row", True)
    assert "ada" not in record.detail


def test_two_bodies_that_nobody_can_read_are_told_apart():
    one, two = (delivered("clever", body).records[0] for body in ([1], [2]))

    assert one.event_id != two.event_id
    assert delivered("clever", [1]).records[0] == one


def test_of_our_own_format_it_is_for_the_sender_to_mend():
    with pytest.raises(Unfit):
        delivered("native", {"ping": 1})
