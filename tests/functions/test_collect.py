"""`collect`: letters are filed once, and what Pub/Sub gave up delivering goes back to waiting."""

import pytest

from enrollment.adapters.firestore import FirestoreReviews
from enrollment.entry import State
from enrollment.outcome import Outcome
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from enrollment.returned import SOURCE
from enrollment.wire import encode
from tests.functions.conftest import a_push, a_request

GIVEN_UP = {
    SOURCE: "enrollment-requests-enroll",
    "CloudPubSubDeadLetterSourceSubscriptionProject": "p",
    "CloudPubSubDeadLetterSourceDeliveryCount": "100",
}


def test_the_same_letter_twice_is_one_item(doors):
    letter = a_push(b"not json", reason="malformed", detail="not JSON")

    replies = [doors.post("collect", letter) for _ in range(2)]

    assert [(each.status_code, each.text) for each in replies] == [(200, "filed, open")] * 2
    (item,) = doors.items()
    assert (item.reason, item.detail, item.body) == (Reason.MALFORMED, "not JSON", b"not json")


def test_a_body_of_a_megabyte_is_kept_in_part_and_marked(doors):
    doors.post("collect", a_push(b"x" * 1_000_000, reason="malformed"))

    (item,) = doors.items()
    assert (item.truncated, item.length, len(item.body)) == (True, 1_000_000, 65_536)


def test_a_healthy_request_that_was_given_up_waits_and_is_enrolled(doors):
    reply = doors.post("collect", a_push(**GIVEN_UP))

    assert (reply.status_code, reply.text) == (200, "waiting")
    assert doors.entry().state is State.WAITING
    assert doors.items() == []
    doors.post("wake")
    (again,) = doors.published("enrollment-requests")
    assert doors.enroll(again.body).text == "enrolled"


def test_one_that_waits_already_goes_on_waiting(doors):
    doors.fake.add_rules([{"fault": "503", "times": 1}])
    doors.enroll(attempt=60)

    reply = doors.post("collect", a_push(**GIVEN_UP))

    assert reply.text == "left alone"
    assert doors.entry().state is State.WAITING


def test_one_that_is_settled_is_dropped(doors):
    doors.enroll()

    assert doors.post("collect", a_push(**GIVEN_UP)).text == "dropped"
    assert doors.items() == []
    assert doors.entry().outcome is Outcome.ENROLLED


def test_with_firestore_down_it_comes_again(doors, monkeypatch):
    def down(*_):
        raise Unavailable(Reason.LEDGER_DOWN, "UNAVAILABLE")

    monkeypatch.setattr(FirestoreReviews, "file", down)

    assert doors.post("collect", a_push(b"x", reason="malformed")).status_code == 503


@pytest.mark.parametrize("body", [b"", b"null", b"\xff", b"[" * 50_000])
def test_what_is_no_push_is_filed_as_well(doors, body):
    assert doors.post("collect", body).status_code == 200

    assert [each.body for each in doors.items()] == [body]


def test_it_needs_no_administrator(doors):
    doors.monkeypatch.delenv("CLASSROOM_ADMIN")
    doors.start_again()

    assert doors.post("collect", a_push(**GIVEN_UP)).status_code == 200


def test_the_log_names_nobody(doors):
    body = encode(a_request()).body
    doors.post("collect", a_push(body, reason="course_full", detail="a@b.example"))
    doors.post("collect", a_push(**GIVEN_UP))

    assert len(doors.log()) == 2
    assert "@" not in doors.logged.getvalue()
