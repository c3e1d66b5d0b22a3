"""The life of an entry in words, from its history."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from enrollment.advice import advice
from enrollment.cli.places import Place, place
from enrollment.cli.review_items import closing
from enrollment.cli.stores import opened
from enrollment.cli.story import story
from enrollment.cli.tables import Table, say, show, show_json
from enrollment.cli.trouble import Failure, Misuse
from enrollment.cli.words import SHORT_ID, counted, iso, local, masked
from enrollment.clock import Deadline
from enrollment.entry import Entry, State, Stored
from enrollment.outcome import Outcome
from enrollment.reasons import Reason
from enrollment.request import COURSE_ID, EnrollmentRequest, student_key
from enrollment.review_item import ItemState, ReviewItem
from enrollment.settings import Need
from enrollment.wiring.store import Queue, Store


@dataclass(frozen=True, kw_only=True)
class Sought:
    """Which entries: one request's, or a student's, perhaps in one course."""

    course: str | None
    student: str | None
    request_id: str | None

    def check(self) -> None:
        """Raise Misuse unless exactly one way is chosen."""
        if (self.student is None) == (self.request_id is None):
            raise Misuse("name one of the two: --student (with --course), or --request-id")
        if self.course is not None and self.student is None:
            raise Misuse("--course is not enough: add --student")


Life = tuple[Stored, Sequence[ReviewItem]]


def tell(sought: Sought, store: str | None, *, whole: bool, json: bool) -> None:
    """Find the entries and tell their lives. Raises Failure if there are none."""
    sought.check()
    at = place(store, needs=(Need.PSEUDONYM_KEY,) if sought.student else ())
    with opened(at) as school:
        lives = _lives(sought, school, at)
    if json:
        show_json({"entries": [_as_json(*life, whole=whole) for life in lives]})
        return
    for life in lives:
        _tell(*life, at=at, whole=whole)


def _lives(sought: Sought, store: Store, at: Place) -> list[Life]:
    deadline = Deadline.starting_now(store.clock)
    found: Sequence[Stored]
    if sought.request_id is not None:
        one = store.ledger.get(sought.request_id, deadline)
        found = [one] if one else []
    else:
        assert sought.student is not None
        key = student_key(at.settings.pseudonym_key, sought.student)
        found = store.ledger.of_student(key, sought.course, deadline)
    if not found:
        raise Failure(_unknown(sought, store.queue(deadline), at))
    return [
        (each, [it.item for it in store.reviews.of_request(each.entry.request_id, deadline)])
        for each in found
    ]


def _unknown(sought: Sought, queue: Queue | None, at: Place) -> str:
    what = "request has this id" if sought.request_id else "request of this student is known"
    where = " in this course" if sought.course else ""
    hint = "check the spelling" + ("" if sought.request_id else " and PSEUDONYM_KEY")
    if queue is None:
        hint += ", or look again in a minute: it may be on the queue"
    elif queue.requests:
        to_go = f"{counted(queue.requests, 'message')} to go"
        hint += f", or look again after `{at.command('run')}`: {to_go}"
    if sought.course is not None and not COURSE_ID.fullmatch(sought.course):
        hint += "; a course is named by digits or an alias as it was sent, like d:BIO-7"
    if not sought.request_id:
        waiting = at.command(f"review list --reason {Reason.NEEDS_APPROVAL}")
        hint += f"; what a form asked for may wait for approval: `{waiting}`"
    return f"no {what}{where} in {at.name}: {hint}"


def _tell(stored: Stored, items: Sequence[ReviewItem], *, at: Place, whole: bool) -> None:
    entry = stored.entry
    say(f"{_student(entry, whole=whole)} in {entry.course_id}")
    say(f"  request {entry.request_id}" + (f", replay {entry.replay}" if entry.replay else ""))
    show(Table(title="What happened", columns=("when", "what", "why"), rows=story(entry, items)))
    for line in _now(entry, items, at):
        say(line)
    say()


def _now(entry: Entry, items: Sequence[ReviewItem], at: Place) -> Iterator[str]:
    """How it stands, and what to do."""
    if entry.reason is not None:
        told = advice(entry.reason)
        detail = f" ({entry.detail})" if entry.detail else ""
        yield f"Now: {entry.outcome or entry.state}, {entry.reason}{detail}. {told.sentence}"
        yield f"Next: {told.next_step} (who: {told.who.value})"
    else:
        yield f"Now: {entry.outcome or entry.state}."
    if entry.state is State.WAITING and entry.not_before is not None:
        yield f"It is tried again at {local(entry.not_before)}, by {at.worker}."
    if entry.outcome is Outcome.INVITED:
        yield "Next: the student accepts the invitation."
    for item in items:
        short = item.letter_id[:SHORT_ID]
        state = closing(item) if item.closed_at else item.state.value
        yield f"Review item {short}: {state}"
        if _refused_again(entry, item):
            yield "  The request was refused again for the same reason: the item stays dismissed."


def _refused_again(entry: Entry, item: ReviewItem) -> bool:
    """Whether a request was rejected once more as it had been when its item was dismissed."""
    if item.state is not ItemState.DISMISSED or entry.outcome is not Outcome.REJECTED:
        return False
    if (entry.replay, entry.reason) != (item.replay, item.reason):
        return False
    assert entry.settled_at is not None
    assert item.closed_at is not None
    return entry.settled_at > item.closed_at


def _student(entry: Entry, *, whole: bool) -> str:
    return masked(EnrollmentRequest.model_validate_json(entry.message).student, whole=whole)


def _as_json(stored: Stored, items: Sequence[ReviewItem], *, whole: bool) -> dict[str, Any]:
    entry = stored.entry
    told = advice(entry.reason) if entry.reason else None
    return {
        "request_id": entry.request_id,
        "course_id": entry.course_id,
        "student": _student(entry, whole=whole),
        "state": entry.state,
        "outcome": entry.outcome,
        "reason": entry.reason,
        "sentence": told.sentence if told else None,
        "next_step": told.next_step if told else None,
        "detail": entry.detail,
        "attempt": entry.attempt,
        "replay": entry.replay,
        "first_seen_at": iso(entry.first_seen_at),
        "not_before": iso(entry.not_before),
        "settled_at": iso(entry.settled_at),
        "history": [vars(event) | {"at": iso(event.at)} for event in entry.history],
        "history_count": entry.history_count,
        "review_items": [_item(item) for item in items],
    }


def _item(item: ReviewItem) -> dict[str, Any]:
    return {
        "id": item.letter_id,
        "state": item.state,
        "reason": item.reason,
        "filed_at": iso(item.filed_at),
        "closed_at": iso(item.closed_at),
        "closed_by": item.closed_by,
        "note": item.note,
    }
