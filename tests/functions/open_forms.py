"""Forms of every kind, and what was sent to them before a test begins."""

from itertools import count

from enrollment.openapi import Door
from enrollment.wiring import pages
from enrollment.wiring.distributed import CLOCK
from tests import google
from tests.functions.conftest import ADA
from tests.functions.open_door import Caller, Opened
from tests.functions.open_source import BASIC, CHOSEN, UNKNOWN, WISH, credentials
from tests.functions.visitor import Page

SOURCES = """
[school]
domains = ["northside.example"]

[sources.signup]
kind = "web_form"
format = "web_form"
form = {{ choices = {{ "Maths" = "d:math" }} }}

[sources.open]
kind = "web_form"
format = "web_form"

[sources.join]
kind = "web_form"
format = "web_form"
mode = "code"
form = {{ choices = {{ "Maths" = "d:math" }} }}
[sources.join.verify]
scheme = "google-sign-in"
client_id = "{client}"
secrets = ["env://GOOGLE_SECRET"]
at = "{at}"

[sources.relay]
kind = "web_form"
format = "web_form"
verify = {{ scheme = "basic", secrets = ["env://BASIC"] }}

[sources.script]
kind = "google_form"
format = "google_forms"
verify = {{ scheme = "basic", secrets = ["env://BASIC"] }}
"""
CODE = "gkwagh5"
NOWHERE = "http://127.0.0.1:1"
FILLED = {"student": ADA, "course": "Maths"}
HTML = {"Accept": "text/html,*/*;q=0.8"}
_networks = count(1)


def a_network():
    """A header as of somebody who comes from elsewhere than everybody before."""
    return {"X-Forwarded-For": f"network {next(_networks)}"}


def declare(doors, tmp_path, at=NOWHERE):
    """Declare all of them; people sign in at a stand-in for Google."""
    declared = tmp_path / "sources.toml"
    declared.write_text(SOURCES.format(client=google.CLIENT, at=at))
    doors.start_again(SOURCES_FILE=str(declared), BASIC=BASIC, GOOGLE_SECRET=google.SECRET)


def shown(client, source="signup", person=None):
    """The fields of the form that a browser is shown, and the cookies that it keeps."""
    cookies = {f"form-person-{source}": _signed_in(source, person)} if person else {}
    page = client.get(f"/{source}", headers={"Cookie": written(cookies)} | a_network())
    name, _, value = page.headers["Set-Cookie"].partition(";")[0].partition("=")
    return Page(page.text).fields(), cookies | {name: value}


def _signed_in(source, person):
    return pages.pages().person.keep({"source": source, "email": person}, CLOCK.now())


def written(cookies):
    """Cookies as a browser writes them."""
    return "; ".join(f"{name}={value}" for name, value in cookies.items())


def sent_before(client):
    """Send a form and two of a system's wishes; the ids of all, the form's first."""
    fields, cookies = shown(client, "join", ADA)
    kept, filled = {"Cookie": written(cookies)} | a_network(), FILLED | {"enrollment_code": CODE}
    told_at = client.post("/join", data=fields | filled, headers=kept).headers["Location"]
    wishes = [WISH, WISH | {"request_id": CHOSEN, "version": "2"}]
    replies = [client.post("/relay", json=each, headers=credentials()) for each in wishes]
    return [told_at.rpartition("/")[2], *(each.json["request_id"] for each in replies)]


def opened(doors, tmp_path):
    """The door of the forms, with all of this."""
    declare(doors, tmp_path)
    client = doors.app("form_intake").test_client(use_cookies=False)
    ids = [*sent_before(client), UNKNOWN, "nobody:1"]
    fields, cookies = shown(client)
    signup, join = {"source": ["signup"]}, {"source": ["join"]}
    return Opened(
        door=Door.FORM_INTAKE,
        names={
            "/{source}/sent": signup,
            "/{source}/sent/{request_id}": join | {"request_id": ids},
            "/{source}/sign-in": join,
            "/{source}/sign-out": join,
            "/{source}/signed-in": join,
            "/requests/{request_id}": {"request_id": ids},
        },
        callers={
            "known": Caller(
                sources=["relay", "script", "signup"],
                headers=lambda: credentials() | a_network(),
            ),
            "browser": Caller(
                sources=["signup", "join", "relay"],
                headers=lambda: HTML | a_network(),
                cookies=cookies,
            ),
        },
        hidden=[ADA, BASIC, CHOSEN, fields["token"]],
        bodies={"FilledIn": _filled(fields["token"])},
    )


def _filled(token):
    """Right and wrong values, of which made ones would nearly all be wrong."""
    fields = {
        "token": [token],
        "student": [ADA, "ada@elsewhere.example", ""],
        "course": ["Maths", "Chess"],
        "website": [""],
    }
    free = {"enrollment_code": {}}  # read only where it is asked for
    return {
        "type": "object",
        "properties": free | {name: {"enum": values} for name, values in fields.items()},
        "required": ["token"],
    }
