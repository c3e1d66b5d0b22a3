"""GitHub's signatures."""

import hashlib
import hmac

import pytest

from enrollment.verify.github import GitHub
from enrollment.verify.plain_secrets import UnusableSecret
from enrollment.verify.received import Received, Why
from tests.unit.verify.saying import NOW, told, why

SECRET, BODY = "It's a Secret to Everybody", b"Hello, World!"
# As GitHub's documentation has it.
SIGNATURE = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17"


def headers(signature=SIGNATURE, **others):
    return {"x-hub-signature-256": signature} | others


@pytest.mark.parametrize("signature", [SIGNATURE, "sha256=" + SIGNATURE[7:].upper()])
def test_the_published_vector_is_believed(signature):
    given = headers(signature) | {"x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958"}

    verified = GitHub.with_secrets([SECRET]).verify(Received(given, BODY), NOW)

    assert verified.body == BODY
    assert verified.delivery_id == "72d3162e-cc78-11e3-81ab-4c9367dc0958"


@pytest.mark.parametrize("delivery", [None, "", "a b", "a,b", "é", "x" * 257])
def test_a_delivery_without_a_plain_id_has_none(delivery):
    given = headers() | ({} if delivery is None else {"x-github-delivery": delivery})

    assert GitHub.with_secrets([SECRET]).verify(Received(given, BODY), NOW).delivery_id is None


def test_while_a_secret_is_changed_both_are_believed():
    new = "another secret of enough length"
    signed = "sha256=" + hmac.new(new.encode(), BODY, hashlib.sha256).hexdigest()
    both = GitHub.with_secrets([SECRET, new])

    bodies = [both.verify(Received(headers(it), BODY), NOW).body for it in (SIGNATURE, signed)]

    assert bodies == [BODY, BODY]
    assert why(GitHub.with_secrets([new]), headers(), BODY) is Why.WRONG_SIGNATURE


def test_one_byte_more_or_less_is_another_body():
    scheme = GitHub.with_secrets([SECRET])

    for body in (BODY + b"\n", BODY[:-1], b"", BODY.lower()):
        assert why(scheme, headers(), body) is Why.WRONG_SIGNATURE


@pytest.mark.parametrize(
    "signature",
    [
        "",
        SIGNATURE[7:],
        SIGNATURE[:-1],
        SIGNATURE + "0",
        SIGNATURE + "\n",
        " " + SIGNATURE,
        "sha1=" + SIGNATURE[7:],
        "sha256=" + "g" * 64,
        "sha256=" + "\u0661" * 64,
    ],
)
def test_a_signature_is_64_hexadecimal_digits(signature):
    reason = why(GitHub.with_secrets([SECRET]), headers(signature), BODY)

    assert reason is Why.HEADER_MALFORMED


def test_a_delivery_without_a_signature_is_not_believed():
    old = {"x-hub-signature": "sha1=" + "0" * 40}

    assert why(GitHub.with_secrets([SECRET]), old, BODY) is Why.HEADER_MISSING


@pytest.mark.parametrize(
    ("secret", "remedy"),
    [
        ("x" * 15, "is shorter than 16 characters and could be guessed: make a new one"),
        ("", "is shorter than 16"),
        ("a secret with a line end\n", "holds a line end or another control character: store it"),
        ("a lone surrogate \ud800", "is not UTF-8: store it as plain text"),
    ],
)
def test_a_secret_that_is_none_is_told_with_its_remedy_and_never_printed(secret, remedy):
    with pytest.raises(UnusableSecret) as raised:
        GitHub.with_secrets([secret])

    assert str(raised.value).startswith(remedy)
    assert not secret or secret.strip() not in told(raised)


def test_a_scheme_shows_none_of_its_keys():
    assert repr(GitHub.with_secrets([SECRET])) == "GitHub()"
