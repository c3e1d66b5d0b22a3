"""How things stand, in words and as JSON."""

from collections import Counter
from typing import Any

from enrollment.advice import advice
from enrollment.cli.line_report import line_as_json
from enrollment.cli.places import Place
from enrollment.cli.run_summary import in_review, left, left_due, line_told, waiting
from enrollment.cli.standing import Standing, standing
from enrollment.cli.tables import Table, note, say, show
from enrollment.cli.words import counted, iso
from enrollment.outcome import Outcome
from enrollment.reasons import Reason

UNTOLD = (
    "What is on the queue, Pub/Sub tells: the console's page of the subscription shows it, as the"
    " metric num_undelivered_messages."
)

__all__ = ["as_json", "report", "standing"]


def as_json(found: Standing, at: Place) -> dict[str, Any]:
    """The keys that `--help` promises."""
    return {
        "store": at.settings.store,
        "requests": found.requests,
        **{outcome.value: found.outcomes[outcome] for outcome in Outcome},
        "waiting": found.waiting,
        "claimed": found.claimed,
        "rejected_by_reason": _by_reason(found.rejected),
        "waiting_by_reason": {
            reason.value: {"count": each.count, "next_due": iso(each.next_due)}
            for reason, each in found.waits.items()
        },
        "in_review": found.in_review,
        "review_by_reason": _by_reason(found.review),
        "queue": _queue(found),
        "line": line_as_json(found.line),
    }


def report(found: Standing, at: Place) -> None:
    """Write all of it for people."""
    show(_requests(found))
    show(_rejected(found))
    show(waiting(found))
    show(in_review(found))
    say(line_told(found.line) if found.held else "The line is open.")
    if found.queue is None:
        say(UNTOLD)
        return
    due = f", next due {left_due(found)}" if left(found) else ""
    say(f"{left(found) or counted(0, 'message')} on the queue{due}.")
    if left(found):
        note(f"next: {at.next}")


def _by_reason(counts: Counter[Reason] | None) -> dict[str, int] | None:
    return None if counts is None else {reason.value: n for reason, n in counts.most_common()}


def _queue(found: Standing) -> dict[str, int] | None:
    if found.queue is None:
        return None
    return {"requests": found.queue.requests, "dead_letters": found.queue.dead_letters}


def _requests(found: Standing) -> Table:
    rows = [(outcome.value, f"{found.outcomes[outcome]:,}") for outcome in Outcome]
    rows.append(("waiting", f"{found.waiting:,}"))
    if found.claimed:
        rows.append(("under way", f"{found.claimed:,}"))
    title = f"{counted(found.requests, 'request')} known"
    return Table(title=title, columns=("outcome", "count"), rows=rows)


def _rejected(found: Standing) -> Table:
    return Table(
        title="Rejected",
        columns=("reason", "count", "what happened"),
        rows=[
            (reason.value, f"{number:,}", advice(reason).sentence)
            for reason, number in (found.rejected or Counter[Reason]()).most_common()
        ],
    )
