"""`sis_webhook` behind functions-framework, on Google's emulators: who gets in, who is told."""

import gzip
import json
from datetime import UTC, datetime, timedelta

import pytest

from enrollment.wiring import distributed
from tests.functions.conftest import ADA, Watched, a_push
from tests.functions.sending import NEW, OLD, WISH, basic, enrollment, stranger


def test_a_signed_wish_is_accepted_and_enrolled(sender):
    reply = sender.post(WISH)

    (request,) = sender.requests()
    assert reply.status_code == 202
    assert reply.json == {
        "status": "accepted",
        "request_id": request.request_id,
        "status_url": f"/requests/{request.request_id}",
        "duplicate": False,
    }
    assert reply.headers["Location"] == f"/requests/{request.request_id}"
    assert sender.doors.enroll(request).get_data(as_text=True) == "enrolled"
    assert sender.get(reply.headers["Location"]).json == {
        "request_id": request.request_id,
        "status": "settled",
        "outcome": "enrolled",
    }


def test_the_same_delivery_again_hears_the_same(sender):
    first = sender.post(WISH)
    again = sender.post(WISH, at=datetime.now(UTC) + timedelta(minutes=1))

    assert again.status_code == 202
    assert again.json == first.json | {"duplicate": True}
    assert again.headers["Location"] == first.headers["Location"]


def test_the_old_secret_is_good_while_it_is_declared(sender):
    assert sender.post(WISH, secret=OLD).status_code == 202


@pytest.mark.parametrize(
    "wrong",
    [
        {"secret": stranger()},
        {"data": json.dumps(WISH).encode() + b" "},
        {"at": datetime.now(UTC) - timedelta(minutes=6)},
        {"headers": {"webhook-signature": ""}},
        {"headers": {"webhook-id": "msg_2"}},
        {"path": "/roster"},
    ],
)
def test_who_proves_nothing_hears_no_more_than_no(sender, wrong):
    reply = sender.post(WISH, **wrong)

    assert reply.status_code == 401
    assert reply.content_type == "application/problem+json"
    assert reply.json == {
        "type": "urn:classroom-enrollment:problem:not-verified",
        "title": "The sender could not be verified",
        "status": 401,
    }
    assert {each["message"] for each in sender.doors.log()} == {"not verified"}


def test_a_sender_hears_how_its_source_is_proved(sender):
    asked = [sender.post(WISH, path=path, secret=stranger()) for path in ("/sis", "/roster")]

    assert [each.headers["WWW-Authenticate"] for each in asked] == [
        "Signature",
        'Basic realm="roster"',
    ]


@pytest.mark.parametrize("path", ["/nobody", "/nightly", "/requests", "/", "/sis/more", "/a/b/c"])
def test_what_is_not_there_is_not_found(sender, path):
    assert sender.post(WISH, path=path).status_code == 404


@pytest.mark.parametrize("method", ["get", "put", "delete", "patch"])
def test_a_source_takes_posts_only(sender, method):
    reply = getattr(sender.client, method)("/sis")

    assert (reply.status_code, reply.headers["Allow"]) == (405, "POST")


def test_more_than_256_kib_are_too_large(sender):
    reply = sender.post(b" " * 262_145)

    assert reply.status_code == 413
    assert "parts" in reply.json["detail"]


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "", "application/jsonp"])
def test_another_content_type_is_told(sender, kind):
    assert sender.post(WISH, headers={"Content-Type": kind}).status_code == 415


def test_what_is_compressed_is_told_to_be_sent_as_it_is(sender):
    reply = sender.post(gzip.compress(b"{}"), headers={"Content-Encoding": "gzip"})

    assert reply.status_code == 415
    assert "without Content-Encoding" in reply.json["detail"]


@pytest.mark.parametrize(
    "kind", ["application/json; charset=utf-8", "application/cloudevents+json"]
)
def test_json_by_another_name_is_json(sender, kind):
    assert sender.post(WISH, headers={"Content-Type": kind}).status_code == 202


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"\xff", b"NaN", b'{"student": "\\ud800"}', b"[" * 100_000, b"1" * 5_000],
)
def test_what_is_no_json_is_told(sender, body):
    reply = sender.post(body)

    assert (reply.status_code, reply.json["title"]) == (400, "The body is no JSON")


def test_every_fault_is_told_with_its_place(sender):
    reply = sender.post({"student": "me", "mode": "code"})

    assert reply.status_code == 422
    assert [(each["pointer"], each["code"]) for each in reply.json["errors"]] == [
        ("/course_id", "missing"),
        ("/mode", "another_mode"),
    ]


def test_a_wish_outside_of_the_limits_is_told_to_its_sender(sender):
    reply = sender.post(WISH | {"student": "ada@elsewhere.example"})

    assert reply.status_code == 422
    assert [each["code"] for each in reply.json["errors"]] == ["outside_domains"]
    assert "ada" not in reply.get_data(as_text=True)


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [("POST", "/nobody", 404), ("PUT", "/sis", 405), ("GET", "/requests/r1-" + "0" * 40, 404)],
)
def test_a_body_that_nobody_reads_is_not_kept(sender, method, path, status):
    body = Watched(b"x" * 3_000_000)
    gunicorn = {"wsgi.input": body, "CONTENT_LENGTH": "3000000", "wsgi.input_terminated": True}

    reply = sender.client.open(path, method=method, environ_overrides=gunicorn)

    assert reply.status_code == status
    assert body.read() == b""  # or the sender would not read the reply
    assert body.longest <= 65_536


def test_nothing_of_a_student_is_logged(sender):
    sender.post(WISH)
    sender.post(WISH | {"student": "ada@elsewhere.example"})
    sender.client.post("/roster", json=enrollment(user={"sourcedId": "nobody"}), headers=basic())

    logged = sender.doors.logged.getvalue()
    assert logged.count("received") == 3
    assert not [each for each in (ADA, "ada@", "nobody", "Basic", NEW) if each in logged]


def test_what_was_accepted_is_enrolled_once_however_often_it_is_sent(sender):
    for number in range(3):
        sender.post(WISH, delivery_id=f"msg_{number}")
    pushed = [sender.doors.post("enroll", a_push(each)) for each in sender.requests(3)]

    assert [each.get_data(as_text=True) for each in pushed] == [
        "enrolled", "duplicate", "duplicate",
    ]  # fmt: skip
    assert distributed.around() is sender.doors.outside
