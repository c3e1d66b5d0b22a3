"""Whatever arrives, a scheme believes it or says why not; nothing else comes out of it."""

import base64
import json
import string

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from enrollment.verify.received import NotVerified, Received, Why
from enrollment.verify.schemes import SCHEMES, make
from tests.tokens import KID, KnownKeys, token_of
from tests.unit.verify.saying import NOW, SECONDS

SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
MADE = {
    "standard-webhooks": ([SECRET], {}),
    "github": ([SECRET], {}),
    "basic": (["user:" + SECRET], {}),
    "google-oidc": ([], {"audience": "https://intake", "emails": ["a@b.example"]}),
    "canvas-jwt": ([], {"keys": "https://canvas.example/jwks", "accounts": ["uuid"]}),
    "google-sign-in": ([SECRET], {"client_id": "a-client"}),
}
NAMES = (
    "webhook-id", "webhook-timestamp", "webhook-signature", "svix-id", "svix-timestamp",
    "svix-signature", "authorization", "x-hub-signature-256", "x-github-delivery",
    "idempotency-key",
)  # fmt: skip
# Surrogates too: a server may decode what arrives with surrogateescape.
ANYTHING = st.text(st.characters(), max_size=80)
BASE64 = st.binary(max_size=60).map(lambda raw: base64.b64encode(raw).decode())
PART = st.text(string.ascii_letters + string.digits + "-_", max_size=40)
TOKEN_LIKE = st.tuples(PART, PART, PART).map(".".join)
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | ANYTHING,
    lambda inner: st.lists(inner) | st.dictionaries(ANYTHING, inner),
    max_leaves=8,
)
# Close to what each scheme reads, so that every line of it is reached.
NEAR = st.one_of(
    ANYTHING,
    BASE64.map("v1,{}".format),
    st.lists(BASE64.map("v1,{}".format), max_size=20).map(" ".join),
    BASE64.map("Basic {}".format),
    st.binary(min_size=32, max_size=32).map(lambda raw: f"sha256={raw.hex()}"),
    TOKEN_LIKE.map("Bearer {}".format),
    st.sampled_from([str(SECONDS), "msg_1", "9" * 12]),
)
HEADERS = st.dictionaries(st.sampled_from(NAMES), NEAR)
BODIES = st.binary(max_size=200) | TOKEN_LIKE.map(str.encode)


def scheme(name):
    secrets, options = MADE[name]
    return make(name, secrets, options, lambda address: KnownKeys())


def judged(name, headers, body):
    """What the scheme says: believed, or why not. Any other exception is the test's end."""
    try:
        return scheme(name).verify(Received(headers, body), NOW)
    except NotVerified as error:
        return error.why


@pytest.mark.parametrize("name", SCHEMES)
@given(headers=HEADERS, body=BODIES)
@example(headers=dict.fromkeys(NAMES, "\ud800"), body=b"\xff")
@example(headers=dict.fromkeys(NAMES, "\x00"), body=b"\x00")
@example(headers=dict.fromkeys(NAMES, "x" * 70_000), body=b"x" * 70_000)
def test_what_nobody_signed_is_not_believed_and_breaks_nothing(name, headers, body):
    assert judged(name, headers, body) in set(Why)


@pytest.mark.parametrize("name", ["google-oidc", "canvas-jwt"])
@given(claims=JSON | st.dictionaries(st.sampled_from(["exp", "iat", "nbf", "metadata"]), JSON))
def test_whatever_a_good_key_signed_breaks_nothing(name, claims):
    text = token_of(json.dumps(claims).encode())

    assert judged(name, {"authorization": f"Bearer {text}"}, text.encode()) in set(Why)


@pytest.mark.parametrize("name", ["google-oidc", "canvas-jwt"])
@given(header=st.dictionaries(st.sampled_from(["alg", "kid", "typ", "crit", "b64", "jwk"]), JSON))
@example(header={"alg": "RS256", "kid": KID, "b64": False, "crit": ["b64"]})
@example(header={"alg": "RS256", "kid": KID, "jwk": "its own key"})
def test_whatever_stands_in_a_token_s_header_breaks_nothing(name, header):
    head = base64.urlsafe_b64encode(json.dumps(header).encode()).rstrip(b"=").decode()
    text = f"{head}.e30.{'A' * 342}"

    assert judged(name, {"authorization": f"Bearer {text}"}, text.encode()) in set(Why)
