"""Review items for people and programs."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from enrollment.advice import advice
from enrollment.cli.places import Place, place
from enrollment.cli.review_body import body_without_code
from enrollment.cli.review_items import as_json, clear_of, closing, found, readable, reason_named
from enrollment.cli.standing import LOOKING
from enrollment.cli.stores import opened
from enrollment.cli.tables import Table, note, say, show, show_json
from enrollment.cli.words import SHORT_ID, counted, iso, local, masked
from enrollment.clock import Deadline
from enrollment.drafts import half_of
from enrollment.reasons import Reason
from enrollment.review_item import ItemState, ReviewItem
from enrollment.wiring.store import Store

MOST_BODY = 4_000  # characters on a screen
# Replayed as they are, these would be refused again.
CORRECTED = {
    Reason.STUDENT_UNKNOWN: " --student ADDRESS",
    Reason.OUTSIDE_DOMAIN: " --student ADDRESS",
    Reason.UNTRUSTED_DOMAIN: " --student ADDRESS",
}


def list_items(
    store: str | None, named: str | None, limit: int, *, whole: bool, json: bool
) -> None:
    """Show the oldest open items, and what to do about their reasons."""
    with opened(place(store)) as school:
        reason = reason_named(school, named)
        shown, matching = _open_items(school, reason, limit)
    if json:
        show_json({"open": matching, "items": [as_json(item, whole=whole) for item in shown]})
        return
    if not shown:
        say("Nothing waits for a person" + (f" because of {reason}." if reason else "."))
        return
    show(_table(shown, whole=whole))
    for line in _advice(shown):
        say(line)
    if matching > len(shown):
        note(f"{counted(matching - len(shown), 'more item')}: {_how_to_see(matching, reason)}")


def _how_to_see(matching: int, reason: Reason | None) -> str:
    one = "" if reason else ", or --reason REASON for those of one reason"
    return f"add --limit {matching}{one}"


def _open_items(store: Store, reason: Reason | None, limit: int) -> tuple[list[ReviewItem], int]:
    """The oldest items because of a reason, or of any, and how many there are in all."""
    deadline = Deadline.starting_now(store.clock, LOOKING)
    items = (each.item for each in store.reviews.open_items(deadline))
    alike = (it for it in items if reason in (None, it.reason))
    shown = list(islice(alike, limit))
    if len(shown) < limit:
        return shown, len(shown)
    if reason is None:  # counted without being read
        return shown, store.reviews.count_open(deadline)
    return shown, limit + sum(1 for _ in alike)


def _table(items: Sequence[ReviewItem], *, whole: bool) -> Table:
    return Table(
        title="Open items, the oldest first",
        columns=("id", "filed", "reason", "course", "student", "detail"),
        rows=[
            (
                item.letter_id[:SHORT_ID],
                local(item.filed_at),
                item.reason.value,
                clear.get("course_id") or _class(clear),
                masked(clear["student"], whole=whole) if "student" in clear else "",
                item.detail,
            )
            for item in items
            for clear in [clear_of(item)]
        ],
    )


def _class(clear: Mapping[str, str]) -> str:
    """The sender's own class, where it is not clear which course that is."""
    return f"class {clear['class_id']}" if "class_id" in clear else ""


def _advice(items: Sequence[ReviewItem]) -> Iterator[str]:
    """What to do, once for each reason of these items."""
    for reason in dict.fromkeys(item.reason for item in items):
        told = advice(reason)
        yield f"{reason}: {told.sentence}"
        yield f"  Next: {told.next_step} (who: {told.who.value})"


def show_item(store: str | None, start: str, *, whole: bool, json: bool) -> None:
    """Show one item with all that may be shown of it."""
    at = place(store)
    with opened(at) as school:
        item = found(school, [start])[0].item
    if json:
        show_json(as_json(item, whole=whole) | _more(item, whole=whole))
        return
    for line in _lines(item, at, whole=whole):
        say(line)


def _more(item: ReviewItem, *, whole: bool) -> dict[str, object]:
    return {
        "first_seen_at": iso(item.first_seen_at),
        "closed_at": iso(item.closed_at),
        "closed_by": item.closed_by,
        "note": item.note,
        "length": item.length,
        "sha256": item.sha256,
        "truncated": item.truncated,
        "body": body_without_code(item) if whole else None,
    }


def _lines(item: ReviewItem, at: Place, *, whole: bool) -> Iterator[str]:
    told, request = advice(item.reason), readable(item)
    yield f"{item.letter_id}, {item.state.value}, filed {local(item.filed_at)}"
    if item.closed_at:
        yield f"  {closing(item)}"
    if request:
        yield f"  {masked(request.student, whole=whole)} into {request.course_id}"
        yield f"  source {request.source}, request {request.request_id}, mode {request.mode}"
    elif item.is_draft:
        yield from _half(item, whole=whole)
    else:
        yield f"  a message of {item.length:,} bytes that cannot be read, SHA-256 {item.sha256}"
    if item.attempts:
        yield f"  tried {counted(item.attempts, 'time')}, first seen {local(item.first_seen_at)}"
    yield f"Why:  {item.reason}: {told.sentence}"
    if item.detail:
        yield f"      {item.detail}"
    if item.state is ItemState.OPEN:
        yield f"Next: {told.next_step} (who: {told.who.value})"
        yield from _commands(item, at, whole=whole)
    if not request and whole:
        yield f"Body: {(body_without_code(item) or _withheld(item, at))[:MOST_BODY]}"


def _commands(item: ReviewItem, at: Place, *, whole: bool) -> Iterator[str]:
    """What to type, as far as a command helps."""
    named = item.letter_id[:SHORT_ID]
    if readable(item) and item.reason is not Reason.ID_REUSED:
        right = CORRECTED.get(item.reason, "")
        yield f"      {at.command(f'review replay {named}{right}')}"
        if right and not whole:
            shown = at.command(f"review show {named} --show-addresses")
            yield f"      the address as it was sent: {shown}"
    elif item.is_draft and not readable(item):
        yield f"      {at.command(f'review replay {named}{_missing(item)}')}"


def _half(item: ReviewItem, *, whole: bool) -> Iterator[str]:
    """What is clear of a draft, and the sender's own ids, which may be addresses."""
    half = half_of(item.body)
    student = masked(half["student"], whole=whole) if "student" in half else "somebody"
    yield f"  {student} into {half.get('course_id', 'some course')}"
    ids = ""
    if {"class_id", "user_id"} & half.keys():
        user_id = masked(half["user_id"], whole=whole) if "user_id" in half else "none"
        ids = f"; its ids are class {half.get('class_id', 'none')} and person {user_id}"
    yield f"  source {half.get('source', 'unknown')}, request {item.request_id}{ids}"


def _missing(item: ReviewItem) -> str:
    """The options that say what an unmapped wish lacks."""
    half = half_of(item.body)
    lacking = {"student": " --student ADDRESS", "course_id": " --course COURSE"}
    return "".join(option for name, option in lacking.items() if name not in half)


def _withheld(item: ReviewItem, at: Place) -> str:
    """Why a body is not shown, and how to see it all the same."""
    told = "not shown: it is no whole JSON object, so a code in it could not be blanked. Ask its"
    if at.embedded:
        query = f"select body from reviews where id = '{item.letter_id}'"  # noqa: S608 - hexadecimal
        where = shlex.join(["sqlite3", at.path, query])
    else:
        where = f"the field `body` of reviews/{item.letter_id} in {at.name}"
    return f"{told} sender; if you must see it: {where}"
