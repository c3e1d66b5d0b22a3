"""Review items by the start of their ids, and what may be shown of them."""

import re
from collections.abc import Iterable, Mapping, Sequence
from difflib import get_close_matches
from typing import Any

from enrollment.advice import advice
from enrollment.cli.standing import LOOKING
from enrollment.cli.trouble import Misuse
from enrollment.cli.words import SHORT_ID, counted, iso, local, masked
from enrollment.clock import Deadline
from enrollment.drafts import half_of
from enrollment.reasons import Reason
from enrollment.request import EnrollmentRequest
from enrollment.review_item import ItemState, ReviewItem, StoredItem
from enrollment.wire import Unreadable, decode
from enrollment.wiring.store import Store

SHORTEST = 6
MOST_ALIKE = 20  # items shown that begin alike


def found(store: Store, starts: Iterable[str]) -> list[StoredItem]:
    """The items whose ids begin so, open or closed, each once. Raises Misuse."""
    wanted = list(dict.fromkeys(start.lower() for start in starts))
    for start in wanted:
        if len(start) < SHORTEST or re.search(r"[^0-9a-f]", start):
            raise Misuse(
                f"{start} is no id of an item: give at least {SHORTEST} of the digits that"
                " `review list` shows"
            )
    deadline = Deadline.starting_now(store.clock)
    items = [
        _only(start, store.reviews.with_prefix(start, MOST_ALIKE, deadline)) for start in wanted
    ]
    return list({each.item.letter_id: each for each in items}.values())


def _only(start: str, those: Sequence[StoredItem]) -> StoredItem:
    if len(those) == 1:
        return those[0]
    if not those:
        raise Misuse(f"no item begins with {start}: `review list` shows the open ones")
    length = SHORT_ID
    while len({each.item.letter_id[:length] for each in those}) < len(those):
        length += 1
    ids = ", ".join(each.item.letter_id[:length] for each in those)
    raise Misuse(f"{counted(len(those), 'item')} begin with {start}: say which of {ids}")


def reason_named(store: Store, name: str | None) -> Reason | None:
    """A reason by its name. Raises Misuse, naming those of the open items."""
    if name is None:
        return None
    if name in set(Reason):
        return Reason(name)
    near = get_close_matches(name, list(Reason), n=1)
    hint = f"; did you mean {near[0]}?" if near else ""
    deadline = Deadline.starting_now(store.clock, LOOKING)
    reasons = sorted({each.item.reason.value for each in store.reviews.open_items(deadline)})
    there = f"open are {', '.join(reasons)}" if reasons else "no item is open"
    raise Misuse(f"{name!r} is no reason{hint}; {there}")


def closing(item: ReviewItem) -> str:
    """Who closed an item, when, and with which words: `replayed by Grace on 2026-…`."""
    when = local(item.closed_at)
    if item.state is ItemState.RESOLVED:
        return f"resolved on {when}: the wish came true by another way"
    note = f": {item.note}" if item.note else ""
    return f"{item.state.value} by {item.closed_by} on {when}{note}"


def readable(item: ReviewItem) -> EnrollmentRequest | None:
    """The request of an item, or None if it cannot be read."""
    try:
        return decode(item.body)
    except Unreadable:
        return None


def clear_of(item: ReviewItem) -> Mapping[str, str]:
    """What is clear of the wish: all of a request, of an unmapped one as much as is known.

    A class's id is there only where no course is.
    """
    if request := readable(item):
        return {
            "source": request.source,
            "course_id": request.course_id,
            "student": request.student,
        }
    if not item.is_draft:
        return {}
    half = half_of(item.body)
    names = ("source", "course_id" if "course_id" in half else "class_id", "student")
    return {name: half[name] for name in names if name in half}


def as_json(item: ReviewItem, *, whole: bool) -> dict[str, Any]:
    """An item as `review list` promises it."""
    clear = clear_of(item)
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
        "source": clear.get("source"),
        "course_id": clear.get("course_id"),
        "class_id": clear.get("class_id"),
        "student": masked(clear["student"], whole=whole) if "student" in clear else None,
    }
