"""Notices of Google Forms at `form_intake`: who may give one, and what comes of it."""

import base64
from datetime import UTC, datetime, timedelta

import pytest

from enrollment.verify.google_oidc import GoogleOidc
from enrollment.wire import decode
from enrollment.wiring import distributed, forms
from enrollment.wiring.forms import AUDIENCE, Caller
from tests.forms import CLUBS, COURSE, SOURCES, STUDENT, TRIPS
from tests.forms_api import FakeForms
from tests.tokens import KnownKeys, token

PUSH = "push@school-demo.iam.gserviceaccount.com"


def a_notice(**attributes):
    """A push as Pub/Sub makes it of what Google Forms publishes: without data."""
    message = {"attributes": attributes, "messageId": "1", "publishTime": "2026-08-20T18:25:43Z"}
    return {"message": message, "subscription": "projects/p/subscriptions/s"}


ANSWERED = {"eventType": "RESPONSES", "formId": CLUBS, "watchId": "enrollment-x"}


@pytest.fixture
def google():
    with FakeForms() as opened:
        opened.form(CLUBS)
        opened.form(TRIPS)
        yield opened


@pytest.fixture
def told(doors, tmp_path, google):
    declared = tmp_path / "sources.toml"
    declared.write_text(SOURCES)
    doors.start_again(SOURCES_FILE=str(declared), FORMS_API_ENDPOINT=google.endpoint)
    forms.forms().notified(None, doors.deadline)  # what is sent after the first look is believed
    google.calls.clear()
    yield doors
    if built := forms.forms._built:
        built.google.close()


def answer(google, form, name, who, **answers):
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    google.forms[form].answered(name, now, who, **answers)


def test_a_response_is_enrolled_once_however_often_it_is_noticed(told, google):
    answer(google, CLUBS, "r-1", "ada@northside.example", **{COURSE: "Chess"})

    replies = [told.post("form_intake", a_notice(**ANSWERED)) for _ in range(3)]

    (request,) = [decode(each.body) for each in told.published("enrollment-requests")]
    assert [each.status_code for each in replies] == [200] * 3
    assert [each.json.get("accepted", 0) for each in replies] == [1, 0, 0]
    assert (request.source, request.student) == ("clubs", "ada@northside.example")
    assert (request.origin.kind, request.origin.event_id) == ("google_form", "r-1")


def test_a_look_reads_every_form(told, google):
    answer(google, CLUBS, "r-1", "ada@northside.example", **{COURSE: "Choir"})
    answer(google, TRIPS, "r-2", "office@northside.example",
           **{COURSE: "ROME", STUDENT: "bob@northside.example"})  # fmt: skip

    reply = told.post("form_intake", a_notice(eventType="LOOK"))

    assert (reply.json["forms"], reply.json["responses"], reply.json["accepted"]) == (2, 2, 2)


def test_what_anybody_typed_for_somebody_else_waits_for_approval(told, google):
    answer(google, TRIPS, "r-1", "eve@northside.example",
           **{COURSE: "ROME", STUDENT: "bob@northside.example"})  # fmt: skip

    told.post("form_intake", a_notice(eventType="RESPONSES", formId=TRIPS))
    told.collect_all()

    (item,) = told.items()
    assert item.reason == "needs_approval"


def test_while_google_is_away_the_notice_comes_again(told, google):
    answer(google, CLUBS, "r-1", "ada@northside.example", **{COURSE: "Chess"})
    google.forms[CLUBS].failing = 503

    reply = told.post("form_intake", a_notice(**ANSWERED))
    google.forms[CLUBS].failing = None
    again = told.post("form_intake", a_notice(**ANSWERED))

    assert (reply.status_code, reply.headers["Retry-After"]) == (503, "5")
    assert (again.status_code, again.json["accepted"]) == (200, 1)


@pytest.mark.parametrize(
    "attributes",
    [
        {},
        {"eventType": "SCHEMA", "formId": CLUBS},
        {"eventType": "RESPONSES"},
        {"eventType": "RESPONSES", "formId": "a-form-that-nobody-declared"},
        {"eventType": "\ud800", "formId": "\ud800"},
    ],
)
def test_what_is_no_notice_of_a_declared_form_is_done_with(told, google, attributes):
    reply = told.post("form_intake", a_notice(**attributes))

    assert (reply.status_code, reply.json["forms"]) == (200, 0)
    assert not google.calls


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b'{"message": 7}', b"\xff"])
def test_what_is_no_push_is_done_with(told, body):
    assert told.post("form_intake", body).status_code == 200


def test_a_visitor_at_the_root_is_told_where_a_form_is(told):
    reply = told.app("form_intake").test_client().get("/")

    assert (reply.status_code, reply.headers["Allow"]) == (405, "POST")


@pytest.fixture
def proving(told, monkeypatch):
    """As it is deployed: the push shows a token."""
    scheme = GoogleOidc.of(AUDIENCE, [PUSH], KnownKeys())
    monkeypatch.setattr(forms, "caller", distributed.Once(lambda: Caller(scheme)))
    return told


def bearer(**changes):
    now = datetime.now(UTC)
    claims = {
        "iss": "https://accounts.google.com", "aud": AUDIENCE, "email": PUSH,
        "email_verified": True, "iat": now.timestamp(),
        "exp": (now + timedelta(hours=1)).timestamp(),
    } | changes  # fmt: skip
    return {"Authorization": f"Bearer {token(claims)}"}


def test_pubsub_proves_itself(proving, google):
    reply = proving.post("form_intake", a_notice(**ANSWERED), headers=bearer())

    assert (reply.status_code, reply.json["forms"]) == (200, 1)


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Basic " + base64.b64encode(b"a:b").decode()},
        bearer(email="eve@school-demo.iam.gserviceaccount.com"),
        bearer(aud="https://form-intake-abc-uc.a.run.app"),
        bearer(exp=1),
    ],
)
def test_nobody_else_makes_us_ask_google(proving, google, headers):
    reply = proving.post("form_intake", a_notice(**ANSWERED), headers=headers)

    assert (reply.status_code, reply.json["title"]) == (401, "The sender could not be verified")
    assert reply.headers["WWW-Authenticate"].startswith("Bearer")
    assert not google.calls


def test_who_pushes_has_to_be_named_where_pubsub_is_google_s(told, monkeypatch):
    monkeypatch.delenv("PUBSUB_EMULATOR_HOST")
    monkeypatch.delenv("FIRESTORE_EMULATOR_HOST")
    monkeypatch.setenv("PSEUDONYM_KEY", "k" * 32)
    monkeypatch.setattr(forms, "caller", distributed.Once(forms._caller))

    reply = told.post("form_intake", a_notice(**ANSWERED))

    assert reply.status_code == 500
    assert "FORM_NOTIFICATIONS_CALLER is not set" in told.log()[-1]["message"]
