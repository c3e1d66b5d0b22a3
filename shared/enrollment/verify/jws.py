"""A token that is signed with a published key (RFC 7515, compact form), and the claims in it."""

import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from jwt import PyJWS, PyJWTError

from enrollment.verify.jwks import ALGORITHM, Keys
from enrollment.verify.received import NotVerified, Why

TOKEN = re.compile(r"[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+")
# Both clocks are set over the network and are right to a second; one that has lost its time server
# drifts by some seconds a day. A minute bears with weeks of that, and is little beside the hour
# that such tokens live.
SKEW = timedelta(seconds=60)
LATEST = 10**12  # seconds, the year 33,658; NaN and infinity, which JSON may hold, are not below it
EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_JWS = PyJWS(algorithms=[ALGORITHM])


def opened(token: str, keys: Keys) -> bytes:
    """What was signed, as it was signed. Raises NotVerified, and what the keys do."""
    if not TOKEN.fullmatch(token):
        raise NotVerified(Why.NOT_SIGNED)
    try:
        header = _JWS.get_unverified_header(token)
    except PyJWTError:
        raise NotVerified(Why.NOT_SIGNED) from None
    # Before the keys are asked for: neither `none` nor a secret made of a public key gets further.
    if header.get("alg") != ALGORITHM:
        raise NotVerified(Why.WRONG_ALGORITHM)
    kid = header.get("kid")
    key = keys.key(kid) if isinstance(kid, str) else None
    if key is None:
        raise NotVerified(Why.UNKNOWN_KEY)
    try:
        payload = _JWS.decode(token, key, [ALGORITHM])
    except PyJWTError:
        raise NotVerified(Why.WRONG_SIGNATURE) from None
    assert isinstance(payload, bytes)
    return payload


def claims_of(payload: bytes) -> dict[str, Any]:
    """The claims. Raises NotVerified."""
    try:
        claims = json.loads(payload)
    except (ValueError, RecursionError):
        raise NotVerified(Why.NO_CLAIMS) from None
    if not isinstance(claims, dict):
        raise NotVerified(Why.NO_CLAIMS)
    return claims


def in_time(claims: dict[str, Any], now: datetime, *, needed: tuple[str, ...] = ()) -> None:
    """Return if the token is valid at this time; `needed` must be there. Raises NotVerified.

    PyJWT would ask the machine's clock.
    """
    if any(name not in claims for name in needed):
        raise NotVerified(Why.NO_CLAIMS)
    earliest, latest = (now - SKEW - EPOCH).total_seconds(), (now + SKEW - EPOCH).total_seconds()
    if "exp" in claims and _seconds(claims["exp"]) <= earliest:
        raise NotVerified(Why.TOO_OLD)
    for name in ("iat", "nbf"):
        if name in claims and _seconds(claims[name]) > latest:
            raise NotVerified(Why.TOO_NEW)


def _seconds(claim: object) -> int | float:
    """Seconds since the epoch. Raises NotVerified."""
    if isinstance(claim, bool) or not isinstance(claim, int | float) or not 0 <= claim < LATEST:
        raise NotVerified(Why.NO_CLAIMS)
    return claim
