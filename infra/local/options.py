"""What `infra/run` can be told."""

import argparse
from dataclasses import dataclass
from pathlib import Path

GOOGLES_QUOTA = 1200  # calls a minute and user (usage limits page)
SHORTENED = 1 / 3600
RESERVE = 60
LEAST = RESERVE + 7  # of calls a minute; `enrollment.settings.LEAST_SHARE` has the reason

EXAMPLES = """\
examples:
  infra/run                                the sample school, in a minute or two
  infra/run --roster ~/export.zip          your own roster, against a fake school made from it
  infra/run --faults many --seed 7         a bad day at Google's, always the same one
  infra/run --quota 1200 --time-scale 1    Google's pace and the product's waits of hours
  infra/run --json                         one JSON object as the last line
"""


@dataclass(frozen=True, kw_only=True)
class Options:
    """The options, read."""

    roster: Path | None
    stay: bool
    embedded: bool
    students: int | None
    seed: int
    faults: str
    time_scale: float
    quota: int
    json: bool


def read_options(arguments: list[str] | None = None) -> Options:
    """The options of the command line; ends the program if they are wrong."""
    read = _parser().parse_args(arguments)
    return Options(
        roster=read.roster,
        stay=read.stay,
        embedded=read.embedded,
        students=read.students,
        seed=read.seed,
        faults=read.faults,
        time_scale=read.time_scale,
        quota=read.quota,
        json=read.json,
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="infra/run",
        description="Enroll a whole school on this machine, against a fake Google Classroom that "
        "refuses and breaks as the real one does, and account for every request.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("--roster", type=Path, metavar="PATH", help="an export (zip or folder) or one .csv")
    add("--stay", action="store_true", help="leave everything up until Ctrl-C")
    add("--embedded", action="store_true", help="SQLite and one process, though emulators are here")
    add("--students", type=_positive, metavar="N", help="how many students (default: 250, or all)")
    add("--seed", type=int, default=1, metavar="S", help="decides school, faults and repeats")
    add("--faults", choices=["none", "some", "many"], default="some", help="default: some")
    add(
        "--time-scale",
        type=_scale,
        default=SHORTENED,
        metavar="X",
        help="shortens waits of hours, never quota or lease (default: 1/3600, an hour is a second)",
    )
    add(
        "--quota",
        type=_quota,
        default=6000,
        metavar="N",
        help=f"calls a minute that the fake school grants (default: 6000; Google: {GOOGLES_QUOTA})",
    )
    add("--json", action="store_true", help="print one JSON object as the last line")
    return parser


def _positive(text: str) -> int:
    if not text.isdigit() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text} is no whole number of at least 1")
    return int(text)


def _quota(text: str) -> int:
    if not text.isdigit() or int(text) < LEAST:
        raise argparse.ArgumentTypeError(
            f"{text}: give at least {LEAST}; of these calls a minute {RESERVE} are kept for people"
        )
    return int(text)


def _scale(text: str) -> float:
    number, _, parts = text.partition("/")
    try:
        scale = float(number) / float(parts or 1)
    except (ValueError, ZeroDivisionError):
        scale = 0.0
    if not 0 < scale <= 1:
        raise argparse.ArgumentTypeError(f"{text} is not between 0 and 1, as for instance 1/3600")
    return scale


if __name__ == "__main__":
    read_options()
