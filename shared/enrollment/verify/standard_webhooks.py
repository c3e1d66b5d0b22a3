"""Standard Webhooks 1.0.0, as Svix and many others send: HMAC-SHA256 over id, time and raw body."""

import base64
import hashlib
import hmac
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from enrollment.verify.plain_secrets import UnusableSecret
from enrollment.verify.received import NotVerified, Received, Verified, Why

TOLERANCE = timedelta(minutes=5)  # each way, its ends included, as in the reference libraries
PREFIX = "whsec_"
LEAST_BYTES, MOST_BYTES = 24, 64  # of a secret, by the specification
MOST_HEADER = 4096  # characters; sixteen signatures take 800
MOST_SIGNATURES = 16  # a rotation needs two; each costs as many comparisons as there are secrets
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
ID = re.compile(r"[!-\-/-~]{1,256}")  # visible ASCII but the dot, which ends it in what is signed
SECONDS = re.compile(r"[0-9]{1,12}")
FAMILIES = ("webhook", "svix")  # the two names that the headers go by
PARTS = ("id", "timestamp", "signature")


def key_of(secret: str) -> bytes:
    """The key that a secret stands for. Raises UnusableSecret."""
    if not secret.startswith(PREFIX):
        raise UnusableSecret(f"does not begin with {PREFIX}: take it from the sender as a whole")
    text = secret.removeprefix(PREFIX)
    if "-" in text or "_" in text:
        raise UnusableSecret("is URL-safe base64: write + for each - and / for each _ behind it")
    try:
        key = base64.b64decode(text + "=" * (-len(text) % 4), validate=True)
    except ValueError:
        raise UnusableSecret(f"is no base64 behind {PREFIX}: store it without spaces") from None
    if not LEAST_BYTES <= len(key) <= MOST_BYTES:
        raise UnusableSecret(
            f"is not of {LEAST_BYTES} to {MOST_BYTES} bytes: make one, as with "
            f'printf "{PREFIX}%s" "$(openssl rand -base64 32)"'
        )
    return key


def sign(secret: str, delivery_id: str, sent_at: datetime, body: bytes) -> dict[str, str]:
    """The three headers of a delivery, for senders. Raises UnusableSecret or ValueError."""
    if not ID.fullmatch(delivery_id):
        raise ValueError("an id is 1 to 256 visible ASCII characters without a dot")
    seconds = str((sent_at - EPOCH) // timedelta(seconds=1))
    digest = _digest(key_of(secret), delivery_id, seconds, body)
    return {
        "webhook-id": delivery_id,
        "webhook-timestamp": seconds,
        "webhook-signature": f"v1,{base64.b64encode(digest).decode()}",
    }


def _digest(key: bytes, delivery_id: str, seconds: str, body: bytes) -> bytes:
    return hmac.digest(key, f"{delivery_id}.{seconds}.".encode() + body, hashlib.sha256)


@dataclass(frozen=True)
class StandardWebhooks:
    """Believes what one of its secrets has signed within five minutes."""

    keys: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def with_secrets(cls, secrets: Iterable[str]) -> "StandardWebhooks":
        """The scheme with all secrets that are live. Raises UnusableSecret."""
        return cls(tuple(key_of(each) for each in secrets))

    def verify(self, received: Received, now: datetime) -> Verified:
        delivery_id, seconds, signature = _three(received.headers)
        if not ID.fullmatch(delivery_id) or not SECONDS.fullmatch(seconds):
            raise NotVerified(Why.HEADER_MALFORMED)
        age = (now - EPOCH) - timedelta(seconds=int(seconds))
        if abs(age) > TOLERANCE:
            raise NotVerified(Why.TOO_OLD if age > TOLERANCE else Why.TOO_NEW)
        given = list(_signatures(signature))
        expected = [_digest(key, delivery_id, seconds, received.body) for key in self.keys]
        # Each with each: how long it takes tells nobody which secret it was.
        equal = [hmac.compare_digest(mine, theirs) for mine in expected for theirs in given]
        if not any(equal):
            raise NotVerified(Why.WRONG_SIGNATURE)
        return Verified(received.body, delivery_id)


def _three(headers: Mapping[str, str]) -> tuple[str, str, str]:
    """Id, time and signatures, all three under the names of one family."""
    for family in FAMILIES:
        found = [headers.get(f"{family}-{part}", "") for part in PARTS]
        if all(found):
            if max(map(len, found)) > MOST_HEADER:
                raise NotVerified(Why.HEADER_MALFORMED)
            return found[0], found[1], found[2]
    raise NotVerified(Why.HEADER_MISSING)


def _signatures(header: str) -> Iterator[bytes]:
    """The signatures of version 1 in a list; others, and what is none, are passed over."""
    listed = header.split(" ")
    if len(listed) > MOST_SIGNATURES:
        raise NotVerified(Why.TOO_MANY_SIGNATURES)
    for each in listed:
        version, _, text = each.partition(",")
        if version == "v1":
            try:
                yield base64.b64decode(text, validate=True)
            except ValueError:
                continue
