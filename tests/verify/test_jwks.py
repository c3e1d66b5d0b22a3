"""What an issuer publishes, and what of it we take."""

import pytest
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from enrollment.verify.jwks import published
from tests.tokens import jwk, jwks, private_key


def test_each_key_is_found_by_its_id():
    found = published(jwks(jwk("previous"), jwk("current"), jwk("next")))

    assert set(found) == {"previous", "current", "next"}
    assert found["next"] == private_key().public_key()


def test_what_a_key_is_for_may_be_left_out():
    bare = {name: each for name, each in jwk().items() if name not in ("use", "alg")}

    assert set(published(jwks(bare))) == {"current"}


@pytest.mark.parametrize(
    "changes",
    [
        {"kty": "EC"},
        {"kty": "oct", "k": "c2VjcmV0"},
        {"use": "enc"},
        {"alg": "RS512"},
        {"n": "AQAB"},
        {"n": 7},
        {"n": "é"},
        {"n": None},
        {"e": "AA"},
        {"n": "A" + "_" * 170},  # 1,024 bits
        {"kid": 7},
        {"kid": None},
    ],
)
def test_a_key_that_is_of_no_use_is_passed_over(changes):
    assert set(published(jwks(jwk("x") | changes, jwk("good")))) == {"good"}


@pytest.mark.parametrize("other", [{"kid": "x"}, "x", None, []])
def test_what_is_no_key_is_passed_over(other):
    assert set(published(jwks(other, jwk("good")))) == {"good"}


def test_a_private_part_that_somebody_published_is_not_taken():
    found = published(jwks(jwk(d="AQAB", p="AQAB", q="AQAB")))

    assert isinstance(found["current"], RSAPublicKey)


@pytest.mark.parametrize(
    "document",
    [
        b"",
        b"{",
        b"[]",
        b"3",
        b"{}",
        b'{"keys": {}}',
        b'{"keys": []}',
        b'{"keys": null}',
        b"\xff",
        b"[" * 9000,
    ],
)
def test_a_set_without_a_key_of_use_is_none(document):
    with pytest.raises(ValueError, match=r"^(is no set of keys|has no RSA key)"):
        published(document)


def test_a_set_of_keys_for_other_purposes_is_none():
    with pytest.raises(ValueError, match="has no RSA key of 2048 bits or more"):
        published(jwks(jwk(use="enc")))
