"""`enrollment import`: a roster becomes requests on the queue."""

from pathlib import Path
from typing import Annotated

import typer

from enrollment.cli.options import (
    AdminOption,
    AsOfOption,
    ExplainOption,
    JsonOption,
    QuotaOption,
    SourceOption,
    SourcesOption,
    StoreOption,
    YesOption,
    described,
    examples,
)

HELP = """Read a roster and put a request for each enrollment on the queue.

A folder or zip of an export: OneRoster, Canvas SIS, School Data Sync (v1, v2, v2.1) or Clever. Or
one CSV of your own with a row for each student of a class: headers such as email and class_id are
known, others are declared in sources.toml (format = "csv", and columns). A row that is not sent is
explained. Students who left are reported and never removed. Importing the same roster twice sends
nothing twice.
"""
EPILOG = examples(
    "enrollment import roster.zip --dry-run",
    "enrollment import roster.zip --dry-run --explain not-sent.csv",
    "enrollment import roster.zip --store sqlite:///school.db --source infinite-campus",
    "enrollment import classes.csv --dry-run --sources sources.toml --source office",
) + described(
    "With --json, dry or not; sent + duplicates + skipped = rows:",
    '{"rows", "sent", "duplicates", "skipped": {reason: count}, "seconds"}',
)


def add_to(app: typer.Typer) -> None:
    """Give the command its name."""
    app.command("import", help=HELP, epilog=EPILOG)(import_roster)


def import_roster(
    path: Annotated[Path, typer.Argument(help="The export's folder or zip, or one .csv.")],
    *,
    source: SourceOption = None,
    as_of: AsOfOption = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Only say what would be sent; change nothing.")
    ] = False,
    explain: ExplainOption = None,
    store: StoreOption = None,
    sources: SourcesOption = None,
    admin: AdminOption = None,
    quota: QuotaOption = None,
    yes: YesOption = False,
    json: JsonOption = False,
) -> None:
    """Read a roster and tell; unless it is a rehearsal, ask and send."""
    from enrollment.cli import roster_import as does
    from enrollment.cli.places import place

    at = place(
        store,
        needs=() if dry_run else does.NEEDS,
        opens=not dry_run,
        sources_file=sources,
        administrator=admin,
        quota=quota,
    )
    wanted = does.Wanted(path=path, source=source, as_of=as_of, explain=explain)
    does.import_roster(wanted, at, dry_run=dry_run, yes=yes, json=json)
