"""Signed tokens and the keys to them, made anew in each session: no private key is kept."""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from typing import Any

import jwt
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

KID = "current"


@cache
def private_key() -> RSAPrivateKey:
    return generate_private_key(public_exponent=65537, key_size=2048)


def jwk(kid: str = KID, **changes: Any) -> dict[str, Any]:
    """The key as an issuer publishes it."""
    numbers = RSAAlgorithm.to_jwk(private_key().public_key(), as_dict=True)
    return {name: numbers[name] for name in ("kty", "n", "e")} | {
        "kid": kid, "use": "sig", "alg": "RS256",
    } | changes  # fmt: skip


def jwks(*listed: Mapping[str, Any]) -> bytes:
    return json.dumps({"keys": listed or [jwk()]}).encode()


def token(claims: Any, *, kid: str | None = KID, **header: Any) -> str:
    """A token by the key of this session."""
    return _signed(json.dumps(claims).encode(), {"kid": kid} | header)


def token_of(payload: bytes) -> str:
    """A token whose payload is no set of claims."""
    return _signed(payload, {"kid": KID})


def _signed(payload: bytes, header: dict[str, Any]) -> str:
    return jwt.PyJWS().encode(
        payload, private_key(), "RS256", {k: v for k, v in header.items() if v is not None}
    )


def forged(claims: Any, algorithm: str) -> str:
    """A token that nobody with the private key made: `none`, or HS256 by the public key's text."""
    head = {"alg": algorithm, "kid": KID, "typ": "JWT"}
    signed = f"{_part(json.dumps(head).encode())}.{_part(json.dumps(claims).encode())}"
    if algorithm.lower() == "none":
        return f"{signed}."
    public = (
        private_key()
        .public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    return f"{signed}.{_part(hmac.digest(public, signed.encode(), hashlib.sha256))}"


def _part(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


@dataclass
class KnownKeys:
    """An issuer whose keys are always to be had; `asked` is every id that was asked for."""

    kids: tuple[str, ...] = (KID,)
    asked: list[str] = field(default_factory=list)

    def key(self, kid: str) -> Any:
        self.asked.append(kid)
        return private_key().public_key() if kid in self.kids else None
