"""A roster as the operator sees it: counted, explained, and then sent."""

import hashlib
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

from enrollment.cli.places import Place
from enrollment.cli.progress import Progress
from enrollment.cli.roster_explained import Explained, check_explain
from enrollment.cli.store_trouble import unusable
from enrollment.cli.tables import note
from enrollment.cli.trouble import Failure, Misuse
from enrollment.cli.words import counted
from enrollment.clock import Deadline
from enrollment.ports import Unavailable
from enrollment.request import EnrollmentRequest
from enrollment.settings import Settings
from enrollment.sources.declared import UNDECLARED, Declaration, Declared, Kind
from enrollment.sources.roster import (
    Duplicate,
    Result,
    Roster,
    Skipped,
    SkipReason,
    ToSend,
    read_roster,
)
from enrollment.wiring.school import declared, own_domains
from enrollment.wiring.store import Store

# What they post names people and classes by ids, which their rosters explain.
POSTING = (Kind.WEBHOOK, Kind.API)
PLAIN_SOURCE = "roster"  # the name of a source that nobody has declared
FIRST_ROWS = 3
LOOK_EVERY = 500  # rows between two looks at the clock
SENDING = timedelta(hours=1)  # millions of rows take minutes
EXAMPLES = 3  # of what would be sent


@dataclass(kw_only=True)
class Count:
    """What the rows of a roster came to."""

    rows: int = 0
    sent: int = 0
    duplicates: int = 0
    skipped: Counter[SkipReason] = field(default_factory=Counter)
    first_rows: dict[SkipReason, list[int]] = field(default_factory=dict)
    courses: set[str] = field(default_factory=set)
    students: set[str] = field(default_factory=set)
    examples: list[EnrollmentRequest] = field(default_factory=list)
    _ids: Any = field(default_factory=hashlib.sha256, repr=False)

    def add(self, result: Result) -> None:
        """Count one row."""
        self.rows += 1
        match result:
            case ToSend(request=request):
                self.sent += 1
                self.courses.add(request.course_id)
                self.students.add(request.student)
                self._ids.update(request.request_id.encode())
                if len(self.examples) < EXAMPLES:
                    self.examples.append(request)
            case Duplicate():
                self.duplicates += 1
            case Skipped(reason=reason):
                self.skipped[reason] += 1
                first = self.first_rows.setdefault(reason, [])
                if len(first) < FIRST_ROWS:
                    first.append(result.row)

    @property
    def digest(self) -> str:
        """What tells the requests of this roster from those of another."""
        return str(self._ids.hexdigest())

    def as_json(self, seconds: float) -> dict[str, Any]:
        """The result of an import: sent, duplicates and skipped make up the rows."""
        return {
            "rows": self.rows,
            "sent": self.sent,
            "duplicates": self.duplicates,
            "skipped": {reason.value: n for reason, n in self.skipped.most_common()},
            "seconds": round(seconds, 3),
        }


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """Which roster, of which source, as it stands on which day."""

    path: Path
    source: str | None
    as_of: date | None
    explain: Path | None


@dataclass(frozen=True)
class Counted:
    """A roster that was read to its end once; nothing of it is sent yet."""

    roster: Roster
    source: str
    count: Count
    started: float
    declaration: Declaration

    @property
    def seconds(self) -> float:
        """Since the reading began."""
        return time.monotonic() - self.started


def read_through(wanted: Wanted, settings: Settings) -> Counted:
    """Read a roster and count what its rows come to. Raises RosterError or CommandError."""
    started = time.monotonic()
    if not wanted.path.exists():
        raise Misuse(
            f"{wanted.path} does not exist: give the folder or zip of an export, or one .csv"
        )
    if wanted.explain:
        check_explain(wanted.explain, wanted.path)
    said = declared(settings)
    source, declaration = chosen(said, wanted.source)
    roster = read_roster(
        wanted.path,
        declaration,
        source=source,
        as_of=wanted.as_of or datetime.now().astimezone().date(),
        received_at=datetime.now(UTC),
        key=settings.pseudonym_key,
        own_domains=sorted(own_domains(settings, said)),
    )
    count = Count()
    with Progress() as progress, ExitStack() as stack:
        explained = None
        if wanted.explain:
            explained = stack.enter_context(Explained(wanted.explain, roster.file))
        for result in roster:
            count.add(result)
            if explained and not isinstance(result, ToSend):
                explained.add(result)
            if count.rows % LOOK_EVERY == 0:
                progress.tell(f"read {count.rows:,} of {roster.total_rows:,} rows")
    return Counted(roster, source, count, started, declaration)


def chosen(said: Declared, name: str | None) -> tuple[str, Declaration]:
    """The source of a roster and what is declared of it. Raises Misuse."""
    files = {key: each for key, each in said.sources.items() if each.kind is Kind.FILE}
    if name and name in said.sources and said.sources[name].kind in POSTING:
        return name, said.sources[name]
    known = ", ".join(files) or "none so far"
    if name is None and len(files) > 1:
        raise Misuse(f"sources.toml declares several files: add --source, one of {known}")
    if name is None:
        return next(iter(files.items()), (PLAIN_SOURCE, UNDECLARED))
    if name in files:
        return name, files[name]
    if not said.sources:
        return name, UNDECLARED
    other = f" but as {said.sources[name].kind}" if name in said.sources else ""
    raise Misuse(
        f"sources.toml does not declare {name} as a file{other}: add it there with"
        f' kind = "file", or name one of its files ({known})'
    )


def send(read: Counted, store: Store, at: Place) -> None:
    """Put every request of the roster on the queue. Raises Failure, and after Ctrl-C that."""
    deadline = Deadline.starting_now(store.clock, SENDING)
    accepted = 0
    try:
        with Progress() as progress:
            received_at = store.imports.received_at(read.count.digest, deadline)
            if read.declaration.kind in POSTING:
                progress.tell("telling the directory of people and classes")
                store.directory().learn(read.source, read.roster.known, received_at, deadline)
            requests = _requests(read.roster, received_at)
            for accepted in store.intake.accept_all(requests, deadline):
                progress.tell(f"accepted {accepted:,} of {counted(read.count.sent, 'request')}")
            store.imports.all_sent(read.count.digest, deadline)
    except Unavailable as trouble:
        raise Failure(
            f"{accepted:,} of {counted(read.count.sent, 'request')} were sent, then"
            f" {unusable(at, trouble)}. Then start again: none is sent twice"
        ) from trouble
    except KeyboardInterrupt:
        note(f"stopped after {counted(accepted, 'request')}: start again; none is sent twice")
        raise


def _requests(roster: Roster, received_at: datetime) -> Iterator[EnrollmentRequest]:
    for each in roster:
        if isinstance(each, ToSend):
            yield each.request.model_copy(update={"received_at": received_at})
