"""What was answered to one delivery of a sender: kept, so that a repeat of it hears the same."""

import hashlib
from collections.abc import Iterable
from dataclasses import astuple, dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

# A sender of Standard Webhooks tries for 75 h 35 min (its specification, "Retry schedule").
KEPT = timedelta(days=4)


class Became(StrEnum):
    """What one record of a delivery became."""

    ACCEPTED = "accepted"
    SKIPPED = "skipped"  # the record is right, and there is nothing to add
    REVIEW = "review"  # a person has to look
    REFUSED = "refused"  # the sender can mend it, and hears how


@dataclass(frozen=True, kw_only=True)
class Told:
    """What the sender hears of one record. Nothing in it is an address, a name or a code.

    `pointer` says where the record stands in the body (RFC 6901).
    """

    pointer: str
    became: Became
    request_id: str | None = None
    reason: str | None = None
    detail: str | None = None


@dataclass(frozen=True, kw_only=True)
class Receipt:
    """One delivery: what it came to, and the messages that were to be published for it.

    They are kept with it: whoever failed between keeping and publishing publishes the very same
    when the sender tries again, whatever the school's rules say by then.
    """

    key: str
    source: str
    received_at: datetime
    told: tuple[Told, ...]
    requests: tuple[str, ...] = field(default=(), repr=False)
    letters: tuple[str, ...] = field(default=(), repr=False)


class Noted(NamedTuple):
    """What the last delivery that named a request made of it, and that delivery's receipt."""

    became: Became
    key: str


def receipt_key(
    source: str, delivery_id: str | None, body: bytes, told: Iterable[Told] = ()
) -> str:
    """What tells a delivery from every other one: the sender's id of it, and its content.

    Another content under the same id is another delivery: nothing is answered that was not read.
    Without an id nobody can tell a repeat from the same words said anew; if they come to something
    else by now, because a person or a rule has been mended, they are said anew.
    """
    digest = hashlib.sha256(body)
    if delivery_id is None:
        for each in told:
            digest.update(repr(astuple(each)).encode())
    text = f"{source}\n{delivery_id or ''}\n{digest.hexdigest()}"
    return hashlib.sha256(text.encode()).hexdigest()
