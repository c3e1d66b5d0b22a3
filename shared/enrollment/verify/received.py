"""What arrived, what is believed of it, and why it is not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Protocol


@dataclass(frozen=True)
class Received:
    """What arrived, before anybody believes it. The names of headers are in lower case."""

    headers: Mapping[str, str] = field(repr=False)  # one of them may hold a password
    body: bytes = field(repr=False)


@dataclass(frozen=True)
class Verified:
    """What a sender that proved itself has said.

    `body` is what is to be read. `delivery_id` is the sender's id of this delivery, the same when
    it tries again; None if it has none.
    """

    body: bytes = field(repr=False)
    delivery_id: str | None = field(repr=False)  # chosen by the sender: it may name a person


class Why(StrEnum):
    """Why something is not believed: for our own journal, never for whoever sent it."""

    HEADER_MISSING = "a header is missing"
    HEADER_MALFORMED = "a header is not as the scheme writes it"
    TOO_MANY_SIGNATURES = "too many signatures"
    TOO_OLD = "too old"
    TOO_NEW = "from the future"
    WRONG_SIGNATURE = "no signature by a live secret"
    WRONG_CREDENTIALS = "other credentials"
    NOT_SIGNED = "no signed token"
    WRONG_ALGORITHM = "another algorithm than RS256"
    UNKNOWN_KEY = "a key that the issuer does not publish"
    NO_CLAIMS = "the token makes no claims that can be read"
    WRONG_ISSUER = "another issuer"
    WRONG_AUDIENCE = "another audience"
    WRONG_EMAIL = "another address, or one that nobody verified"
    WRONG_ACCOUNT = "another account"
    NOT_BEGUN = "a sign-in that this browser has not begun, or too long ago"
    NO_CODE = "a code that Google has not given, or has been used"
    WRONG_NONCE = "a token of another sign-in"
    PRIVATE_ACCOUNT = "a private account with an address that Google does not speak for"
    NO_DELIVERIES = "people sign in here; no system delivers"


class NotVerified(Exception):
    """It is not believed. Nothing of what arrived is in it."""

    def __init__(self, why: Why) -> None:
        super().__init__(str(why))
        self.why = why


class Scheme(Protocol):
    """One way to prove who sends."""

    def verify(self, received: Received, now: datetime) -> Verified:
        """What was sent, if it is proved who sent it.

        Raises NotVerified, and nothing else whatever arrives. A scheme that needs the keys of an
        issuer also raises what `Keys` does.
        """


class NoDelivery:
    """Believes no delivery: people prove themselves in their own way."""

    def verify(self, received: Received, now: datetime) -> Verified:
        del received, now
        raise NotVerified(Why.NO_DELIVERIES)
