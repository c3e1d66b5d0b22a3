"""`enroll`: what it answers, and that it never answers 4xx."""

import json
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from enrollment.adapters.firestore import FirestoreLedger
from enrollment.adapters.pubsub import PubsubTopic
from enrollment.entry import State
from enrollment.outcome import Outcome
from enrollment.ports import Unavailable
from enrollment.push import as_delivery
from enrollment.reasons import Reason
from enrollment.wiring import distributed
from tests.functions.conftest import ADA, a_push, a_request

CREATE = "courses.students.create"
ANSWERS = {200, 500, 503}


def test_a_student_is_enrolled_once_however_often_it_is_delivered(doors):
    replies = [doors.enroll() for _ in range(3)]

    assert [(each.status_code, each.text) for each in replies] == [
        (200, "enrolled"),
        (200, "duplicate"),
        (200, "duplicate"),
    ]
    assert [each.method for each in doors.fake.log] == [CREATE]
    assert doors.entry().outcome is Outcome.ENROLLED


def test_24_deliveries_at_once_make_one_call(doors):
    app = doors.app("enroll")
    gate = threading.Barrier(24)

    def deliver(_):
        gate.wait()
        return app.test_client().post("/", json=a_push()).status_code

    with ThreadPoolExecutor(24) as pool:
        answers = list(pool.map(deliver, range(24)))

    assert set(answers) <= {200, 503}
    assert 200 in answers
    assert len(doors.fake.log) == 1


@pytest.mark.parametrize("shape", ["binary", "structured"])
def test_eventarcs_shapes_work_as_well(doors, shape):
    event = {
        "id": "1",
        "source": "//pubsub",
        "type": "google.cloud.pubsub.topic.v1.messagePublished",
    }
    if shape == "binary":
        headers = {f"ce-{name}": value for name, value in event.items()} | {"ce-specversion": "1.0"}
        reply = doors.post("enroll", a_push(), headers=headers)
    else:
        body = json.dumps({"specversion": "1.0", **event, "data": a_push()}).encode()
        reply = doors.post("enroll", body, content_type="application/cloudevents+json")

    assert (reply.status_code, reply.text) == (200, "enrolled")


def test_a_request_that_is_under_way_comes_again(doors):
    job = distributed.enroller()._job(a_request(), "a key", _delivery(doors), doors.deadline)
    doors.outside.claims.claim(job.arrival, doors.deadline)

    assert doors.enroll().status_code == 503
    assert doors.fake.log == []


def test_not_now_but_soon_comes_again_and_later_is_left_to_wake(doors):
    doors.fake.add_rules([{"fault": "503", "times": 1}])
    soon = doors.enroll()
    assert (soon.status_code, soon.text) == (503, "waiting")

    often = doors.enroll(attempt=60)  # so often already that Pub/Sub must not be asked again
    assert often.status_code == 200
    assert doors.entry().state is not State.CLAIMED


def test_a_refusal_is_acknowledged_and_its_letter_published(doors):
    reply = doors.enroll(a_request(course_id="d:full", student="s1@northside.example"))
    assert (reply.status_code, reply.text) == (200, "rejected")

    (filed,) = doors.collect_all()
    assert (filed.status_code, filed.text) == (200, "filed, open")
    assert [each.reason for each in doors.items()] == [Reason.COURSE_FULL]


def test_the_id_of_another_wish_is_set_aside(doors):
    doors.enroll()

    reply = doors.enroll(a_request(student="s2@northside.example"))

    assert reply.status_code == 200
    doors.collect_all()
    assert [each.reason for each in doors.items()] == [Reason.ID_REUSED]


@pytest.mark.parametrize(
    "body",
    [b"", b"null", b"not json", b"\xff\xfe", b'{"message": 1}', b"[" * 50_000, b"x" * 3_000_000],
    ids=["nothing", "null", "text", "no UTF-8", "no message", "deep", "huge"],
)
def test_what_is_no_push_is_for_a_person(doors, body):
    assert doors.post("enroll", body).status_code == 200

    assert [each.status_code for each in doors.collect_all()] == [200]
    (item,) = doors.items()
    assert item.reason is Reason.MALFORMED
    assert item.body == body[:65_536] if item.truncated else item.body == body


def test_an_unreadable_message_is_for_a_person_as_it_came(doors):
    assert doors.enroll(b'{"student": "ada@northside.example"}').status_code == 200

    doors.collect_all()
    (item,) = doors.items()
    assert item.body == b'{"student": "ada@northside.example"}'


def test_without_a_permit_the_ledger_is_not_touched(doors):
    distributed.enroller().pace._free_at += 60  # as after a minute's calls all at once

    reply = doors.enroll()

    assert (reply.status_code, reply.text) == (503, "not now")
    assert doors.entry() is None


@pytest.mark.parametrize("port", [(FirestoreLedger, "create"), (PubsubTopic, "publish")])
def test_with_the_ledger_or_the_topic_down_it_comes_again(doors, monkeypatch, port):
    def down(*_):
        raise Unavailable(Reason.LEDGER_DOWN, "UNAVAILABLE")

    monkeypatch.setattr(*port, down)
    unreadable = port[0] is PubsubTopic

    assert doors.enroll(b"{}" if unreadable else None).status_code == 503


def test_with_no_firestore_at_all_it_comes_again_in_time(doors):
    doors.start_again(FIRESTORE_EMULATOR_HOST="127.0.0.1:1")

    assert doors.enroll().status_code == 503


def test_a_fault_of_ours_is_500_and_its_words_stay_here(doors, monkeypatch):
    def broken(*_):
        raise KeyError(ADA)

    monkeypatch.setattr(FirestoreLedger, "create", broken)

    reply = doors.enroll()

    assert (reply.status_code, reply.text) == (500, "a fault of ours: KeyError")
    (line,) = doors.log()
    assert line["severity"] == "ERROR"
    assert any(each.startswith("broken:") for each in line["where"])
    assert ADA not in doors.logged.getvalue()


def test_missing_settings_are_named_in_the_log_and_the_message_comes_again(doors):
    doors.monkeypatch.delenv("CLASSROOM_ADMIN")
    doors.monkeypatch.delenv("CLASSROOM_API_ENDPOINT")
    doors.start_again()

    reply = doors.enroll()

    assert (reply.status_code, reply.text) == (500, "the settings are not complete: see the log")
    (line,) = doors.log()
    assert line["severity"] == "CRITICAL"
    for name in ("CLASSROOM_ADMIN", "CLASSROOM_DELEGATE", "PSEUDONYM_KEY"):
        assert name in line["message"]


def test_once_the_settings_are_mended_the_same_instance_works(doors):
    doors.monkeypatch.delenv("CLASSROOM_ADMIN")
    doors.start_again()
    doors.enroll()
    doors.monkeypatch.setenv("CLASSROOM_ADMIN", "admin@northside.example")

    assert doors.enroll().text == "enrolled"


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch", "head", "options"])
def test_no_method_is_answered_with_4xx(doors, method):
    app = doors.app("enroll")

    assert getattr(app.test_client(), method)("/").status_code in ANSWERS


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(body=st.binary(max_size=500), attributes=st.dictionaries(st.text(), st.text(), max_size=3))
def test_no_message_is_answered_with_4xx_or_500(doors, body, attributes):
    assert doors.post("enroll", a_push(body, **attributes)).status_code in {200, 503}


def test_the_log_names_nobody(doors):
    doors.enroll()
    doors.enroll(b'{"student": "ada@northside.example", "enrollment_code": "k7xq2p"}')

    said = doors.logged.getvalue()
    assert len(doors.log()) == 2
    assert "@" not in said
    assert "k7xq2p" not in said


def _delivery(doors):
    return as_delivery(json.dumps(a_push()).encode(), doors.deadline)
