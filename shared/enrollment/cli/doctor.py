"""`enrollment doctor`: whether what the service needs is in order."""

import typer

from enrollment.cli.options import JsonOption, StoreOption, described, examples

HELP = """Check the settings, the store, the queue and the access to Classroom.

One line a check: ok, wrong with its remedy, or not checked. Nothing is changed; Classroom is
asked once, out of the reserve of the quota. The exit code is 0 only if nothing is wrong.
"""
EPILOG = examples(
    "enrollment doctor",
    "enrollment doctor --store sqlite:///school.db",
    "enrollment doctor --json | jq '.checks[] | select(.state == \"wrong\")'",
) + described(
    "With --json:",
    '{"wrong": count, "not_checked": count,',
    ' "checks": [{"check", "state": "ok"|"wrong"|"not checked", "told", "remedy"}]}',
)


def add_to(app: typer.Typer) -> None:
    """Give the command its name."""
    app.command("doctor", help=HELP, epilog=EPILOG)(doctor)


def doctor(store: StoreOption = None, json: JsonOption = False) -> None:
    """Check everything, and end with 1 if anything is wrong."""
    from enrollment.cli import checkup as does

    if does.wrong_in(does.findings(store), json=json):
        raise typer.Exit(1)
