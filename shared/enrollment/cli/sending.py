"""`enrollment send`: single wishes, typed by hand or from a file of messages."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from enrollment.cli.options import AddressesOption, JsonOption, StoreOption, described, examples

HELP = """Put one request, or a file of them, on the queue.

The same student, course and --version make the same request: sending it twice changes nothing.
--file takes one JSON message a line, and request_id and received_at may be left out of it; if any
line is wrong nothing is sent, unless --skip-bad.
"""
EPILOG = examples(
    "enrollment send --course d:BIO-7 --student ana@school.example",
    "enrollment send --course d:BIO-7 --student ana@school.example --version second-try",
    "enrollment send --course d:BIO-7 --student a@school.example --mode code --code-file code.txt",
    "enrollment send --file requests.jsonl --skip-bad",
) + described(
    "With --json; request_id is null for a file:",
    '{"sent", "request_id", "faults": [{"line", "detail"}]}',
)


class Acting(StrEnum):
    """Who acts in Classroom."""

    ADMIN = "admin"
    CODE = "code"


def add_to(app: typer.Typer) -> None:
    """Give the command its name."""
    app.command("send", help=HELP, epilog=EPILOG)(send)


def send(
    *,
    course: Annotated[
        str | None, typer.Option("--course", metavar="COURSE", help="Digits, or d:… or p:…")
    ] = None,
    student: Annotated[
        str | None, typer.Option("--student", metavar="ADDRESS", help="Or a Google id.")
    ] = None,
    source: Annotated[
        str, typer.Option("--source", metavar="NAME", help="Under which source it is known.")
    ] = "manual",
    version: Annotated[
        str | None, typer.Option("--version", metavar="V", help="Another one is another request.")
    ] = None,
    request_id: Annotated[
        str | None, typer.Option("--request-id", metavar="ID", help="Instead of a derived one.")
    ] = None,
    mode: Annotated[
        Acting, typer.Option("--mode", help="The administrator adds, or the student joins.")
    ] = Acting.ADMIN,
    code_file: Annotated[
        str | None,
        typer.Option("--code-file", metavar="FILE", help="Holds the enrollment code; - is stdin."),
    ] = None,
    file: Annotated[
        Path | None, typer.Option("--file", metavar="FILE.jsonl", help="Messages; - is stdin.")
    ] = None,
    skip_bad: Annotated[
        bool, typer.Option("--skip-bad", help="Send the lines that are right.")
    ] = False,
    store: StoreOption = None,
    show_addresses: AddressesOption = False,
    json: JsonOption = False,
) -> None:
    """Put one request, or a file of them, on the queue."""
    from enrollment.cli import messages as does

    one = does.One(
        course=course,
        student=student,
        source=source,
        version=version,
        request_id=request_id,
        mode=mode.value,
        code_file=code_file,
    )
    if file is not None:
        one.must_be_empty()
        does.send_file(file, store, skip_bad=skip_bad, json=json)
    else:
        does.send_one(one, store, whole=show_addresses, json=json)
