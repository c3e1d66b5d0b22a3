"""Our own JSON: what is read of it, and what a sender hears who wrote it wrong."""

import pytest

from enrollment.request import Mode
from enrollment.sources.events import Unfit, Wish, Wrong
from enrollment.sources.native import read_native

ADA = {"course_id": "d:BIO-7", "student": "ada@northside.example"}


def read(body, mode=Mode.ADMIN):
    return read_native(body, source="sis", mode=mode)


def faults(body, mode=Mode.ADMIN):
    """Pointer and code of each fault of a body."""
    with pytest.raises(Unfit) as unfit:
        read(body, mode)
    return [(each.pointer, each.code) for each in unfit.value.faults]


def test_a_student_and_a_course_are_a_wish():
    reading = read(ADA)

    assert reading.single
    assert reading.records == [Wish(pointer="", kind="api", **ADA)]


def test_the_message_of_the_topic_is_a_wish_too():
    whole = ADA | {
        "schema_version": "1", "request_id": "fall26:sis:88121:v3", "action": "enroll",
        "source": "sis", "mode": "admin", "enrollment_code": None, "replay": 7, "retry": False,
        "received_at": "2026-08-20T18:26:01Z",
        "origin": {"kind": "sis", "system": "ic", "event_id": "enr-88121", "version": "3",
                   "occurred_at": "2026-08-20T18:25:43Z"},
    }  # fmt: skip

    (wish,) = read(whole).records

    assert wish.request_id == "fall26:sis:88121:v3"
    assert (wish.kind, wish.system, wish.event_id, wish.version) == ("sis", "ic", "enr-88121", "3")
    assert wish.occurred_at.isoformat() == "2026-08-20T18:25:43+00:00"


def test_a_version_of_its_own_comes_before_the_origins():
    (wish,) = read(ADA | {"version": "mine", "origin": {"version": "other"}}).records

    assert wish.version == "mine"


def test_the_senders_own_ids_keep_their_leading_zeros():
    (wish,) = read({"class_id": "0042", "user_id": "093889725"}).records

    assert (wish.class_id, wish.user_id) == ("0042", "093889725")


def test_what_is_in_the_envelope_of_standard_webhooks_is_read():
    (wish,) = read({"type": "enrollment.created", "timestamp": "…", "data": ADA}).records

    assert wish.pointer == "/data"
    assert wish.student == ADA["student"]


def test_a_batch_keeps_its_order_and_what_is_wrong_in_it():
    reading = read({"requests": [ADA, {"student": "bo@northside.example"}, 7]})

    assert not reading.single
    assert [type(each) for each in reading.records] == [Wish, Wrong, Wrong]
    assert [each.pointer for each in reading.records] == [f"/requests/{n}" for n in range(3)]
    assert reading.records[1].faults[0].pointer == "/requests/1/course_id"


@pytest.mark.parametrize("body", [None, 7, "text", [], [ADA], True])
def test_what_is_no_object_is_no_request(body):
    assert faults(body) == [("", "object_expected")]


@pytest.mark.parametrize("batch", [[], {}, None, "x"])
def test_a_batch_is_a_list_with_something_in_it(batch):
    assert faults({"requests": batch}) == [("/requests", "list_expected")]


def test_a_batch_has_500_requests_at_most():
    assert len(read({"requests": [ADA] * 500}).records) == 500
    assert faults({"requests": [ADA] * 501}) == [("/requests", "too_many")]


def test_every_fault_is_told_at_once_with_its_place():
    body = {
        "student": 7,
        "mode": "boss",
        "request_id": "short",
        "action": "withdraw",
        "source": "b",
    }

    assert faults(body) == [
        ("/action", "string_pattern_mismatch"),
        ("/course_id", "missing"),
        ("/mode", "another_mode"),
        ("/mode", "enum"),
        ("/request_id", "string_pattern_mismatch"),
        ("/source", "another_source"),
        ("/student", "string_type"),
    ]


def test_a_fault_repeats_nothing_of_what_was_sent():
    body = {"student": ["ada@northside.example"], "course_id": {"x": "ada@northside.example"}}

    with pytest.raises(Unfit) as unfit:
        read(body)

    assert "ada" not in repr(unfit.value.faults)
    assert "ada" not in str(unfit.value)


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ({"class_id": "BIO"}, ("/class_id", "twice")),
        ({"user_id": "17"}, ("/user_id", "twice")),
        ({"mode": "code"}, ("/mode", "another_mode")),
        ({"request_id": "r1-" + "0" * 40}, ("/request_id", "reserved")),
        ({"request_id": "u1-anything"}, ("/request_id", "reserved")),
        ({"source": "other"}, ("/source", "another_source")),
        ({"schema_version": "2"}, ("/schema_version", "string_pattern_mismatch")),
        ({"origin": {"occurred_at": "yesterday"}}, ("/origin/occurred_at", "value_error")),
    ],
)
def test_what_contradicts_is_refused(more, fault):
    assert faults(ADA | more) == [fault]


def test_a_source_of_students_with_codes_needs_the_code():
    assert faults(ADA, Mode.CODE) == [("/enrollment_code", "missing")]
    (wish,) = read(ADA | {"enrollment_code": "x7gk2p"}, Mode.CODE).records
    assert wish.enrollment_code == "x7gk2p"
    assert "x7gk2p" not in repr(wish)


def test_a_misspelt_name_is_pointed_at():
    with pytest.raises(Unfit) as unfit:
        read({"cours_id": "d:BIO-7", "student": "ada@northside.example"})

    (fault,) = unfit.value.faults
    assert "another name stands there that is near to course_id" in fault.detail


def test_names_that_nobody_knows_are_passed_over():
    assert read(ADA | {"name": "Ada", "birth_date": "2010-01-01"}) == read(ADA)
