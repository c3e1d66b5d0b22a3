"""SQLite stores of any size, filled with entries as the adapter writes them."""

import sqlite3
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path

from enrollment.adapters.clock import SystemClock
from enrollment.adapters.sqlite import Database, SqliteLedger
from enrollment.adapters.sqlite.database import micros
from enrollment.adapters.sqlite.ledger import INSERT, _columns, _text, key
from enrollment.claims import Claims
from enrollment.clock import Deadline
from enrollment.entry import Entry, Event, State
from enrollment.ledger import Arrival, first_claim
from enrollment.outcome import Outcome
from enrollment.request import EnrollmentRequest, student_key
from enrollment.timing import REMEMBERED
from tests.bench.places import course, student
from tests.bench.setting import Bench, a_wish, wish_id

WAITING = 50  # each so-manieth entry waits, and is due
KEY = b"a key for a school that is made up"
GIGABYTE = -1_000_000  # SQLite's cache, in its own unit; only while a store is filled


@dataclass
class Store:
    """A store of a size, and what it took in each round."""

    database: Database
    size: int
    seconds: dict[str, list[float]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.clock = SystemClock()
        self.ledger = SqliteLedger(self.database)
        self.claims = Claims(self.ledger, self.clock)

    @property
    def deadline(self) -> Deadline:
        return Deadline.starting_now(self.clock)

    def take(self, name: str, work: Callable[[], object]) -> None:
        """Do the work, and note its wall time and its CPU time."""
        cpu, wall = time.process_time(), time.perf_counter()
        work()
        wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
        self.seconds.setdefault(name, []).append(wall)
        self.seconds.setdefault(f"{name}, CPU", []).append(cpu)


@contextmanager
def opened(bench: Bench, sizes: Sequence[int]) -> Iterator[list[Store]]:
    """A store of each size, filled."""
    stores: list[Store] = []
    try:
        for size in sizes:
            bench.say(f"growth: a store of {size:,} entries")
            path = bench.folder / f"growth-{size}.db"
            stores.append(Store(Database(str(path), SystemClock()), size))
            fill(path, size)
        yield stores
    finally:
        for each in stores:
            each.database.close()


def fill(path: Path, size: int) -> None:
    """Entries one after another, into a store that has its tables and indexes."""
    connection = sqlite3.connect(path, isolation_level=None)
    try:
        connection.execute("pragma synchronous = off")
        connection.execute(f"pragma cache_size = {GIGABYTE}")
        connection.execute("begin")
        connection.executemany(INSERT, _rows(size))
        connection.execute("commit")
        connection.execute("pragma wal_checkpoint(truncate)")
    finally:
        connection.close()


def _rows(size: int) -> Iterator[tuple[object, ...]]:
    """Two entries, one settled and one that waits, with what differs written over."""
    now = datetime.now(UTC)
    models = [_model(now, waits=waits) for waits in (False, True)]
    for number in range(size):
        record, state, outcome, reason, expires = models[number % WAITING == 0]
        age, name = (size - number) * 1_000_000, wish_id(number)
        for old, new in ((wish_id(0), name), (course(0), course(number))):
            record = record.replace(old, new)
        yield (
            *(key(name), record.replace(student(0), student(number)), 2, micros(now) - age),
            *(state, outcome, reason, None if expires else micros(now) - age),
            *(expires - age if expires else None, course(number), _key_of(student(number))),
        )


def _model(now: datetime, *, waits: bool) -> tuple[str, object, object, object, int]:
    claimed = first_claim(arrival(a_wish(0)), now)
    rests = replace(claimed, state=State.WAITING, not_before=now, wake_at=now)
    entry = rests if waits else settled(claimed, now)
    state, outcome, reason, _, expires, *_ = _columns(entry)
    return _text(entry), state, outcome, reason, expires or 0


@cache
def _key_of(who: str) -> str:
    return student_key(KEY, who)


def arrival(wish: EnrollmentRequest) -> Arrival:
    """The wish at a worker that would claim it."""
    return Arrival(
        request=wish,
        message=wish.model_dump_json(),
        student_key=_key_of(wish.student),
        claim=key(wish.request_id)[:32],
    )


def settled(entry: Entry, now: datetime) -> Entry:
    """As `Results.success` writes it."""
    done = replace(
        entry,
        state=State.SETTLED,
        outcome=Outcome.ENROLLED,
        settled_at=now,
        wake_at=None,
        expire_at=now + REMEMBERED,
    )
    return done.noting(Event(at=now, attempt=1, what=Outcome.ENROLLED.value))


def plans_of(store: Store, work: Callable[[], object]) -> dict[str, list[str]]:
    """How SQLite finds the rows of each statement that the work really makes."""
    said: list[str] = []
    with store.database.reading(store.deadline) as connection:
        connection.set_trace_callback(said.append)
        work()
        connection.set_trace_callback(None)
        asked = [each for each in said if each.startswith(("select", "update", "delete"))]
        return {
            each: [step[3] for step in connection.execute(f"explain query plan {each}")]
            for each in asked
        }
