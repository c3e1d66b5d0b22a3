"""A dead letter that has been filed for a person."""

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from enrollment.reasons import Reason


class ItemState(StrEnum):
    """What has become of a review item. Only an open one waits for a person."""

    OPEN = "open"
    REPLAYED = "replayed"
    DISMISSED = "dismissed"
    RESOLVED = "resolved"  # the wish came true by another way


@dataclass(frozen=True, kw_only=True)
class ReviewItem:
    """One dead letter: the original message, why it was set aside, what was done since."""

    letter_id: str
    reason: Reason
    detail: str
    body: bytes = field(repr=False)
    attempts: int
    replay: int
    filed_at: datetime
    request_id: str | None = None
    first_seen_at: datetime | None = None
    trace: str | None = None
    # Set when the body was too long to be kept whole.
    truncated: bool = False
    length: int = 0
    sha256: str = ""
    state: ItemState = ItemState.OPEN
    closed_at: datetime | None = None
    closed_by: str | None = None
    note: str | None = None

    @property
    def is_draft(self) -> bool:
        """Whether its body is half a request, which a person completes or approves."""
        return self.reason in (Reason.UNMAPPED, Reason.NEEDS_APPROVAL)


@dataclass(frozen=True)
class StoredItem:
    """A review item as it is stored, with the store's token of this state of it."""

    item: ReviewItem
    version: object


def letter_id(request_id: str, replay: int, fingerprint: str) -> str:
    """The id of the letter about a readable request: the same letter twice is one item."""
    return hashlib.sha256(f"{request_id}\n{replay}\n{fingerprint}".encode()).hexdigest()


def unreadable_letter_id(body: bytes, attributes: dict[str, str]) -> str:
    """The id of the letter about a message that cannot be read."""
    told = "\n".join(f"{name}={value}" for name, value in sorted(attributes.items()))
    # Half a surrogate pair is no character, but JSON may hold one, and this id must not fail.
    return hashlib.sha256(body + b"\n" + told.encode(errors="surrogatepass")).hexdigest()
