"""Every answer that the OpenAPI document of `form_intake` lists is given, and as it is listed."""

import pytest

from enrollment.openapi import Door, document
from enrollment.ports import Unavailable
from enrollment.problems import CONTENT_TYPE
from enrollment.reasons import Reason
from enrollment.verify.google_oidc import GoogleOidc
from enrollment.wiring import forms, intakes, pages
from enrollment.wiring.distributed import Once
from enrollment.wiring.forms import AUDIENCE, Caller
from tests.functions.conftest import ADA
from tests.functions.open_door import conforms, operations
from tests.functions.open_forms import (
    FILLED,
    HTML,
    a_network,
    declare,
    sent_before,
    shown,
    written,
)
from tests.functions.open_source import UNKNOWN, WISH, credentials
from tests.functions.visitor import Page
from tests.google import a_google
from tests.tokens import KnownKeys

DOOR = Door.FORM_INTAKE
NOTICE, SHOW, SEND, TAKEN, SENT, BEGIN, OUT, BACK, LOOK = operations(DOOR)
IN_TROUBLE = {429, 500, 503}
FORM = {"content_type": "application/x-www-form-urlencoded"}
STRANGER = {"headers": {}}
LONG = b"a=" + b" " * 262_145
# One way to each documented answer. A form is sent from its page, `{…}` stands for what was told.
ANSWERS = [
    (NOTICE, 200, "/", {"json": {"message": {"attributes": {"eventType": "LOOK"}}}}),
    (NOTICE, 200, "/", {"data": b"{"}),
    (NOTICE, 400, "/", {"data": b"{", "environ_overrides": {"CONTENT_LENGTH": "9"}}),
    (NOTICE, 401, "/", {"json": {}}),
    (NOTICE, 413, "/", {"data": LONG}),
    (NOTICE, 500, "/", {"json": {"message": {"attributes": {"eventType": "LOOK"}}}}),
    (NOTICE, 503, "/", {"json": {"message": {"attributes": {"eventType": "LOOK"}}}}),
    (SHOW, 200, "/signup", {}),
    (SHOW, 200, "/join", {}),
    (SHOW, 404, "/nobody", {}),
    (SHOW, 404, "/s%0Ais", {}),
    (SHOW, 404, "/requests", {}),
    (SHOW, 405, "/relay", {}),
    (SHOW, 405, "/script", {}),
    (SHOW, 500, "/signup", {}),
    (SHOW, 503, "/signup", {}),
    (SEND, 202, "/relay", {"json": WISH}),
    (SEND, 202, "/script", {"json": WISH}),
    (SEND, 303, "/signup", {"form": FILLED}),
    (SEND, 303, "/signup/", {"form": FILLED}),
    (SEND, 303, "/join", {"form": FILLED | {"enrollment_code": "gkwagh5"}}),
    (SEND, 400, "/signup", {"data": b"\xff", **FORM}),
    (SEND, 400, "/relay", {"data": b"{"}),
    (SEND, 401, "/relay", {"json": WISH, **STRANGER}),
    (SEND, 403, "/signup", {"data": FILLED, **FORM}),
    (SEND, 403, "/join", {"data": FILLED, **FORM}),
    (SEND, 404, "/nobody", {"json": WISH}),
    (SEND, 404, "/s%0Ais", {"json": WISH}),
    (SEND, 413, "/signup", {"data": LONG, **FORM}),
    (SEND, 413, "/relay", {"data": LONG}),
    (SEND, 415, "/signup", {"json": WISH}),
    (SEND, 415, "/relay", {"data": FILLED, **FORM}),
    (SEND, 422, "/signup", {"form": FILLED | {"course": "Chess"}}),
    (SEND, 422, "/relay", {"json": {}}),
    (SEND, 429, "/signup", {"data": b"", **FORM}),
    (SEND, 429, "/relay", {"json": WISH}),
    (SEND, 503, "/signup", {"form": FILLED}),
    (SEND, 503, "/relay", {"json": WISH | {"version": "2"}}),
    (SEND, 500, "/signup", {"data": b"", **FORM}),
    (TAKEN, 200, "/signup/sent", {}),
    (TAKEN, 404, "/join/sent", {}),
    (TAKEN, 500, "/signup/sent", {}),
    (TAKEN, 503, "/signup/sent", {}),
    (SENT, 200, "/join/sent/{sent}", {}),
    (SENT, 404, f"/signup/sent/{UNKNOWN}", {}),
    (SENT, 404, f"/relay/sent/{UNKNOWN}", {}),
    (SENT, 404, "/open/sent/{sent}", {}),
    (SENT, 429, "/join/sent/{sent}", {}),
    (SENT, 500, "/join/sent/{sent}", {}),
    (SENT, 503, "/join/sent/{sent}", {}),
    (BEGIN, 303, "/join/sign-in", {}),
    (BEGIN, 404, "/signup/sign-in", {}),
    (BEGIN, 500, "/join/sign-in", {}),
    (BEGIN, 503, "/join/sign-in", {}),
    (OUT, 303, "/join/sign-out", {}),
    (OUT, 404, "/signup/sign-out", {}),
    (OUT, 500, "/join/sign-out", {}),
    (OUT, 503, "/join/sign-out", {}),
    (BACK, 303, "/join/signed-in", {}),
    (BACK, 403, "/join/signed-in?state=x", {}),
    (BACK, 404, "/signup/signed-in", {}),
    (BACK, 429, "/join/signed-in", {}),
    (BACK, 503, "/join/signed-in", {}),
    (BACK, 500, "/join/signed-in", {}),
    (LOOK, 200, "/requests/{wish}", {}),
    (LOOK, 200, "/requests/{chosen}", {}),
    (LOOK, 401, "/requests/{chosen}", STRANGER),
    (LOOK, 404, f"/requests/{UNKNOWN}", {}),
    (LOOK, 404, "/requests/a%0Ab", {}),
    (LOOK, 500, "/requests/{wish}", {}),
    (LOOK, 503, "/requests/{wish}", {}),
]


class Visited:
    """The door with all its forms, and whoever comes to it."""

    def __init__(self, doors, tmp_path, google):
        self.doors, self.tmp_path, self.google = doors, tmp_path, google
        self.start()
        self.client = doors.app(DOOR).test_client(use_cookies=False)
        self.told = dict(zip(("sent", "wish", "chosen"), sent_before(self.client), strict=True))

    def start(self):
        declare(self.doors, self.tmp_path, self.google.address)

    def ask(self, operation, status, path, sent, accept):
        """The reply to one of the examples; what goes before it goes well."""
        asked = {"content_type": "application/json", "headers": credentials()} | sent
        cookies = {}
        if form := asked.pop("form", None):
            fields, cookies = shown(self.client, path.strip("/"), ADA if path == "/join" else None)
            asked |= {"data": fields | form, **FORM}
        elif operation == BACK and path == "/join/signed-in":
            path, cookies = self.signed_in()
        self.trouble(operation, status)
        kept = {"Cookie": written(cookies)} if cookies else {}
        asked["headers"] = asked["headers"] | accept | kept | a_network()
        return self.client.open(path.format(**self.told), method=operation[1], **asked)

    def signed_in(self):
        """Where Google sends a person back to, and what the browser keeps until then."""
        begun = self.client.get("/join/sign-in", headers=a_network())
        name, _, value = begun.headers["Set-Cookie"].partition(";")[0].partition("=")
        account = {"email": ADA, "email_verified": True, "hd": "northside.example"}
        back = self.google.sign_in(begun.headers["Location"], **account)
        return back.partition("//localhost")[2], {name: value}

    def trouble(self, operation, status):
        """What has to be wrong for a status; the others need nothing to be."""
        match status:
            case 401 if operation == NOTICE:
                deployed = Caller(GoogleOidc.of(AUDIENCE, ["push@school.example"], KnownKeys()))
                self.doors.monkeypatch.setattr(forms, "caller", Once(lambda: deployed))
            case 429:
                for rate in (intakes.intakes().rate, pages.pages().clients):
                    rate.burst = 0.0
                    rate._left.clear()
            case 500:
                broken = self.tmp_path / "broken.toml"
                broken.write_text("[sources")
                self.doors.start_again(SOURCES_FILE=str(broken))
            case 503 if operation == SEND:
                names = ("ENROLLMENT_REQUESTS_TOPIC", "ENROLLMENT_DEAD_LETTERS_TOPIC")
                self.doors.start_again(**dict.fromkeys(names, "nowhere"))
            case 503 if operation == BACK:
                self.google.status = 503
            case 503:
                self.doors.monkeypatch.setattr(intakes, "intakes", Once(no_credentials))


def no_credentials():
    raise Unavailable(Reason.LEDGER_DOWN, "no credentials come")


@pytest.fixture
def visited(doors, tmp_path):
    with a_google() as there:
        yield Visited(doors, tmp_path, there)


def test_every_documented_answer_has_its_example():
    documented = {
        ((path, method), int(status))
        for path, method in operations(DOOR)
        for status in document(DOOR)["paths"][path][method.lower()]["responses"]
    }

    assert {each[:2] for each in ANSWERS} == documented


@pytest.mark.parametrize("operation", operations(DOOR), ids=" ".join)
@pytest.mark.parametrize("accept", [HTML, {}], ids=["a browser", "a program"])
def test_every_documented_answer_is_given(visited, operation, accept):
    for status, path, sent in (each[1:] for each in ANSWERS if each[0] == operation):
        reply = visited.ask(operation, status, path, sent, accept)

        conforms(DOOR, operation, status, reply)
        if reply.mimetype == "text/html" and status != 303:
            assert Page(reply.text).said
        if reply.mimetype == CONTENT_TYPE or status in IN_TROUBLE:
            assert (reply.mimetype == "text/html") == bool(accept)
        if status in IN_TROUBLE:
            visited.start()
    assert ADA not in visited.doors.logged.getvalue()


@pytest.mark.parametrize(
    "path", ["/signup", "/relay", "/nobody", "/signup/sent", "/join/sent/{sent}", "/join/sign-in"]
)
def test_a_page_s_head_is_that_of_the_page(visited, path):
    path = path.format(**visited.told)

    page, head = (visited.client.open(path, method=each) for each in ("GET", "HEAD"))

    assert head.status_code == page.status_code
    assert head.content_type == page.content_type
    assert head.data == b""
