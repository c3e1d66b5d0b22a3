"""`enrollment run`: the whole service in one process, until nothing more is due."""

from pathlib import Path
from typing import Annotated

import typer

from enrollment.cli.options import (
    AdminOption,
    AsOfOption,
    ExplainOption,
    JournalOption,
    JsonOption,
    QuotaOption,
    ScaleOption,
    SourceOption,
    SourcesOption,
    StoreOption,
    WaitOption,
    YesOption,
    described,
    examples,
)

HELP = """Send what is on the queue to Google Classroom, and show what became of it.

With PATH, a roster is imported first. The command stays for what is due within --wait; what is due
later stays in the store, and the next run goes on with it. Ctrl-C finishes what is under way.
Without --store and ENROLLMENT_STORE the store is enrollment.db in this folder.
"""
EPILOG = examples(
    "enrollment run roster.zip",
    "enrollment run --store sqlite:///school.db --wait 2h",
    "enrollment run roster.zip --yes --json --journal deliveries.jsonl",
) + described(
    "With --json, of all that the store knows; requests is the sum of the next five:",
    '{"requests", "enrolled", "already_enrolled", "invited", "rejected", "waiting", "in_review",',
    ' "left": {"messages", "dead_letters", "next_due"}, "seconds"}',
)


def add_to(app: typer.Typer) -> None:
    """Give the command its name."""
    app.command("run", help=HELP, epilog=EPILOG)(run)


def run(
    path: Annotated[Path | None, typer.Argument(help="A roster: a folder, zip or .csv.")] = None,
    *,
    source: SourceOption = None,
    as_of: AsOfOption = None,
    explain: ExplainOption = None,
    wait: WaitOption = None,
    journal: JournalOption = None,
    time_scale: ScaleOption = None,
    store: StoreOption = None,
    sources: SourcesOption = None,
    admin: AdminOption = None,
    quota: QuotaOption = None,
    yes: YesOption = False,
    json: JsonOption = False,
) -> None:
    """Import a roster if one is given, and run the embedded engine."""
    from enrollment.cli import engine_run as does

    at = does.place_of_run(store, sources_file=sources, administrator=admin, quota=quota)
    wanted = does.roster_wanted(path, source=source, as_of=as_of, explain=explain)
    how = does.How(
        wait=does.WAIT if wait is None else wait,
        journal=journal,
        time_scale=time_scale,
        yes=yes,
        json=json,
    )
    does.run(at, wanted, how)
