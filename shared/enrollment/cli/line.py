"""`enrollment line`, `hold` and `resume`: whether anything goes to Classroom."""

from typing import Annotated

import typer

from enrollment.cli.options import ByOption, JsonOption, StoreOption, described, examples

JSON = described(
    "With --json, on line, hold and resume:",
    '{"state": "open"|"held", "held_by": "fault"|"operator"|null, "why", "since", "next_probe",',
    ' "held_seconds"}',
)


def add_to(app: typer.Typer) -> None:
    """Give the commands their names."""
    look = examples("enrollment line", "enrollment line --json --store sqlite:///school.db")
    app.command("line", epilog=look + JSON)(line)
    stop = examples('enrollment hold --why "the new school year is being set up"')
    app.command("hold", epilog=stop + JSON)(hold)
    app.command("resume", epilog=examples("enrollment resume") + JSON)(resume)


def line(store: StoreOption = None, json: JsonOption = False) -> None:
    """Show whether requests go to Classroom, and if not, why."""
    from enrollment.cli.line_report import look, told

    told(look(store), json=json)


def hold(
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="What the others shall read.")],
    by: ByOption = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Hold the line: nothing goes to Classroom until `resume`; a running engine obeys in 5 s."""
    from enrollment.cli.line_report import held, told

    told(held(store, why, by), json=json)


def resume(store: StoreOption = None, json: JsonOption = False) -> None:
    """Open the line, whoever holds it; what waited is due at once."""
    from enrollment.cli.line_report import resumed, told

    told(resumed(store), json=json)
