"""`enrollment status`: how things stand."""

import typer

from enrollment.cli.options import JsonOption, StoreOption, described, examples

EPILOG = examples(
    "enrollment status --store sqlite:///school.db",
    "enrollment status --json | jq .waiting_by_reason",
) + described(
    "With --json; requests is the sum of the six numbers after it, reasons only where not 0;",
    "null is what the store cannot tell, as Firestore cannot tell rejected_by_reason and queue:",
    '{"store", "requests", "enrolled", "already_enrolled", "invited", "rejected", "waiting",',
    ' "claimed", "rejected_by_reason": {reason: count},',
    ' "waiting_by_reason": {reason: {"count", "next_due"}}, "in_review",',
    ' "review_by_reason": {reason: count}, "queue": {"requests", "dead_letters"},',
    ' "line": {"state", "held_by", "why", "since", "next_probe", "held_seconds"}}',
)


def add_to(app: typer.Typer) -> None:
    """Give the command its name."""
    app.command("status", epilog=EPILOG)(status)


def status(store: StoreOption = None, json: JsonOption = False) -> None:
    """Show what became of all requests, what waits and why, the line and the review items."""
    from enrollment.cli import status_report as does
    from enrollment.cli.places import place
    from enrollment.cli.stores import opened
    from enrollment.cli.tables import show_json

    at = place(store)
    with opened(at) as school:
        found = does.standing(school)
    if json:
        show_json(does.as_json(found, at))
    else:
        does.report(found, at)
