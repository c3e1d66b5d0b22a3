"""Every scheme is made by its name."""

import pytest

from enrollment.verify.basic import Basic
from enrollment.verify.canvas_jwt import CanvasJwt
from enrollment.verify.github import GitHub
from enrollment.verify.google_oidc import PUBLISHED_AT, GoogleOidc
from enrollment.verify.plain_secrets import UnusableSecret
from enrollment.verify.received import NoDelivery
from enrollment.verify.schemes import SCHEMES, challenge, make
from enrollment.verify.standard_webhooks import StandardWebhooks
from tests.tokens import KnownKeys

SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
GOOGLE = {"audience": "https://intake", "emails": ["a@b.example"]}
CANVAS = {"keys": "https://canvas.example/jwks", "accounts": ["uuid"]}
USUAL = {
    "standard-webhooks": ([SECRET], {}, StandardWebhooks),
    "github": ([SECRET], {}, GitHub),
    "basic": (["user:" + SECRET], {}, Basic),
    "google-oidc": ([], GOOGLE, GoogleOidc),
    "canvas-jwt": ([], CANVAS, CanvasJwt),
    "google-sign-in": ([SECRET], {"client_id": "a-client"}, NoDelivery),
}


class Asked(list):
    """Keys at any address; which were asked for."""

    def __call__(self, address):
        self.append(address)
        return KnownKeys()


def test_the_names_are_those_of_the_documentation():
    assert list(SCHEMES) == list(USUAL)


@pytest.mark.parametrize("name", USUAL)
def test_each_name_makes_its_scheme(name):
    secrets, options, kind = USUAL[name]

    assert isinstance(make(name, secrets, options, Asked()), kind)


@pytest.mark.parametrize(
    ("name", "asked"),
    [
        ("standard-webhooks", "Signature"),
        ("github", "Signature"),
        ("basic", 'Basic realm="sis"'),
        ("google-oidc", 'Bearer realm="sis"'),
        ("canvas-jwt", 'Bearer realm="sis"'),
    ],
)
def test_each_name_says_what_a_sender_is_asked_for(name, asked):
    assert challenge(name, "sis") == asked


@pytest.mark.parametrize(
    ("name", "options", "address"),
    [
        ("google-oidc", GOOGLE, PUBLISHED_AT),
        ("google-oidc", GOOGLE | {"keys": "http://127.0.0.1:8080/x"}, "http://127.0.0.1:8080/x"),
        ("canvas-jwt", CANVAS, "https://canvas.example/jwks"),
    ],
)
def test_keys_come_from_where_the_issuer_publishes_them(name, options, address):
    asked = Asked()

    make(name, [], options, asked)

    assert asked == [address]


@pytest.mark.parametrize(
    ("name", "secrets", "options", "fault"),
    [
        ("none", [], {}, "there is no such scheme: the schemes are standard-webhooks, github"),
        ("github", [], {}, "github takes at least one secret"),
        ("canvas-jwt", [SECRET], CANVAS, "canvas-jwt takes no secret"),
        ("google-oidc", [], {}, "audience is missing: google-oidc needs it\nemails is missing"),
        ("canvas-jwt", [], {"keys": CANVAS["keys"]}, "accounts is missing"),
    ],
)
def test_what_was_not_declared_rightly_makes_no_scheme(name, secrets, options, fault):
    with pytest.raises(ValueError, match=f"^{fault}"):
        make(name, secrets, options, Asked())


def test_every_secret_that_cannot_be_used_is_told_by_its_place():
    with pytest.raises(UnusableSecret) as raised:
        make("standard-webhooks", ["whsec_QQ==", SECRET, "-"], {}, Asked())

    assert [line[:12] for line in str(raised.value).splitlines()] == [
        "secret 1 is ",
        "secret 3 doe",
    ]
