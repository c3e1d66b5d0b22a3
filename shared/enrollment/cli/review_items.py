"""Review items by the start of their ids, and what may be shown of them."""

import re
from collections.abc import Iterable
from typing import Any

from enrollment.advice import advice
from enrollment.cli.trouble import Misuse
from enrollment.cli.words import SHORT_ID, counted, iso, masked
from enrollment.clock import Deadline
from enrollment.request import EnrollmentRequest
from enrollment.review_item import ReviewItem, StoredItem
from enrollment.wire import Unreadable, decode
from enrollment.wiring import Store

SHORTEST = 6
WHOLE = 64  # hex digits of SHA-256
CODE = re.compile(r'((?i:enrollment.?code)\\?"?\s*[:=]\s*\\?"?)(?!null\b)[^"\\,}\s]+')


def found(store: Store, starts: Iterable[str]) -> list[StoredItem]:
    """The open items whose ids begin so; closed ones by their whole id. Raises Misuse."""
    wanted = list(dict.fromkeys(start.lower() for start in starts))
    for start in wanted:
        if len(start) < SHORTEST or re.search(r"[^0-9a-f]", start):
            raise Misuse(
                f"{start} is no id of an item: give at least {SHORTEST} of the digits that"
                " `review list` shows"
            )
    deadline = Deadline.starting_now(store.clock)
    matches: dict[str, list[StoredItem]] = {start: [] for start in wanted}
    for start in (each for each in wanted if len(each) == WHOLE):
        if (one := store.reviews.get(start, deadline)) is not None:
            matches[start].append(one)
    short = [start for start in wanted if len(start) < WHOLE]
    for stored in store.reviews.open_items(deadline) if short else ():
        for start in short:
            if stored.item.letter_id.startswith(start):
                matches[start].append(stored)
    return [_only(start, those) for start, those in matches.items()]


def _only(start: str, those: list[StoredItem]) -> StoredItem:
    if len(those) == 1:
        return those[0]
    if not those:
        raise Misuse(
            f"no open item begins with {start}: `review list` shows them; a closed one needs its"
            " whole id"
        )
    length = SHORT_ID
    while len({each.item.letter_id[:length] for each in those}) < len(those):
        length += 1
    ids = ", ".join(each.item.letter_id[:length] for each in those)
    raise Misuse(f"{counted(len(those), 'item')} begin with {start}: say which of {ids}")


def readable(item: ReviewItem) -> EnrollmentRequest | None:
    """The request of an item, or None if it cannot be read."""
    try:
        return decode(item.body)
    except Unreadable:
        return None


def as_json(item: ReviewItem, *, whole: bool) -> dict[str, Any]:
    """An item as `review list` promises it."""
    request = readable(item)
    told = advice(item.reason)
    return {
        "id": item.letter_id,
        "filed_at": iso(item.filed_at),
        "reason": item.reason,
        "sentence": told.sentence,
        "next_step": told.next_step,
        "detail": item.detail,
        "state": item.state,
        "attempts": item.attempts,
        "replay": item.replay,
        "request_id": item.request_id,
        "source": request.source if request else None,
        "course_id": request.course_id if request else None,
        "student": masked(request.student, whole=whole) if request else None,
    }


def body_without_code(item: ReviewItem) -> str:
    """The message as text, with an enrollment code blotted out."""
    return CODE.sub(r"\1***", item.body.decode(errors="replace"))
