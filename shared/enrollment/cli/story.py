"""The story of a request and its review items, step by step."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from enrollment.advice import advice
from enrollment.cli.words import SHORT_ID, counted, local
from enrollment.entry import HISTORY_FIRST, Entry, Event
from enrollment.review_item import ItemState, ReviewItem

WORDS = {
    "claimed": "attempt {attempt} begins",
    "waiting": "not now",
    "parked": "kept until the line is open",
    "enrolled": "enrolled",
    "already_enrolled": "was in the course already",
    "invited": "invited",
    "rejected": "rejected",
    "letter sent": "set aside for review",
    "review closed": "its review item is closed, the wish came true",
    "replayed": "sent again by review",
    "retried": "tried again with a new roster",
    "corrected": "with a corrected student or course",
}


@dataclass(frozen=True, kw_only=True)
class Step:
    """One line of a story; one that stands for others has no date of its own."""

    at: datetime
    what: str
    why: str = ""
    dated: bool = True


def story(entry: Entry, items: Sequence[ReviewItem]) -> list[tuple[str, str, str]]:
    """What happened to a request and its review items, in the order of time."""
    steps = [*_steps(entry), *(step for item in items for step in _review_steps(item))]
    steps.sort(key=lambda step: step.at)
    return [(local(step.at) if step.dated else "", step.what, step.why) for step in steps]


def _steps(entry: Entry) -> Iterator[Step]:
    yield Step(at=entry.first_seen_at, what="first seen")
    left_out = entry.history_count - len(entry.history)
    for number, event in enumerate(entry.history):
        if left_out and number == HISTORY_FIRST:
            gone = f"… {counted(left_out, 'step')} left out"
            yield Step(at=entry.history[number - 1].at, what=gone, dated=False)
        why = advice(event.reason).sentence if event.reason else ""
        yield Step(at=event.at, what=_what(event), why=why)


def _review_steps(item: ReviewItem) -> Iterator[Step]:
    short = item.letter_id[:SHORT_ID]
    yield Step(at=item.filed_at, what=f"review item {short} filed", why=item.reason.value)
    if item.closed_at is None:
        return
    if item.state is ItemState.RESOLVED:
        what, why = "resolved", "The wish came true by another way."
    else:
        what, why = f"{item.state.value} by {item.closed_by}", item.note or ""
    yield Step(at=item.closed_at, what=f"review item {short} {what}", why=why)


def _what(event: Event) -> str:
    return WORDS.get(event.what, event.what).format(attempt=event.attempt)
