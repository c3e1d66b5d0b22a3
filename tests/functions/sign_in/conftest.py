"""A form with a sign-in, at a stand-in for Google; and what a browser does to sign in."""

import pytest

from tests import google
from tests.functions.visitor import Visitor
from tests.google import CLIENT, a_google

SOURCES = """
[school]
domains = ["northside.example"]

[sources.join]
kind = "web_form"
format = "web_form"
mode = "code"
form = {{ choices = {{ "Maths" = "d:math", "Chess" = "d:chess" }} }}

[sources.join.verify]
scheme = "google-sign-in"
client_id = "{client}"
secrets = ["env://OLD_SECRET", "env://NEW_SECRET"]
at = "{at}"

[sources.other]
kind = "web_form"
format = "web_form"
courses = ["d:math"]

[sources.other.verify]
scheme = "google-sign-in"
client_id = "{client}"
secrets = ["env://NEW_SECRET"]
at = "{at}"
"""
WORKSPACE = {"email": "Ada@Northside.example", "email_verified": True, "hd": "northside.example"}
FILLED = {"course": "Maths", "enrollment_code": "gkwagh5"}


@pytest.fixture
def there():
    with a_google() as opened:
        yield opened


@pytest.fixture
def visitor(doors, tmp_path, there):
    declared = tmp_path / "sources.toml"
    declared.write_text(SOURCES.format(client=CLIENT, at=there.address))
    doors.start_again(SOURCES_FILE=str(declared), NEW_SECRET=google.SECRET, OLD_SECRET="gone")
    return Visitor(doors)


def sign_in(visitor, there, source="join", **account):
    """Sign in as a browser does; the reply of the page that Google sends people back to."""
    visitor.get(f"{visitor.base}/{source}")
    (link,) = [a["href"] for a in visitor.page.all("a") if a["href"].endswith("/sign-in")]
    onward = visitor.get(link).headers["Location"]
    return visitor.get(there.sign_in(onward, **(WORKSPACE | account)))
