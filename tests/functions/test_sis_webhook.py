"""`sis_webhook` behind functions-framework, on Google's emulators: who gets in, who is told."""

import base64
import json
from datetime import UTC, datetime, timedelta

import pytest

from enrollment.reasons import Reason
from enrollment.verify.standard_webhooks import sign
from enrollment.wire import decode
from enrollment.wiring import distributed
from tests.functions.conftest import ADA, Watched, a_push, a_request

NEW, OLD = ("whsec_" + base64.b64encode(bytes(range(n, n + 32))).decode() for n in (0, 64))
BASIC = "sis:a-long-made-up-password"
SOURCES = """
[school]
domains = ["northside.example"]

[sources.sis]
kind = "webhook"
format = "native"
verify = { scheme = "standard-webhooks", secrets = ["env://NEW", "env://OLD"] }
courses = ["d:*"]
email_domains = ["northside.example"]

[sources.roster]
kind = "webhook"
format = "oneroster"
answer = 200
verify = { scheme = "basic", secrets = ["env://BASIC"] }

[sources.nightly]
kind = "file"
"""
WISH = {"course_id": "d:math", "student": ADA}


class Sender:
    """Posts as a sender does, and looks at what came of it."""

    def __init__(self, doors):
        self.doors = doors
        self.client = doors.app("sis_webhook").test_client()

    def post(self, what, *, secret=NEW, delivery_id="msg_1", path="/sis", at=None, **more):
        body = what if isinstance(what, bytes) else json.dumps(what).encode()
        signed = sign(secret, delivery_id, at or datetime.now(UTC), body)
        headers = {"Content-Type": "application/json"} | signed | more.pop("headers", {})
        return self.client.post(path, data=more.pop("data", body), headers=headers)

    def get(self, path, **headers):
        return self.client.get(path, headers=headers)

    def requests(self, number=1):
        return [decode(each.body) for each in self.doors.published("enrollment-requests", number)]


@pytest.fixture
def sender(doors, tmp_path):
    declared = tmp_path / "sources.toml"
    declared.write_text(SOURCES)
    doors.start_again(SOURCES_FILE=str(declared), NEW=NEW, OLD=OLD, BASIC=BASIC)
    return Sender(doors)


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


def stranger():
    return "whsec_" + base64.b64encode(b"somebody else's secret, 32 bytes").decode()


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


def test_a_request_is_only_looked_at(sender):
    reply = sender.client.post("/requests/r1-" + "0" * 40)

    assert (reply.status_code, reply.headers["Allow"]) == (405, "GET")


def test_more_than_256_kib_are_too_large(sender):
    reply = sender.post(b" " * 262_145)

    assert reply.status_code == 413
    assert "parts" in reply.json["detail"]


@pytest.mark.parametrize("kind", ["text/plain", "application/xml", "", "application/jsonp"])
def test_another_content_type_is_told(sender, kind):
    assert sender.post(WISH, headers={"Content-Type": kind}).status_code == 415


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


def test_of_a_batch_each_item_is_told(sender):
    reply = sender.post({"requests": [WISH, WISH | {"student": "me"}]})

    assert reply.status_code == 202
    assert [each["status"] for each in reply.json["results"]] == ["accepted", "refused"]
    assert (reply.json["accepted"], reply.json["refused"]) == (1, 1)
    assert len(sender.requests()) == 1


def basic(credentials=BASIC):
    return {"Authorization": "Basic " + base64.b64encode(credentials.encode()).decode()}


def enrollment(**changes):
    usual = {"sourcedId": "enr-1", "status": "active", "role": "student",
             "class": {"sourcedId": "math"}, "user": {"sourcedId": "17"}}  # fmt: skip
    return {"enrollment": usual | changes,
            "user": {"sourcedId": "17", "email": ADA, "role": "student"}}  # fmt: skip


def test_a_vendor_s_enrollment_is_accepted_with_the_status_that_it_wants(sender):
    reply = sender.client.post("/roster", json=enrollment(), headers=basic())

    assert reply.status_code == 200
    (request,) = sender.requests()
    assert (request.course_id, request.student) == ("d:math", ADA)


def test_a_status_without_content_comes_without(sender, tmp_path):
    declared = tmp_path / "sources.toml"
    declared.write_text(SOURCES.replace("answer = 200", "answer = 205"))
    sender.doors.start_again()

    reply = sender.client.post("/roster", json=enrollment(), headers=basic())

    assert (reply.status_code, reply.data) == (205, b"")
    assert len(sender.requests()) == 1


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


def test_a_long_id_of_a_section_is_for_a_person_and_not_for_the_next_try(sender, tmp_path):
    declared = tmp_path / "sources.toml"
    declared.write_text(SOURCES.replace('"oneroster"', '"clever"'))
    sender.doors.start_again()
    section = {"id": "s" * 200_000, "students": [str(n) for n in range(400)]}
    event = {"id": "e", "type": "sections.created", "data": {"object": section}}

    reply = sender.client.post("/roster", json=event, headers=basic())

    assert (reply.status_code, reply.json["review"]) == (200, 400)
    assert len({each["request_id"] for each in reply.json["results"]}) == 400


def test_a_vendor_s_record_that_leads_nowhere_is_a_success_and_goes_to_review(sender):
    body = enrollment(user={"sourcedId": "nobody"})

    reply = sender.client.post("/roster", json=body, headers=basic())
    sender.doors.collect_all()

    assert (reply.status_code, reply.json["status"]) == (200, "review")
    (item,) = sender.doors.items()
    assert item.reason is Reason.UNMAPPED
    assert sender.get(reply.headers["Location"]).json["status"] == "in_review"


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("oneroster", {"ping": ADA}),
        ("canvas", [ADA]),
        ("clever", ADA),
        ("clever", {"id": "e", "type": "sections.created",
                    "data": {"object": {"id": "s", "students": [f"{n}" for n in range(501)]}}}),
    ],
)  # fmt: skip
def test_a_body_that_a_vendor_s_format_knows_nothing_of_is_one_review_item(
    sender, tmp_path, what, body
):
    declared = tmp_path / "sources.toml"
    declared.write_text(SOURCES.replace('"oneroster"', f'"{what}"'))
    sender.doors.start_again()

    reply = sender.client.post("/roster", json=body, headers=basic())
    again = sender.client.post("/roster", json=body, headers=basic())
    sender.doors.collect_all()

    assert (reply.status_code, reply.json["status"]) == (200, "review")
    assert again.json == reply.json | {"duplicate": True}
    (item,) = sender.doors.items()
    assert item.reason is Reason.UNMAPPED
    assert item.request_id == reply.json["request_id"]
    assert sender.get(reply.headers["Location"]).json["status"] == "in_review"
    assert not [each for each in (sender.doors.logged.getvalue(), str(item.body)) if ADA in each]


def test_what_is_no_json_is_told_to_a_vendor_as_well(sender):
    headers = basic() | {"Content-Type": "application/json"}

    assert sender.client.post("/roster", data=b"{", headers=headers).status_code == 400


def test_a_chosen_id_is_told_to_its_source_alone(sender):
    sender.post(WISH | {"request_id": "fall26:1"})
    path = "/requests/fall26:1"

    assert sender.get(path).status_code == 401
    assert sender.get("/requests/fall26:2").status_code == 401
    assert sender.get(path, **sign(stranger(), "m", datetime.now(UTC), b"")).status_code == 401
    told = sender.get(path, **sign(NEW, "m", datetime.now(UTC), b""))
    assert (told.status_code, told.json["status"]) == (200, "queued")
    assert told.headers["Retry-After"] == "5"


def test_of_an_id_that_two_sources_have_chosen_each_hears_of_its_own(sender, tmp_path):
    declared = tmp_path / "sources.toml"
    declared.write_text(SOURCES.replace('"oneroster"', '"native"'))
    sender.doors.start_again()
    sender.post(WISH | {"request_id": "fall26:1"})
    other = WISH | {"request_id": "fall26:1", "course_id": "d:full"}
    sender.client.post("/roster", json=other, headers=basic())
    for request in sorted(sender.requests(2), key=lambda it: it.source, reverse=True):
        sender.doors.enroll(request)

    first = sender.get("/requests/fall26:1", **sign(NEW, "m", datetime.now(UTC), b""))
    second = sender.get("/requests/fall26:1", **basic())
    stranger = sender.get("/requests/fall26:1", **basic("sis:another-long-password"))

    assert (first.status_code, first.json["status"]) == (200, "settled")
    assert (second.status_code, second.json["reason"]) == (200, "id_reused")
    assert stranger.status_code == 401


@pytest.mark.parametrize("name", ["r1-" + "0" * 40, "short", "a%20b", "x" * 200])
def test_an_id_that_nobody_knows_is_not_found(sender, name):
    reply = sender.get(f"/requests/{name}")

    assert (reply.status_code, reply.headers["Cache-Control"]) == (404, "no-store")


def test_where_nothing_can_be_published_the_sender_has_to_try_again(sender, monkeypatch):
    monkeypatch.setenv("ENROLLMENT_REQUESTS_TOPIC", "nowhere")
    sender.doors.start_again()

    reply = sender.post(WISH)

    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "5")
    monkeypatch.delenv("ENROLLMENT_REQUESTS_TOPIC")
    sender.doors.start_again()
    again = sender.post(WISH)
    assert again.status_code == 202
    (request,) = sender.requests()
    assert request.request_id == again.json["request_id"]


def test_a_source_that_proves_nothing_keeps_all_from_starting(sender, tmp_path):
    declared = tmp_path / "sources.toml"
    declared.write_text('[sources.sis]\nkind = "webhook"\nformat = "native"\n')
    sender.doors.start_again()

    reply = sender.post(WISH)

    assert reply.status_code == 500
    assert "verify is missing" in sender.doors.log()[-1]["message"]


def test_without_declared_sources_nothing_starts(sender, monkeypatch):
    monkeypatch.delenv("SOURCES_FILE")
    sender.doors.start_again()

    assert sender.post(WISH).status_code == 500
    assert "SOURCES_FILE is not set" in sender.doors.log()[-1]["message"]


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


def test_a_chosen_id_of_a_source_that_never_posts_is_told_to_nobody(sender):
    """As one that nobody knows: else the answer would tell that the id is there."""
    sender.doors.enroll(a_request(source="nightly", request_id="fall26:77"))

    there, nowhere = sender.get("/requests/fall26:77"), sender.get("/requests/fall26:78")

    assert (there.status_code, there.json) == (401, nowhere.json)


def test_how_a_chosen_id_is_proved_is_not_told_either(sender):
    """Else the answer would tell that the id is there."""
    sender.doors.enroll(a_request(source="roster", request_id="fall26:77"))

    there, nowhere = sender.get("/requests/fall26:77"), sender.get("/requests/fall26:78")

    assert (there.status_code, [*there.headers]) == (401, [*nowhere.headers])


def test_a_secret_that_is_stored_wrongly_keeps_nobody_out_whom_another_lets_in(sender):
    sender.doors.start_again(NEW="whsec_short")

    assert sender.post(WISH, secret=OLD).status_code == 202
    assert sender.post(WISH, secret=stranger()).status_code == 503
    told = [each for each in sender.doors.log() if each["message"] == "a secret cannot be had"]
    assert "env://NEW is no base64 behind whsec_" in told[0]["detail"]
    assert "whsec_short" not in sender.doors.logged.getvalue()
