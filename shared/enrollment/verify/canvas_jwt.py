"""Canvas Live Events with "Sign Payload": the body is a signed token, the event is its claims.

The keys are Instructure's and sign for every Canvas there is: the previous, the current and the
next are published together and change each month. So the signature alone says only "some Canvas";
which one, the event says under `metadata`, and only the accounts that are named are believed.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime

from enrollment.verify.jwks import Keys
from enrollment.verify.jws import claims_of, in_time, opened
from enrollment.verify.received import NotVerified, Received, Verified, Why

# The documents say that the token is the body; one that is written as a JSON string is read too.
BODY = re.compile(rb'[ \t\r\n]*("?)([A-Za-z0-9._-]+)\1[ \t\r\n]*')


@dataclass(frozen=True)
class CanvasJwt:
    """Believes the events of these Canvas accounts, named by their `root_account_uuid`."""

    accounts: frozenset[str]
    keys: Keys = field(repr=False)

    @classmethod
    def of(cls, accounts: Iterable[str], keys: Keys) -> "CanvasJwt":
        """The scheme for these accounts."""
        return cls(frozenset(accounts), keys)

    def verify(self, received: Received, now: datetime) -> Verified:
        found = BODY.fullmatch(received.body)
        if not found:
            raise NotVerified(Why.NOT_SIGNED)
        payload = opened(found[2].decode("ascii"), self.keys)
        claims = claims_of(payload)
        in_time(claims, now)  # if the token says anything about it: RFC 7519, 4.1.4
        metadata = claims.get("metadata")
        account = metadata.get("root_account_uuid") if isinstance(metadata, dict) else None
        if not isinstance(account, str) or account not in self.accounts:
            raise NotVerified(Why.WRONG_ACCOUNT)
        # Its request_id is of the action in Canvas, and shared by all events of it.
        return Verified(payload, delivery_id=None)
