"""The keys that an issuer publishes (RFC 7517), as far as they may sign what is sent to us."""

import json
from collections.abc import Mapping
from typing import Protocol

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey
from jwt import InvalidKeyError
from jwt.algorithms import RSAAlgorithm

ALGORITHM = "RS256"
LEAST_BITS = 2048  # RFC 7518, 3.3


class Keys(Protocol):
    """The keys of one issuer."""

    def key(self, kid: str) -> RSAPublicKey | None:
        """The key of this id; None if the issuer publishes no such key, asked anew if need be.

        Raises Unavailable while the issuer's keys cannot be had. Whoever makes up ids cannot make
        us ask the issuer each time.
        """


def published(document: bytes) -> Mapping[str, RSAPublicKey]:
    """The keys of a published set by their ids. Raises ValueError if not one of them is of use."""
    try:
        listed = json.loads(document)["keys"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ValueError("is no set of keys") from None
    found = {
        each["kid"]: key
        for each in (listed if isinstance(listed, list) else [])
        if isinstance(each, dict) and isinstance(each.get("kid"), str) and (key := _usable(each))
    }
    if not found:
        raise ValueError(f"has no RSA key of {LEAST_BITS} bits or more for signatures")
    return found


def _usable(each: Mapping[str, object]) -> RSAPublicKey | None:
    if (
        each.get("kty") != "RSA"
        or each.get("use", "sig") != "sig"
        or each.get("alg", ALGORITHM) != ALGORITHM
    ):
        return None
    try:
        # Without a private part, should somebody ever publish one.
        key = RSAAlgorithm.from_jwk({name: each.get(name) for name in ("kty", "n", "e")})
    except (InvalidKeyError, ValueError, TypeError, AttributeError, OverflowError):
        return None
    return key if isinstance(key, RSAPublicKey) and key.key_size >= LEAST_BITS else None
