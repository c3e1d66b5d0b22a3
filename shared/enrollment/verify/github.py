"""GitHub's signature, which many others imitate: HMAC-SHA256 in hex, over the raw body alone.

No time is signed, so nothing tells an old delivery from a new one but its id, and the id of the
request that is read from it.
"""

import hashlib
import hmac
import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from enrollment.verify.delivery_ids import delivery_id
from enrollment.verify.plain_secrets import plain
from enrollment.verify.received import NotVerified, Received, Verified, Why

SIGNATURE = re.compile(r"sha256=([0-9a-fA-F]{64})")


@dataclass(frozen=True)
class GitHub:
    """Believes what one of its secrets has signed."""

    keys: tuple[bytes, ...] = field(repr=False)

    @classmethod
    def with_secrets(cls, secrets: Iterable[str]) -> "GitHub":
        """The scheme with all secrets that are live. Raises UnusableSecret."""
        return cls(tuple(plain(each) for each in secrets))

    def verify(self, received: Received, now: datetime) -> Verified:
        del now  # no time is signed
        header = received.headers.get("x-hub-signature-256")
        if header is None:
            raise NotVerified(Why.HEADER_MISSING)
        found = SIGNATURE.fullmatch(header)
        if not found:
            raise NotVerified(Why.HEADER_MALFORMED)
        given = bytes.fromhex(found[1])
        expected = [hmac.digest(key, received.body, hashlib.sha256) for key in self.keys]
        equal = [hmac.compare_digest(mine, given) for mine in expected]
        if not any(equal):
            raise NotVerified(Why.WRONG_SIGNATURE)
        return Verified(received.body, delivery_id(received.headers, ("x-github-delivery",)))
