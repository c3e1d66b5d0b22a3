"""ID tokens of Google."""

import pytest

from enrollment.verify.google_oidc import GoogleOidc
from enrollment.verify.received import Received, Why
from tests.tokens import KnownKeys, forged, token, token_of
from tests.unit.verify.saying import NOW, SECONDS, why

AUDIENCE = "https://sis-webhook.a.run.app/script"
SENDER = "script@project.iam.gserviceaccount.com"
BODY = b"{}"


def claims(**changes):
    usual = {
        "iss": "https://accounts.google.com",
        "aud": AUDIENCE,
        "email": SENDER,
        "email_verified": True,
        "iat": SECONDS - 10,
        "exp": SECONDS + 3590,
    }
    return {name: value for name, value in (usual | changes).items() if value is not ...}


def scheme(keys=None):
    return GoogleOidc.of(AUDIENCE, [SENDER.upper(), "other@school.example"], keys or KnownKeys())


def header(text, word="Bearer"):
    return {"authorization": f"{word} {text}"}


@pytest.mark.parametrize("issuer", ["https://accounts.google.com", "accounts.google.com"])
@pytest.mark.parametrize("email", [SENDER, SENDER.title()])
@pytest.mark.parametrize("word", ["Bearer", "bearer"])
def test_who_shows_google_s_word_for_a_named_address_is_believed(issuer, email, word):
    headers = header(token(claims(iss=issuer, email=email)), word)

    verified = scheme().verify(Received(headers | {"webhook-id": "a1"}, BODY), NOW)

    assert (verified.body, verified.delivery_id) == (BODY, "a1")


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"iss": "https://accounts.google.com.evil.example"}, Why.WRONG_ISSUER),
        ({"iss": ["https://accounts.google.com"]}, Why.WRONG_ISSUER),
        ({"iss": ...}, Why.WRONG_ISSUER),
        ({"aud": AUDIENCE + "/"}, Why.WRONG_AUDIENCE),
        ({"aud": [AUDIENCE]}, Why.WRONG_AUDIENCE),
        ({"aud": ...}, Why.WRONG_AUDIENCE),
        ({"email_verified": False}, Why.WRONG_EMAIL),
        ({"email_verified": "true"}, Why.WRONG_EMAIL),
        ({"email_verified": 1}, Why.WRONG_EMAIL),
        ({"email_verified": ...}, Why.WRONG_EMAIL),
        ({"email": "somebody@gmail.com"}, Why.WRONG_EMAIL),
        ({"email": [SENDER]}, Why.WRONG_EMAIL),
        ({"email": ...}, Why.WRONG_EMAIL),
        ({"exp": ...}, Why.NO_CLAIMS),
        ({"iat": ...}, Why.NO_CLAIMS),
        ({"exp": True}, Why.NO_CLAIMS),
        ({"exp": "9999999999"}, Why.NO_CLAIMS),
        ({"exp": None}, Why.NO_CLAIMS),
        ({"exp": float("nan")}, Why.NO_CLAIMS),
        ({"exp": float("inf")}, Why.NO_CLAIMS),
        ({"exp": 10**400}, Why.NO_CLAIMS),
        ({"iat": -1}, Why.NO_CLAIMS),
        ({"exp": SECONDS - 60}, Why.TOO_OLD),
        ({"iat": SECONDS + 61}, Why.TOO_NEW),
        ({"nbf": SECONDS + 61}, Why.TOO_NEW),
    ],
)
def test_another_claim_is_not_believed(changes, reason):
    assert why(scheme(), header(token(claims(**changes)))) is reason


@pytest.mark.parametrize(
    "changes", [{"exp": SECONDS - 59}, {"iat": SECONDS + 60}, {"exp": SECONDS + 0.5}]
)
def test_clocks_may_differ_by_a_minute(changes):
    headers = header(token(claims(**changes)))

    assert scheme().verify(Received(headers, BODY), NOW).body == BODY


@pytest.mark.parametrize("algorithm", ["none", "None", "HS256", "RS512", "PS256", ""])
def test_no_algorithm_but_rs256_is_looked_at_and_no_key_is_asked_for(algorithm):
    keys = KnownKeys()

    reason = why(scheme(keys), header(forged(claims(), algorithm)))

    assert reason in (Why.WRONG_ALGORITHM, Why.NOT_SIGNED)  # `none` has no third part
    assert keys.asked == []


@pytest.mark.parametrize("kid", ["another", "", None])
def test_a_key_that_google_does_not_publish_is_not_believed(kid):
    assert why(scheme(), header(token(claims(), kid=kid))) is Why.UNKNOWN_KEY


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_token_that_was_changed_is_not_believed(place):
    parts = token(claims()).split(".")
    other = token(claims(email="somebody@gmail.com", aud="elsewhere"), typ="other").split(".")
    parts[place] = other[place]

    assert why(scheme(), header(".".join(parts))) is Why.WRONG_SIGNATURE


@pytest.mark.parametrize("payload", [b"", b"[]", b"3", b"null", b"{", b"\xff", b"[" * 5000])
def test_a_token_without_claims_is_not_believed(payload):
    reason = why(scheme(), header(token_of(payload)))

    assert reason is (Why.NO_CLAIMS if payload else Why.NOT_SIGNED)


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("", Why.HEADER_MALFORMED),
        ("Basic abc", Why.HEADER_MALFORMED),
        ("Bearer", Why.HEADER_MALFORMED),
        ("Bearer " + "x" * 8192, Why.HEADER_MALFORMED),
        ("Bearer ", Why.NOT_SIGNED),
        ("Bearer a.b", Why.NOT_SIGNED),
        ("Bearer a.b.c.d.e", Why.NOT_SIGNED),
        ("Bearer é.é.é", Why.NOT_SIGNED),
        ("Bearer e30.e30.e30\n", Why.NOT_SIGNED),
        ("Bearer a.a.a", Why.NOT_SIGNED),
        ("Bearer e30.e30.AAAA", Why.WRONG_ALGORITHM),
    ],
)
def test_what_is_no_token_is_not_believed(value, reason):
    assert why(scheme(), {"authorization": value}) is reason


def test_a_call_without_a_token_is_not_believed():
    assert why(scheme(), {}) is Why.HEADER_MISSING


@pytest.mark.parametrize("critical", [["b64"], ["exp"], [], "b64"])
def test_a_header_that_must_be_understood_and_is_not_ends_it(critical):
    made = token(claims())
    head = token(claims(), crit=critical).split(".")[0]

    reason = why(scheme(), header(".".join([head, *made.split(".")[1:]])))

    assert reason is Why.NOT_SIGNED


def test_a_scheme_shows_nobody_s_address():
    assert repr(scheme()) == f"GoogleOidc(audience={AUDIENCE!r})"
