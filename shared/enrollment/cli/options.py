"""The options that several commands share, and how their values are read."""

from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path
from typing import Annotated, TypeVar

import typer

from enrollment.cli import durations

Value = TypeVar("Value")
MOST = 1_000_000_000  # of a number: more items than a store holds, more calls than Google grants
MOST_SCALE = 1000  # times the longest wait, 72 hours, is eight years
SHOWN = 20  # characters of a wrong number


def examples(*lines: str) -> str:
    """The end of a command's help, kept line by line."""
    return "\n".join(["\b", "Examples:", *(f"  {line}" if line else "" for line in lines)])


def described(text: str, *fields: str) -> str:
    """What a command's JSON holds, kept line by line."""
    return "\n".join(["", "", "\b", text, *(f"  {field}" for field in fields)])


def _read(parse: Callable[[str], Value]) -> Callable[[str], Value]:
    """A parser whose ValueError is told as it stands."""

    def read(text: str) -> Value:
        try:
            return parse(text)
        except ValueError as error:
            raise typer.BadParameter(str(error)) from None

    read.__name__ = parse.__name__
    return read


def day(text: str) -> date:
    """A date. Raises ValueError with fact and remedy."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no date: write it like 2026-08-24") from None


def scale(text: str) -> float:
    """A positive number or fraction, 1000 at most. Raises ValueError with fact and remedy."""
    above, _, below = text.partition("/")
    try:
        number = float(above) / float(below or 1)
    except (ValueError, ZeroDivisionError):
        number = 0.0
    if not 0 < number <= MOST_SCALE:
        raise ValueError(
            f"{text!r} is no scale: write a number above 0 and up to {MOST_SCALE}, like 1/3600"
        )
    return number


def whole(text: str) -> int:
    """A whole number, 1,000,000,000 at most. Raises ValueError with fact and remedy."""
    try:
        number = int(text)
    except ValueError:
        raise ValueError(f"{_short(text)} is no whole number: write it like 1200") from None
    if number > MOST:
        raise ValueError(f"{_short(text)} is too large: write at most {MOST}")
    return number


def _short(text: str) -> str:
    return repr(text if len(text) <= SHOWN else f"{text[:SHOWN]}…")


def at_least_1(text: str) -> int:
    """A whole number above 0. Raises ValueError with fact and remedy."""
    if (number := whole(text)) < 1:
        raise ValueError(f"{text!r} is too small: write at least 1")
    return number


StoreOption = Annotated[
    str | None,
    typer.Option(
        "--store",
        metavar="STORE",
        help="sqlite:///FILE or firestore; else ENROLLMENT_STORE, else enrollment.db here.",
    ),
]
JsonOption = Annotated[
    bool, typer.Option("--json", help="Print one line of JSON, the last on stdout.")
]
AddressesOption = Annotated[
    bool, typer.Option("--show-addresses", help="Print students' addresses in full.")
]
YesOption = Annotated[bool, typer.Option("--yes", "-y", help="Do not ask.")]
ByOption = Annotated[
    str | None,
    typer.Option("--by", metavar="NAME", help="Who decides this; else the login name."),
]
ReasonOption = Annotated[
    str | None, typer.Option("--reason", metavar="REASON", help="Only this reason.")
]
SourcesOption = Annotated[
    Path | None,
    typer.Option("--sources", metavar="FILE", help="sources.toml; else SOURCES_FILE."),
]
SourceOption = Annotated[
    str | None,
    typer.Option(
        "--source", metavar="NAME", help="The roster's source; else the only one that is a file."
    ),
]
AsOfOption = Annotated[
    date | None,
    typer.Option(
        "--as-of",
        metavar="DATE",
        parser=_read(day),
        help="The day whose enrollments count; else today.",
    ),
]
ExplainOption = Annotated[
    Path | None,
    typer.Option(
        "--explain", metavar="FILE.csv", help="Write every row that is not sent, and why."
    ),
]
AdminOption = Annotated[
    str | None,
    typer.Option("--admin", metavar="ADDRESS", help="The administrator; else CLASSROOM_ADMIN."),
]
QuotaOption = Annotated[
    int | None,
    typer.Option(
        "--quota",
        metavar="N",
        parser=_read(whole),
        help="Calls a minute; else CLASSROOM_QUOTA_PER_MINUTE.",
    ),
]
LimitOption = Annotated[
    int,
    typer.Option("--limit", metavar="N", parser=_read(at_least_1), help="Show at most so many."),
]
WaitOption = Annotated[
    timedelta | None,
    typer.Option(
        "--wait",
        metavar="TIME",
        parser=_read(durations.parse),
        help="Stay for what is due within this time: 90s, 2h, 0; else 15m.",
    ),
]
ScaleOption = Annotated[
    float | None,
    typer.Option(
        "--time-scale",
        metavar="X",
        parser=_read(scale),
        help="Shorten waits of hours, as by 1/3600; only with a Classroom on this machine.",
    ),
]
JournalOption = Annotated[
    str | None,
    typer.Option("--journal", metavar="FILE", help="Append one JSON line a delivery; - is stdout."),
]
