"""HTTP Basic, for senders that can do nothing better: a password, and no signature of the body."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from enrollment.verify.delivery_ids import delivery_id
from enrollment.verify.plain_secrets import LEAST_CHARACTERS, UnusableSecret, plain
from enrollment.verify.received import NotVerified, Received, Verified, Why

MOST_HEADER = 4096  # characters
CREDENTIALS = re.compile(r"basic +([A-Za-z0-9+/]+={0,2})", re.IGNORECASE)


def _pair(secret: str) -> bytes:
    """The whole of `user:password`; either may be empty. Raises UnusableSecret."""
    user, colon, password = secret.partition(":")
    if not colon:
        raise UnusableSecret("has no colon: store the whole user:password")
    if len(user) + len(password) < LEAST_CHARACTERS:
        raise UnusableSecret(
            f"has fewer than {LEAST_CHARACTERS} characters in user and password together and could "
            "be guessed: make a longer password, as with openssl rand -hex 32"
        )
    return plain(secret)


@dataclass(frozen=True)
class Basic:
    """Believes who knows one of its pairs of user and password."""

    digests: tuple[bytes, ...] = field(repr=False)  # of one length, so comparing tells no length

    @classmethod
    def with_secrets(cls, secrets: Iterable[str]) -> "Basic":
        """The scheme with all pairs that are live. Raises UnusableSecret."""
        return cls(tuple(hashlib.sha256(_pair(each)).digest() for each in secrets))

    def verify(self, received: Received, now: datetime) -> Verified:
        del now  # a password has no time
        header = received.headers.get("authorization")
        if header is None:
            raise NotVerified(Why.HEADER_MISSING)
        given = hashlib.sha256(_given(header)).digest()
        equal = [hmac.compare_digest(mine, given) for mine in self.digests]
        if not any(equal):
            raise NotVerified(Why.WRONG_CREDENTIALS)
        return Verified(received.body, delivery_id(received.headers))


def _given(header: str) -> bytes:
    found = CREDENTIALS.fullmatch(header) if len(header) <= MOST_HEADER else None
    if not found:
        raise NotVerified(Why.HEADER_MALFORMED)
    try:
        return base64.b64decode(found[1], validate=True)
    except ValueError:
        raise NotVerified(Why.HEADER_MALFORMED) from None
