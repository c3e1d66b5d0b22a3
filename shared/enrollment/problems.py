"""What an intake answers when it does not accept: problem details (RFC 9457), each of one kind."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import Enum

from enrollment.sources.events import Fault
from enrollment.verify.schemes import SIGNATURE

CONTENT_TYPE = "application/problem+json"
TYPE = "urn:classroom-enrollment:problem:"
RETRY_AFTER = 5  # seconds; a restarted emulator or a second instance is there by then


class Kind(Enum):
    """Every problem there is: status, name and title."""

    NOT_JSON = (400, "not-json", "The body is no JSON")
    NOT_A_FORM = (400, "not-a-form", "The body is no form")
    NOT_VERIFIED = (401, "not-verified", "The sender could not be verified")
    UNKNOWN_SOURCE = (404, "unknown-source", "No source of this name is declared")
    UNKNOWN_REQUEST = (404, "unknown-request", "No request of this id is known")
    NOT_FOUND = (404, "not-found", "Nothing is here")
    NOT_ALLOWED = (405, "method-not-allowed", "This method is not for this address")
    TOO_LARGE = (413, "too-large", "The body is too large")
    NOT_THIS_TYPE = (415, "unsupported-type", "The body has another content type")
    INVALID = (422, "invalid-request", "The body asks for nothing that can be done")
    TOO_MANY = (429, "too-many", "Too many deliveries at once")
    OUR_FAULT = (500, "our-fault", "A fault of ours")
    NOT_NOW = (503, "not-now", "It cannot be accepted now")

    def __init__(self, status: int, code: str, title: str) -> None:
        self.status, self.code, self.title = status, code, title


@dataclass(frozen=True)
class Problem(Exception):
    """An answer that is no acceptance; nothing in it repeats what was sent."""

    kind: Kind
    detail: str = ""
    faults: Sequence[Fault] = ()
    retry_after: int | None = None
    allow: str | None = None
    challenge: str = SIGNATURE  # how the sender should have proved itself

    def headers(self) -> dict[str, str]:
        """The headers that belong to it."""
        told = {
            "Content-Type": CONTENT_TYPE,
            "X-Content-Type-Options": "nosniff",
            "Cache-Control": "no-store",  # a 404 would else be kept, and the request come later
        }
        if self.retry_after is not None:
            told["Retry-After"] = str(self.retry_after)
        if self.allow is not None:
            told["Allow"] = self.allow
        if self.kind is Kind.NOT_VERIFIED:
            told["WWW-Authenticate"] = self.challenge
        return told

    def text(self) -> str:
        """The body."""
        said: dict[str, object] = {
            "type": f"{TYPE}{self.kind.code}",
            "title": self.kind.title,
            "status": self.kind.status,
        }
        if self.detail:
            said["detail"] = self.detail
        if self.faults:
            said["errors"] = [each._asdict() for each in self.faults]
        return json.dumps(said, ensure_ascii=False)


def not_now(detail: str, wait: timedelta | None = None) -> Problem:
    """The sender shall try again soon, or when it makes sense."""
    seconds = math.ceil(wait.total_seconds()) if wait else 0
    return Problem(Kind.NOT_NOW, detail, retry_after=max(RETRY_AFTER, seconds))
