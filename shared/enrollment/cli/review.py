"""`enrollment review`: what waits for a person, and what a person decides."""

from typing import Annotated

import typer

from enrollment.cli.options import (
    AddressesOption,
    ByOption,
    JsonOption,
    LimitOption,
    ReasonOption,
    StoreOption,
    YesOption,
    described,
    examples,
)

SHOWN = 50

LIST_EPILOG = examples(
    "enrollment review list",
    "enrollment review list --reason course_full --limit 200",
) + described(
    "With --json, the oldest first; open counts all that match:",
    '{"open", "items": [{"id", "filed_at", "reason", "sentence", "next_step", "detail", "state",',
    '  "attempts", "replay", "request_id", "source", "course_id", "class_id", "student"}]}',
    "class_id: what an unmapped wish names of its own, while its course is not known.",
)
SHOW_EPILOG = examples(
    "enrollment review show 3f9a1c",
    "enrollment review show 3f9a1c --show-addresses",
) + described(
    "With --json, an item of `review list` and besides:",
    '{…, "first_seen_at", "closed_at", "closed_by", "note", "length", "sha256", "truncated",',
    ' "body": null without --show-addresses, or if it is no JSON object}',
)
REPLAY_EPILOG = examples(
    "enrollment review replay 3f9a1c",
    "enrollment review replay 3f9a1c --student ana.b@school.example",
    "enrollment review replay --reason course_full",
    "enrollment review replay --all --yes",
) + described(
    "With --json:",
    '{"replayed": [{"id", "request_id", "replay"}], "failed": [{"id", "why"}]}',
)
DISMISS_EPILOG = examples(
    'enrollment review dismiss 3f9a1c --why "moved to another school"',
    'enrollment review dismiss --reason needs_approval --why "nobody here has asked for these"',
) + described("With --json:", '{"dismissed": [{"id"}], "failed": [{"id", "why"}]}')

Ids = Annotated[
    list[str] | None,
    typer.Argument(help="Items; the first 6 characters are enough."),
]


def add_to(app: typer.Typer) -> None:
    """Give the commands their names."""
    group = typer.Typer(
        help="See what waits for a person, replay it or dismiss it.",
        epilog=examples("enrollment review list", "enrollment review replay --reason course_full"),
        no_args_is_help=True,
        rich_markup_mode=None,
    )
    group.command("list", epilog=LIST_EPILOG)(list_items)
    group.command("show", epilog=SHOW_EPILOG)(show_item)
    group.command("replay", epilog=REPLAY_EPILOG)(replay)
    group.command("dismiss", epilog=DISMISS_EPILOG)(dismiss)
    app.add_typer(group, name="review")


def list_items(
    reason: ReasonOption = None,
    limit: LimitOption = SHOWN,
    store: StoreOption = None,
    show_addresses: AddressesOption = False,
    json: JsonOption = False,
) -> None:
    """List the open items, the oldest first, with what to do about each reason."""
    from enrollment.cli import review_report as does

    does.list_items(store, reason, limit, whole=show_addresses, json=json)


def show_item(
    id: Annotated[str, typer.Argument(help="At least 6 characters.")],  # noqa: A002 - the word of the help
    store: StoreOption = None,
    show_addresses: AddressesOption = False,
    json: JsonOption = False,
) -> None:
    """Show one item: what was asked, why it failed, what to do."""
    from enrollment.cli import review_report as does

    does.show_item(store, id, whole=show_addresses, json=json)


def replay(
    ids: Ids = None,
    *,
    reason: ReasonOption = None,
    every: Annotated[
        bool, typer.Option("--all", help="Every open item, but what needs approval.")
    ] = False,
    student: Annotated[
        str | None,
        typer.Option("--student", metavar="NEW", help="The right address, for one item."),
    ] = None,
    course: Annotated[
        str | None,
        typer.Option("--course", metavar="NEW", help="The right course, for items of one course."),
    ] = None,
    by: ByOption = None,
    yes: YesOption = False,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Send items again once the cause is mended, corrected if need be."""
    from enrollment.cli import review_decisions as does

    choice = does.Choice(ids=tuple(ids or ()), reason=reason, every=every)
    change = does.Change(student=student, course=course)
    does.replay(store, choice, change, by=by, yes=yes, json=json)


def dismiss(
    why: Annotated[str, typer.Option("--why", metavar="TEXT", help="Kept with the item.")],
    ids: Ids = None,
    *,
    reason: ReasonOption = None,
    yes: YesOption = False,
    by: ByOption = None,
    store: StoreOption = None,
    json: JsonOption = False,
) -> None:
    """Close items without sending them again."""
    from enrollment.cli import review_decisions as does

    choice = does.Choice(ids=tuple(ids or ()), reason=reason)
    does.dismiss(store, choice, why, by=by, yes=yes, json=json)
