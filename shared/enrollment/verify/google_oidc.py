"""An ID token of Google: who calls is a Google account, often a service account."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from enrollment.verify.delivery_ids import delivery_id
from enrollment.verify.jwks import Keys
from enrollment.verify.jws import claims_of, in_time, opened
from enrollment.verify.received import NotVerified, Received, Verified, Why

PUBLISHED_AT = "https://www.googleapis.com/oauth2/v3/certs"
ISSUERS = ("https://accounts.google.com", "accounts.google.com")  # Google writes both
MOST_HEADER = 8192  # characters; Google's tokens have about a thousand
MOST_EMAIL = 254  # letters (RFC 5321); a longer one is nobody's
BEARER = "bearer "


@dataclass(frozen=True)
class GoogleOidc:
    """Believes who shows Google's word for one of these addresses, given for this audience."""

    audience: str
    emails: frozenset[str] = field(repr=False)
    keys: Keys = field(repr=False)

    @classmethod
    def of(cls, audience: str, emails: Iterable[str], keys: Keys) -> "GoogleOidc":
        """The scheme for an audience and the addresses that may call."""
        return cls(audience, frozenset(each.lower() for each in emails), keys)

    def verify(self, received: Received, now: datetime) -> Verified:
        claims = google_claims(_bearer(received), self.keys, self.audience, now)
        if verified_email(claims) not in self.emails:
            raise NotVerified(Why.WRONG_EMAIL)
        return Verified(received.body, delivery_id(received.headers))


def google_claims(token: str, keys: Keys, audience: str, now: datetime) -> dict[str, Any]:
    """What Google says in a token for an audience. Raises NotVerified, and what the keys do."""
    claims = claims_of(opened(token, keys))
    if claims.get("iss") not in ISSUERS:
        raise NotVerified(Why.WRONG_ISSUER)
    if claims.get("aud") != audience:
        raise NotVerified(Why.WRONG_AUDIENCE)
    in_time(claims, now, needed=("exp", "iat"))
    return claims


def verified_email(claims: Mapping[str, Any]) -> str:
    """The address, in lower case, that Google has verified. Raises NotVerified."""
    email = claims.get("email")
    if claims.get("email_verified") is not True or not isinstance(email, str):
        raise NotVerified(Why.WRONG_EMAIL)
    if not email.isascii() or len(email) > MOST_EMAIL:
        raise NotVerified(Why.WRONG_EMAIL)
    return email.lower()


def _bearer(received: Received) -> str:
    header = received.headers.get("authorization")
    if header is None:
        raise NotVerified(Why.HEADER_MISSING)
    if len(header) > MOST_HEADER or header[: len(BEARER)].lower() != BEARER:
        raise NotVerified(Why.HEADER_MALFORMED)
    return header[len(BEARER) :].strip(" ")
