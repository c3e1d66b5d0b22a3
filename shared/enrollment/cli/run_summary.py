"""What a run came to: what became of the requests, what people must do, what waits for when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from enrollment.advice import advice
from enrollment.cli.durations import spoken
from enrollment.cli.places import Place
from enrollment.cli.standing import Standing
from enrollment.cli.tables import Table, note, say, show, show_json
from enrollment.cli.words import counted, iso, local
from enrollment.embedded import Tally
from enrollment.outcome import Outcome
from enrollment.ports import HeldBy, LineStatus
from enrollment.reasons import Reason


@dataclass(frozen=True, kw_only=True)
class Ended:
    """A run that is over."""

    standing: Standing
    tally: Tally
    seconds: float
    interrupted: bool


def show_summary(ended: Ended, at: Place, *, json: bool) -> None:
    """Write the result for people, or as JSON with the notes beside it."""
    if json:
        show_json(_as_json(ended))
        for line in _next(ended, at):
            note(line)
        return
    show(_became(ended))
    show(in_review(ended.standing))
    show(waiting(ended.standing))
    for line in _next(ended, at):
        say(line)


def _as_json(ended: Ended) -> dict[str, Any]:
    now, queue = ended.standing, ended.standing.queue
    assert queue is not None  # a run is the embedded engine's
    return {
        "requests": now.requests,
        **{outcome.value: now.outcomes[outcome] for outcome in Outcome},
        "waiting": now.waiting + now.claimed,
        "in_review": now.in_review,
        "left": {
            "messages": queue.requests,
            "dead_letters": queue.dead_letters,
            "next_due": iso(queue.next_due),
        },
        "seconds": round(ended.seconds, 3),
    }


def _became(ended: Ended) -> Table:
    now, answers = ended.standing, ended.tally.answers
    rows = [
        (outcome.value, f"{now.outcomes[outcome]:,}", f"{answers.get(outcome.value, 0):,}")
        for outcome in Outcome
    ]
    rows.append(("waiting", f"{now.waiting + now.claimed:,}", ""))
    return Table(
        title=f"What became of {counted(now.requests, 'request')}"
        f" ({spoken(timedelta(seconds=ended.seconds))})",
        columns=("outcome", "in the store", "by this run"),
        rows=rows,
        numbers=frozenset({"in the store", "by this run"}),
    )


def in_review(now: Standing) -> Table:
    """What waits for a person, by reason; what to do is told by `review list`."""
    return Table(
        title="In review",
        columns=("reason", "count", "what happened"),
        rows=[
            (reason.value, f"{number:,}", advice(reason).sentence)
            for reason, number in now.review.most_common()
        ],
    )


def waiting(now: Standing) -> Table:
    """What waits for its time, by reason."""
    return Table(
        title="Waiting",
        columns=("reason", "count", "next due", "why"),
        rows=[
            (reason.value, f"{each.count:,}", local(each.next_due), advice(reason).sentence)
            for reason, each in sorted(now.waits.items(), key=lambda item: -item[1].count)
        ],
    )


def line_told(line: LineStatus) -> str:
    """Why the line is held, and what ends that."""
    since = local(line.since)
    if line.held_by is HeldBy.OPERATOR:
        return f"The line is held by an operator since {since}: {line.why}; `resume` opens it."
    told = advice(Reason(line.why)) if line.why in set(Reason) else None
    why = f"{told.sentence} {told.next_step}" if told else (line.why or "")
    return (
        f"The line is held since {since}: {why} One request is tried every minute; when it gets"
        " through, the rest follows."
    )


def left(now: Standing) -> str:
    """What is on the queue: `3 messages and 1 dead letter`; empty if nothing is."""
    if now.queue is None:
        return ""
    kinds = ((now.queue.requests, "message"), (now.queue.dead_letters, "dead letter"))
    return " and ".join(counted(number, noun) for number, noun in kinds if number)


def left_due(now: Standing) -> str:
    """When the first of what is left on the queue is due, a dead letter being one as well."""
    return local(now.queue.next_due) if now.queue else ""


def _next(ended: Ended, at: Place) -> Iterator[str]:
    """What is left to do, and for whom."""
    now = ended.standing
    if now.held:
        yield line_told(now.line)
    if ended.tally.faults:
        number = counted(ended.tally.faults, "delivery", "deliveries")
        yield f"{number} failed by a fault of ours: --journal FILE shows where."
    if now.in_review:
        items = counted(now.in_review, "item waits", "items wait")
        yield f"{items} for a person: {at.command('review list')}"
    if ended.interrupted:
        yield f"Stopped; {left(now) or 'nothing'} left on the queue. Go on: {at.command('run')}"
    else:
        yield from _due(now, at)
    if not (now.in_review or now.waiting or left(now) or now.held or ended.interrupted):
        yield "Nothing is left to do."


def _due(now: Standing, at: Place) -> Iterator[str]:
    """What the next run goes on with, and when: the queue, and what is due later than that."""
    if left(now):
        yield (
            f"{left(now)} left on the queue; next due {left_due(now)};"
            f" go on with: {at.command('run')}"
        )
    later = local(now.next_due)
    if now.next_due and not now.held and not (left(now) and later == left_due(now)):
        yield f"The next of what waits is due at {later}: {at.command('run')}"
