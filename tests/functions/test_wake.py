"""`wake`: what is due is sent again, once, and it says how much that was."""

import time
from contextlib import closing
from dataclasses import replace

from google.cloud import firestore

from enrollment.adapters.firestore import FirestoreLine
from enrollment.adapters.pubsub import PubsubTopic
from enrollment.outcome import Outcome
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from tests.functions.conftest import a_push, a_request
from tests.functions.test_collect import GIVEN_UP


def wait_for(doors, number):
    """Put so many requests to waiting, due now."""
    for each in range(number):
        request = a_request(request_id=f"request-{each:03}", student=f"s{each}@northside.example")
        doors.post("collect", a_push(request, **GIVEN_UP))


def test_with_nothing_due_it_says_so(doors):
    reply = doors.post("wake")

    assert reply.status_code == 200
    assert (reply.json["sent"], reply.json["letters"], reply.json["probes"]) == (0, 0, 0)


def test_what_is_due_is_sent_once(doors):
    wait_for(doors, 5)

    first, second = doors.post("wake"), doors.post("wake")

    assert (first.json["sent"], second.json["sent"]) == (5, 0)
    bodies = [each.body for each in doors.published("enrollment-requests", 5)]
    assert sorted(doors.enroll(each).text for each in bodies) == ["enrolled"] * 5


def test_a_letter_that_is_owed_is_sent(doors, monkeypatch):
    with monkeypatch.context() as patched:
        patched.setattr(PubsubTopic, "publish", _down)
        doors.enroll(a_request(course_id="d:full", student="s1@northside.example"))
    stored = doors.outside.ledger.get("request-1", doors.deadline)
    due = replace(stored.entry, wake_at=stored.entry.settled_at)
    doors.outside.ledger.update(stored, due, doors.deadline)

    assert doors.post("wake").json["letters"] == 1
    doors.collect_all()
    assert [each.reason for each in doors.items()] == [Reason.COURSE_FULL]


def test_one_record_that_cannot_be_read_holds_up_no_other_and_is_named_in_the_log(doors):
    wait_for(doors, 3)
    with closing(firestore.Client(project=doors.project)) as google:
        (record, *_) = google.collection("enrollments").list_documents()
        record.update({"reason": "a reason of ada@northside.example"})

        assert doors.post("wake").json["sent"] == 2

    (line,) = [each for each in doors.log() if each["severity"] == "ERROR"]
    assert (line["message"], line["record"]) == ("a record cannot be read", record.id)
    assert "@" not in doors.logged.getvalue()


def test_nothing_is_sent_while_an_operator_holds_the_line(doors):
    wait_for(doors, 2)
    doors.outside.line.hold_for_operator("exams", doors.deadline)

    assert doors.post("wake").json["sent"] == 0


def test_a_held_line_is_probed_and_opens(doors):
    doors.fake.trouble("ClassroomDisabled")
    assert doors.enroll().text == "line held"
    doors.fake.trouble(None)
    doors.enroll(a_request(request_id="request-2", student="s2@northside.example"))
    _let_the_probe_be_due(doors)

    assert doors.post("wake").json["probes"] == 1
    (probe,) = doors.published("enrollment-requests")
    assert doors.enroll(probe.body).text == "enrolled"
    assert doors.outside.line.look(doors.deadline).status.held_by is None
    assert Outcome.ENROLLED in {doors.entry(each).outcome for each in ("request-1", "request-2")}


def test_with_firestore_down_the_scheduler_is_told(doors, monkeypatch):
    monkeypatch.setattr(FirestoreLine, "read", _down)

    assert doors.post("wake").status_code == 503


def _down(*_):
    raise Unavailable(Reason.TOPIC_DOWN, "UNAVAILABLE")


def _let_the_probe_be_due(doors):
    line, deadline = doors.outside.line.line, doors.deadline
    seen = line.read(deadline)
    line.write(seen, replace(seen.status, next_probe=seen.read_at), deadline)
    time.sleep(0.01)
    doors.outside.line._asked_at = float("-inf")  # as five seconds later


def test_while_a_fault_holds_the_line_the_log_warns_each_minute(doors):
    doors.fake.trouble("ClassroomDisabled")
    doors.enroll()

    doors.post("wake")

    line = doors.log()[-1]
    assert (line["severity"], line["message"]) == ("WARNING", "woken")
    assert line["held"] == Reason.ADMIN_CLASSROOM_OFF
