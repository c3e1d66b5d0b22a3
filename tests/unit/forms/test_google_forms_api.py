"""The API of Google Forms: Google documents what is asked, and every answer means one thing."""

import json
from contextlib import closing
from importlib.resources import files

import pytest

from enrollment.adapters.classroom import LoopbackIdentities
from enrollment.adapters.classroom.credentials import Delegation
from enrollment.adapters.google_forms import SCOPES, GoogleFormsApi
from enrollment.form_ports import FormAt, FormClosed
from enrollment.ports import Misconfigured, Refused, Unavailable
from enrollment.reasons import Reason
from infra.fake_classroom.listener import Listener
from infra.fake_classroom.wire import Ending, Reply
from tests.unit.classroom.identities import DELEGATE, Google, Source

FORM = FormAt("18Xgmr4XQ-clubs-of-2026", "tina@northside.example")
TOPIC = "projects/p/topics/form-notifications"
WATCH = {
    "id": "enrollment-abc", "target": {"topic": {"topicName": TOPIC}}, "eventType": "RESPONSES",
    "expireTime": "2026-11-30T08:00:00Z", "state": "ACTIVE",
}  # fmt: skip
CALLS = {
    "email_collection": ((), {"formId": "x", "settings": {}}),
    "responses": (("2026-11-23T07:00:00.123456Z", "token"), {}),
    "watches": ((), {}),
    "create_watch": (("enrollment-abc", TOPIC), WATCH),
    "renew_watch": (("enrollment-abc",), WATCH),
}


class Wire:
    """A port that answers what a story says, and keeps what it was asked."""

    def __init__(self):
        self.reply, self.asked = Reply(), []
        self._listener = Listener(self._answer, port=0, name="wire")
        self._listener.start()
        self.api = GoogleFormsApi(LoopbackIdentities(), self._listener.url)

    def _answer(self, request):
        self.asked.append(request)
        return self.reply

    def says(self, status, said, **more):
        body = said if isinstance(said, bytes) else json.dumps(said).encode()
        self.reply = Reply(status=status, body=body, **more)

    def call(self, name, api=None):
        return getattr(api or self.api, name)(FORM, *CALLS[name][0], 5.0)

    def close(self):
        self.api.close()
        self._listener.close()


@pytest.fixture
def wire():
    with closing(Wire()) as opened:
        yield opened


def documented():
    """Google's own description of the API, as its client carries it."""
    place = files("googleapiclient.discovery_cache.documents") / "forms.v1.json"
    return json.loads(place.read_text())


def methods(resource):
    yield from resource.get("methods", {}).values()
    for inner in resource.get("resources", {}).values():
        yield from methods(inner)


@pytest.mark.parametrize("name", CALLS)
def test_each_call_is_one_that_google_documents(wire, name):
    wire.says(200, CALLS[name][1])

    wire.call(name)

    (asked,) = wire.asked
    path = asked.path.removeprefix("/").replace(FORM.form_id, "{formId}")
    path = path.replace("enrollment-abc", "{watchId}")
    (found,) = [
        each
        for each in methods(documented())
        if (each["httpMethod"], each["path"]) == (asked.verb, path)
    ]
    query = {part.partition("=")[0] for part in asked.query.split("&") if part}
    assert query <= {*found["parameters"], *documented()["parameters"]}
    assert set(found["scopes"]) & set(SCOPES)
    assert asked.headers["authorization"] == f"Bearer loopback:{FORM.owner}"


def test_a_watch_is_asked_for_in_google_s_words(wire):
    wire.says(200, WATCH)

    wire.call("create_watch")

    schemas = documented()["schemas"]
    said = json.loads(wire.asked[0].body)
    assert said.keys() <= schemas["CreateWatchRequest"]["properties"].keys()
    assert said["watch"].keys() <= schemas["Watch"]["properties"].keys()
    assert said["watch"]["eventType"] in schemas["Watch"]["properties"]["eventType"]["enum"]
    assert said["watch"]["target"] == {"topic": {"topicName": TOPIC}}


def test_a_time_is_asked_for_with_every_digit(wire):
    wire.call("responses")

    assert "filter=timestamp+%3E+2026-11-23T07%3A00%3A00.123456Z" in wire.asked[0].query


def test_answers_that_are_no_texts_are_none(wire):
    odd = {
        "file": {"questionId": "file", "fileUploadAnswers": {"answers": [{"fileId": "x"}]}},
        "odd": {"textAnswers": {"answers": [{"value": 7}, {"value": "seven"}, 8]}},
        "worse": {"textAnswers": {"answers": 9}},
        "none": None,
    }
    told = {"responseId": "r", "lastSubmittedTime": "2026-11-23T07:00:00Z", "answers": odd}
    wire.says(200, {"responses": [told], "nextPageToken": "more"})

    page = wire.call("responses")

    (response,) = page.responses
    assert response.answers == {"file": (), "odd": ("seven",), "worse": (), "none": ()}
    assert (page.following, response.respondent) == ("more", "")


@pytest.mark.parametrize("name", ["email_collection", "responses", "watches"])
@pytest.mark.parametrize(("status", "code"), [(403, "PERMISSION_DENIED"), (404, "NOT_FOUND")])
def test_a_form_that_google_does_not_show_is_closed(wire, name, status, code):
    wire.says(status, {"error": {"status": code, "message": "ada@northside.example"}})

    with pytest.raises(FormClosed) as raised:
        wire.call(name)

    assert raised.value.detail == f"{status} {code}"


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize(
    ("status", "said"),
    [
        (400, {"error": {"status": "INVALID_ARGUMENT"}}),
        (401, {"error": {"status": "UNAUTHENTICATED"}}),
        (403, {"error": {"errors": [{"reason": "rateLimitExceeded"}]}}),
        (429, {"error": {"status": "RESOURCE_EXHAUSTED", "message": "ada@northside.example"}}),
        (500, b"<html>ada@northside.example"),
        (503, b""),
        (302, b""),
        (200, b"<html>ada@northside.example"),
        (200, b"[]"),
        (200, {"hello": "ada@northside.example"}),
    ],
)
def test_whatever_may_pass_is_asked_again_later(wire, name, status, said):
    wire.says(status, said)

    with pytest.raises(Unavailable) as raised:
        wire.call(name)

    assert raised.value.reason is Reason.FORMS_DOWN
    assert "ada" not in str(raised.value)


@pytest.mark.parametrize("name", CALLS)
@pytest.mark.parametrize("ending", [Ending.CLOSED, Ending.RESET])
def test_an_answer_that_is_lost_is_asked_for_once(wire, name, ending):
    wire.says(200, {}, ending=ending)

    with pytest.raises(Unavailable):
        wire.call(name)

    assert len(wire.asked) == 1


@pytest.mark.parametrize(
    "response",
    [
        {"responseId": "r"},
        {"responseId": "r", "lastSubmittedTime": "yesterday"},
        {"responseId": "r", "lastSubmittedTime": "2026-13-23T07:00:00Z"},
        {"lastSubmittedTime": "2026-11-23T07:00:00Z"},
    ],
)
def test_a_response_that_cannot_be_told_from_others_is_not_google_s(wire, response):
    wire.says(200, {"responses": [response]})

    with pytest.raises(Unavailable):
        wire.call("responses")


@pytest.mark.parametrize("code", ["FAILED_PRECONDITION", "ALREADY_EXISTS"])
def test_a_watch_that_is_there_already_is_said_to_be(wire, code):
    wire.says(400, {"error": {"status": code}})

    assert wire.call("create_watch") is None


def test_a_watch_that_is_gone_is_said_to_be(wire):
    wire.says(404, {"error": {"status": "NOT_FOUND"}})

    assert wire.call("renew_watch") is None


def test_watches_of_other_events_are_left_alone(wire):
    wire.says(200, {"watches": [WATCH | {"eventType": "SCHEMA"}, WATCH | {"id": "mine"}]})

    assert [each.watch_id for each in wire.call("watches")] == ["mine"]


@pytest.mark.parametrize(
    ("trouble", "expected"),
    [
        (Misconfigured(Reason.DELEGATION_REFUSED), FormClosed),
        (Refused(Reason.STUDENT_ACCESS), FormClosed),
        (Unavailable(Reason.CLASSROOM_DOWN, "no token"), Unavailable),
    ],
)
def test_a_token_that_cannot_be_had_is_the_form_s_own_trouble(wire, trouble, expected):
    class NoToken:
        def headers(self, *_, **__):
            raise trouble

    with pytest.raises(expected) as raised:
        wire.call("watches", GoogleFormsApi(NoToken(), wire.api.endpoint))

    assert "classroom_down" not in str(raised.value)


def test_an_owner_s_form_is_read_for_the_owner_and_with_two_scopes_that_only_read():
    google = Google()
    identities = Delegation(DELEGATE, Source(), google.transport, SCOPES)

    identities.headers(FORM.owner, as_student=False, timeout=5.0)

    (claims,) = google.claims
    assert claims["sub"] == FORM.owner
    assert sorted(claims["scope"].split()) == sorted(SCOPES)
    assert all(each.endswith(".readonly") for each in SCOPES)


def test_a_form_that_is_shared_is_read_by_the_service_account_itself():
    asked = []

    class Iam(Google):
        def answer(self, url, method, headers, body):
            asked.append((url.rpartition(":")[2], json.loads(body)))
            said = {"accessToken": "its-own", "expireTime": "2099-01-01T00:00:00Z"}
            return self._said(200, said)

    identities = Delegation(DELEGATE, Source(), Iam().transport, SCOPES)

    headers = identities.headers("", as_student=False, timeout=5.0)

    ((method, body),) = asked
    assert headers == {"authorization": "Bearer its-own"}
    assert (method, sorted(body["scope"])) == ("generateAccessToken", sorted(SCOPES))
