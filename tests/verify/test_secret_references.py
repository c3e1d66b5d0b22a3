"""Secrets are found where a reference says, kept for a while, and never told."""

import base64
import json

import pytest
from google.auth.credentials import AnonymousCredentials

from enrollment.adapters.secrets import Secrets
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from tests.doubles import MovableClock
from tests.verify.elsewhere import Answer, elsewhere

SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
FOUND = "/v1/projects/school/secrets/sis-current/versions/latest:access"


def version(value=SECRET):
    """A version as Secret Manager's REST API gives it."""
    raw = value.encode() if isinstance(value, str) else value
    name = "projects/1/secrets/sis-current/versions/3"
    data = base64.b64encode(raw).decode()
    return Answer(json.dumps({"name": name, "payload": {"data": data}}).encode())


@pytest.fixture
def manager():
    with elsewhere() as there:
        there.answer = version()
        yield there


@pytest.fixture
def clock():
    return MovableClock()


@pytest.fixture
def secrets(manager, clock):
    return Secrets(
        "school",
        endpoint=manager.address,
        credentials=AnonymousCredentials(),
        environment={"OLD_SECRET": "from the environment", "EMPTY": ""},
        clock=clock.monotonic,
    )


def trouble(secrets, reference):
    with pytest.raises(Unavailable) as raised:
        secrets.value(reference)
    assert raised.value.reason is Reason.SECRETS_DOWN
    assert SECRET not in str(raised.value)
    return raised.value.detail


def test_a_secret_comes_from_secret_manager_with_one_call_in_five_minutes(manager, clock, secrets):
    values = {secrets.value("secret://sis-current") for _ in range(3)}
    clock.advance(seconds=299)
    values.add(secrets.value("secret://sis-current"))

    assert values == {SECRET}
    assert manager.asked == [(FOUND, None)]


def test_a_new_version_is_live_after_five_minutes(manager, clock, secrets):
    secrets.value("secret://sis-current")
    manager.answer = version("another")

    clock.advance(minutes=5)

    assert secrets.value("secret://sis-current") == "another"


def test_each_reference_has_a_secret_of_its_own(manager, secrets):
    secrets.value("secret://sis-current")
    manager.answer = version("another")

    assert secrets.value("secret://sis-old") == "another"
    assert secrets.value("secret://sis-current") == SECRET


@pytest.mark.parametrize("status", [500, 503, 429, 408])
def test_while_secret_manager_is_away_the_old_value_serves(manager, clock, secrets, status):
    secrets.value("secret://sis-current")
    manager.answer = Answer(b"no", status)

    clock.advance(hours=3)

    assert secrets.value("secret://sis-current") == SECRET


@pytest.mark.parametrize("status", [400, 403, 404])
def test_a_secret_that_was_taken_away_is_not_served_on(manager, clock, secrets, status):
    secrets.value("secret://sis-current")
    manager.answer = Answer(b"destroyed", status)

    clock.advance(minutes=5)

    assert trouble(secrets, "secret://sis-current") == (
        f"secret://sis-current cannot be read: Secret Manager answers {status}"
    )


@pytest.mark.parametrize(
    ("answer", "fact"),
    [
        (Answer(SECRET.encode(), 403), "cannot be read: Secret Manager answers 403"),
        (Answer(SECRET.encode(), 302, {"location": "/x"}), "cannot be read: Secret Manager answer"),
        (Answer(SECRET.encode()), "cannot be had (JSONDecodeError)"),
        (Answer(b"[]"), "is not the text of a secret: store it as plain UTF-8"),
        (Answer(b'{"payload": {"data": "!"}}'), "is not the text of a secret"),
        (Answer(b'{"payload": {}}'), "is not the text of a secret"),
        (version(b"\xff\xfe"), "is not the text of a secret: store it as plain UTF-8"),
    ],
)
def test_trouble_names_the_reference_and_nothing_of_the_answer(manager, secrets, answer, fact):
    manager.answer = answer

    assert trouble(secrets, "secret://sis-current").startswith(f"secret://sis-current {fact}")


def test_a_secret_manager_that_is_not_there_is_told(manager):
    with elsewhere() as gone:
        address = gone.address
    secrets = Secrets("school", endpoint=address, credentials=AnonymousCredentials())

    assert trouble(secrets, "secret://a") == "secret://a cannot be had (ConnectionError)"


def test_without_a_project_there_is_no_secret_manager(manager):
    secrets = Secrets(None, endpoint=manager.address, credentials=AnonymousCredentials())

    assert "GOOGLE_CLOUD_PROJECT" in trouble(secrets, "secret://a")
    assert manager.asked == []


def test_a_secret_comes_from_the_environment_as_it_is_now(secrets):
    assert secrets.value("env://OLD_SECRET") == "from the environment"


@pytest.mark.parametrize("name", ["EMPTY", "MISSING"])
def test_what_is_not_set_in_the_environment_is_told_by_its_name(secrets, name):
    assert trouble(secrets, f"env://{name}") == f"env://{name} is not set in the environment"


@pytest.mark.parametrize("reference", [SECRET, "secret://", "secret://../a", "file://x", ""])
def test_what_is_no_reference_is_not_repeated(manager, secrets, reference):
    assert trouble(secrets, reference) == "no reference like secret://NAME or env://NAME"
    assert manager.asked == []
