"""How things stand, in words and as JSON."""

from typing import Any

from enrollment.advice import advice
from enrollment.cli.line_report import line_as_json
from enrollment.cli.run_summary import in_review, left, line_told, waiting
from enrollment.cli.standing import Standing, standing
from enrollment.cli.stores import Place
from enrollment.cli.tables import Table, note, say, show
from enrollment.cli.words import counted, iso, local
from enrollment.outcome import Outcome

__all__ = ["as_json", "report", "standing"]


def as_json(found: Standing, at: Place) -> dict[str, Any]:
    """The keys that `--help` promises."""
    return {
        "store": at.settings.store,
        "requests": found.requests,
        **{outcome.value: found.outcomes[outcome] for outcome in Outcome},
        "waiting": found.waiting,
        "claimed": found.claimed,
        "rejected_by_reason": {reason.value: n for reason, n in found.rejected.most_common()},
        "waiting_by_reason": {
            reason.value: {"count": each.count, "next_due": iso(each.next_due)}
            for reason, each in found.waits.items()
        },
        "in_review": found.in_review,
        "review_by_reason": {reason.value: n for reason, n in found.review.most_common()},
        "queue": {"requests": found.queue, "dead_letters": found.letters},
        "line": line_as_json(found.line),
    }


def report(found: Standing, at: Place) -> None:
    """Write all of it for people."""
    show(_requests(found))
    show(_rejected(found))
    show(waiting(found))
    show(in_review(found))
    say(line_told(found.line) if found.held else "The line is open.")
    due = f", next due {local(found.left_due)}" if left(found) else ""
    say(f"{left(found) or counted(0, 'message')} on the queue{due}.")
    if left(found):
        note(f"next: {at.command('run')}")


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
            for reason, number in found.rejected.most_common()
        ],
    )
