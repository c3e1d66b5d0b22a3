"""What the doctor finds of the secrets that sources name; it tells none of them."""

import base64
import json

import pytest
from google.auth.credentials import AnonymousCredentials

from enrollment.adapters.secrets import Secrets
from enrollment.cli.checks_secrets import check_secrets
from enrollment.cli.findings import State
from enrollment.cli.places import placed
from enrollment.wiring.proofs import Proofs
from tests.cli.commands import run
from tests.verify.elsewhere import Answer, elsewhere

SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
SHORT = "whsec_c2hvcnQ="
SOURCES = """
[sources.sis]
kind = "webhook"
format = "native"
verify = { scheme = "standard-webhooks", secrets = ["secret://SIS", "env://OLD"] }

[sources.forms]
kind = "webhook"
format = "native"
verify = { scheme = "google-oidc", audience = "https://intake", emails = ["a@b.example"] }

[sources.nightly]
kind = "file"
"""


@pytest.fixture
def manager():
    with elsewhere() as there:
        there.answer = stored(SECRET)
        yield there


@pytest.fixture
def look(manager, monkeypatch, tmp_path):
    """The one line that is told, on a project whose Secret Manager is on this machine."""
    (tmp_path / "sources.toml").write_text(SOURCES)
    monkeypatch.setenv("SOURCES_FILE", "sources.toml")
    monkeypatch.setenv("GOOGLE_CLOUD_PROJECT", "northside")

    def look(store="firestore", **environment):
        secrets = Secrets(
            "northside",
            endpoint=manager.address,
            credentials=AnonymousCredentials(),
            environment={"OLD": SECRET} | environment,
        )
        (found,) = check_secrets(placed(store), Proofs(secrets, pytest.fail))
        assert SECRET not in str(found)
        assert SHORT not in str(found)
        return found

    return look


def stored(secret):
    data = base64.b64encode(secret.encode()).decode()
    return Answer(json.dumps({"payload": {"data": data}}).encode())


def test_secrets_that_are_there_and_of_use_are_one_line_for_each_source(look):
    found = look()

    assert (found.state, found.told) == (State.OK, "sis: 2 secrets, of use to standard-webhooks")


def test_a_secret_that_the_environment_lacks_is_wrong(look):
    found = look(OLD="")

    assert found.state is State.WRONG
    assert found.told == "sis: env://OLD is not set in the environment"
    assert "set it where the intake runs" in found.remedy


def test_a_secret_that_secret_manager_does_not_know_is_wrong(look, manager):
    manager.answer = Answer(status=404)

    found = look()

    assert found.state is State.WRONG
    assert found.told == "sis: secret://SIS cannot be read: Secret Manager answers 404"
    assert "gcloud secrets versions add" in found.remedy


@pytest.mark.parametrize("where", ["secret://SIS", "env://OLD"])
def test_a_value_that_the_scheme_cannot_work_with_is_wrong(look, manager, where):
    if where == "secret://SIS":
        manager.answer = stored(SHORT)
        found = look()
    else:
        found = look(OLD=SHORT)

    assert found.state is State.WRONG
    assert found.told.startswith(f"sis: {where} ")


def test_what_this_login_may_not_see_is_not_checked_and_it_is_told_which_role_it_takes(
    look, manager
):
    manager.answer = Answer(status=403)

    found = look()

    assert found.state is State.NOT_CHECKED
    assert found.told == "sis: secret://SIS cannot be read: Secret Manager answers 403"
    assert "roles/secretmanager.secretAccessor" in found.remedy


@pytest.mark.parametrize("status", [429, 500, 503])
def test_what_cannot_be_asked_now_is_not_checked(look, manager, status):
    manager.answer = Answer(status=status)

    found = look()

    assert (found.state, found.remedy) == (State.NOT_CHECKED, None)
    assert f"answers {status}" in found.told


def test_without_a_login_nothing_is_said_of_the_secret(look, manager):
    manager.answer = Answer(status=401)  # for which the client wants to renew a login

    found = look()

    assert found.state is State.NOT_CHECKED
    assert "secret://SIS cannot be had" in found.told


def test_what_is_wrong_is_told_beside_what_cannot_be_seen(look, manager):
    manager.answer = Answer(status=403)

    found = look(OLD="")

    assert found.state is State.WRONG
    assert "env://OLD is not set" in found.told
    assert "answers 403" in found.told
    assert "gcloud" not in found.remedy


def test_beside_the_emulators_secret_manager_is_not_asked(look, manager, monkeypatch):
    for name in ("PUBSUB_EMULATOR_HOST", "FIRESTORE_EMULATOR_HOST"):
        monkeypatch.setenv(name, "127.0.0.1:9")

    found = look()

    assert (found.state, found.told) == (State.NOT_CHECKED, "sis: secret://SIS has no emulator")
    assert manager.asked == []


def test_on_a_file_no_sender_is_heard_so_no_secret_is_looked_for(look, manager):
    assert look("sqlite:///s.db").state is State.NOT_CHECKED
    assert manager.asked == []


def test_declarations_that_cannot_be_read_are_told_once(look, store, fake, tmp_path):
    (tmp_path / "sources.toml").write_text("[sources.x]\n")

    checks = run("doctor", "--json").json["checks"]

    assert [each["check"] for each in checks if each["state"] == "wrong"] == ["sources"]


def test_the_doctor_tells_it_among_the_rest(look, store, fake):
    said = run("doctor")

    assert said.code == 0
    assert "not checked  secrets       sis: not on a file" in said.out
