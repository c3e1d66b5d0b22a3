"""What a run plays: a roster read into requests, its school, and what shall come of it."""

import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from enrollment.reasons import Reason
from enrollment.request import EnrollmentRequest
from enrollment.settings import LOOPBACK_KEY
from enrollment.sources.declared import UNDECLARED, Declaration
from enrollment.sources.roster import Duplicate, Roster, Skipped, ToSend, read_roster
from infra.local.options import Options
from infra.local.senders import sources_toml
from infra.samples.roster import SOURCE, sample
from infra.samples.school import school_for

ADMINISTRATOR = "admin@northside.example"
Pair = tuple[str, str]
NORTHSIDE = "Northside, a made-up school"


@dataclass(frozen=True, kw_only=True)
class Scene:
    """A roster, read, and the files that the stack starts from."""

    name: str
    format: str
    rows: int
    duplicates: int
    skipped: Counter[str]
    requests: list[EnrollmentRequest] = field(repr=False)
    expected: dict[Pair, str] = field(repr=False)
    school_file: Path
    sources_file: Path
    made_up: bool
    administrator: str

    @property
    def somebody(self) -> str:
        """An address that Classroom takes; a made-up one, or a word in its place."""
        taken = (who for (_, who), became in self.expected.items() if became == "enrolled")
        return next(taken, "ADDRESS") if self.made_up else "ADDRESS"


def prepare(options: Options, folder: Path) -> Scene:
    """Write the school's files into `folder`, and read the roster. Raises RosterError."""
    return _own(options, folder) if options.roster else _northside(options, folder)


def _northside(options: Options, folder: Path) -> Scene:
    today = datetime.now(UTC).astimezone().date()
    made = sample(options.students or 250, options.seed, as_of=today, time_scale=options.time_scale)
    roster = folder / "northside.zip"
    made.write_zip(roster)
    read = _read(roster, Declaration(**SOURCE), "northside")
    return _scene(NORTHSIDE, read, made.school, made.expected, folder)


def _own(options: Options, folder: Path) -> Scene:
    assert options.roster is not None
    read = _read(options.roster, UNDECLARED, "roster", options.students)
    school, expected = school_for(
        [(each.course_id, each.student) for each in read.requests],
        administrator=ADMINISTRATOR,
        seed=options.seed,
        trouble=options.faults != "none",
        time_scale=options.time_scale,
    )
    return _scene(f"your roster {options.roster.name}", read, school, expected, folder)


@dataclass
class _Read:
    format: str
    rows: int = 0
    duplicates: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    requests: list[EnrollmentRequest] = field(default_factory=list)


def _read(path: Path, declaration: Declaration, source: str, students: int | None = None) -> _Read:
    now = datetime.now(UTC)
    roster: Roster = read_roster(
        path,
        declaration,
        source=source,
        as_of=now.astimezone().date(),
        received_at=now,
        key=LOOPBACK_KEY.encode(),
    )
    read, seen = _Read(roster.format), set[str]()
    for row in roster:
        read.rows += 1
        match row:
            case ToSend(request=request):
                seen.add(request.student.lower())
                if students is None or len(seen) <= students:
                    read.requests.append(request)
            case Duplicate():
                read.duplicates += 1
            case Skipped(reason=reason):
                read.skipped[reason] += 1
    return read


def _scene(
    name: str, read: _Read, school: dict[str, object], expected: dict[Pair, str], folder: Path
) -> Scene:
    school_file, sources_file = folder / "school.json", folder / "sources.toml"
    school_file.write_text(json.dumps(school), encoding="utf-8")
    sources_file.write_text(
        sources_toml(school["domains"], (each.course_id for each in read.requests))
    )
    return Scene(
        name=name,
        format=read.format,
        rows=read.rows,
        duplicates=read.duplicates,
        skipped=read.skipped,
        requests=sorted(read.requests, key=lambda each: not _slow(each, expected)),
        expected=expected,
        school_file=school_file,
        made_up=name == NORTHSIDE,
        sources_file=sources_file,
        administrator=str(school["administrator"]),
    )


def _slow(request: EnrollmentRequest, expected: dict[Pair, str]) -> bool:
    """Missing accounts wait longest, two days by the product's clock: sent first, seen soonest."""
    pair = (request.course_id, request.student.lower())
    return expected.get(pair) == f"rejected:{Reason.STUDENT_UNKNOWN}"
