"""`enrollment timeline`: the life of one wish."""

from typing import Annotated

import typer

from enrollment.cli.options import AddressesOption, JsonOption, StoreOption, described, examples

EPILOG = examples(
    "enrollment timeline --student ana@school.example --course d:BIO-7",
    "enrollment timeline --student ana@school.example",
    "enrollment timeline --request-id r1-0f6c…",
) + described(
    "With --json:",
    '{"entries": [{"request_id", "course_id", "student", "state", "outcome", "reason",',
    '  "sentence", "next_step", "detail", "attempt", "replay", "first_seen_at", "not_before",',
    '  "settled_at", "history": [{"at", "attempt", "what", "reason", "by"}], "history_count",',
    '  "review_items": [{"id", "state", "reason", "filed_at", "closed_at", "closed_by",',
    '    "note"}]}]}',
)
Student = Annotated[
    str | None, typer.Option("--student", metavar="ADDRESS", help="Whose wishes; or a Google id.")
]
Course = Annotated[
    str | None, typer.Option("--course", metavar="COURSE", help="Only this course, as it was sent.")
]
RequestId = Annotated[
    str | None, typer.Option("--request-id", metavar="ID", help="One request by its id.")
]


def add_to(app: typer.Typer) -> None:
    """Give the command its name."""
    app.command("timeline", epilog=EPILOG)(timeline)


def timeline(
    *,
    course: Course = None,
    student: Student = None,
    request_id: RequestId = None,
    store: StoreOption = None,
    show_addresses: AddressesOption = False,
    json: JsonOption = False,
) -> None:
    """Tell what became of one student's wish, step by step, and what to do next."""
    from enrollment.cli import lives as does

    sought = does.Sought(course=course, student=student, request_id=request_id)
    does.tell(sought, store, whole=show_addresses, json=json)
