"""One SQLite file, shared by threads and processes: one writer at a time, readers never wait."""

import fcntl
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from enrollment.clock import Clock, Deadline
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from enrollment.timing import LEASE, LEDGER_LIMIT

SCHEMA_VERSION = 1
SCHEMA = """
create table if not exists entries (
    id text primary key, record text not null, version integer not null,
    updated_at integer not null, state text not null, outcome text, reason text,
    wake_at integer,    course_id text not null, student_key text not null
);
create index if not exists entries_due on entries (state, wake_at) where wake_at is not null;
create index if not exists entries_student on entries (student_key, course_id);
create index if not exists entries_course on entries (course_id);
create index if not exists entries_counts on entries (state, outcome, reason);
create table if not exists messages (
    id integer primary key autoincrement, topic text not null, body blob not null,
    attributes text not null, visible_at integer not null, number integer not null default 0,
    pulled integer not null default 0
);
create index if not exists messages_visible on messages (topic, visible_at, id);
create table if not exists reviews (
    id text primary key, record text not null, body blob not null, version integer not null,
    state text not null, filed_at integer not null, request_id text
);
create index if not exists reviews_open on reviews (state, filed_at, id);
create index if not exists reviews_request on reviews (request_id) where request_id is not null;
create table if not exists imports (digest text primary key, received_at integer not null);
create table if not exists line (
    id integer primary key check (id = 1), record text not null, version integer not null
);
"""


OPEN_TRIES, OPEN_PAUSE = 100, 0.05  # 5 s for others to have made the same file


class EngineRunning(Exception):
    """Another engine works on this store."""


EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(time: datetime) -> int:
    """A time as whole microseconds since 1970, which sort and compare exactly."""
    return (time - EPOCH) // timedelta(microseconds=1)


def at(microseconds: int) -> datetime:
    """The time that `micros` was made of."""
    return EPOCH + timedelta(microseconds=microseconds)


@dataclass
class Database:
    """A connection to a store. Thread-safe: its threads take turns.

    `path` is a file, or `:memory:` for a store that ends with the process.
    """

    path: str
    clock: Clock
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _connection: sqlite3.Connection = field(init=False, repr=False)

    def __post_init__(self) -> None:
        if self.path != ":memory:":
            Path(self.path).parent.mkdir(parents=True, exist_ok=True)
            # Nobody else may read it: there are addresses in it. Its companions take its mode.
            os.close(os.open(self.path, os.O_CREAT | os.O_RDWR, 0o600))
        self._connection = sqlite3.connect(
            self.path, isolation_level=None, check_same_thread=False, timeout=10
        )
        try:
            self._prepare_in_turn()
        except sqlite3.Error:
            self._connection.close()
            raise

    def _prepare_in_turn(self) -> None:
        """Prepare; of programs that open a new file at once, one is let in, the others try again.

        SQLite does not wait for its busy timeout while a file changes to write-ahead logging.
        """
        for _ in range(OPEN_TRIES):
            try:
                return self._prepare()
            except sqlite3.OperationalError as error:
                if error.sqlite_errorcode != sqlite3.SQLITE_BUSY:
                    raise
                self.clock.sleep(OPEN_PAUSE)
        return self._prepare()

    def _prepare(self) -> None:
        self._connection.execute("pragma journal_mode = wal")
        # A power cut may then forget the last moments, and with them their acknowledgements:
        # they are done again. What was accepted is written with `durable`.
        self._connection.execute("pragma synchronous = normal")
        found = self._connection.execute("pragma user_version").fetchone()[0]
        if found not in (0, SCHEMA_VERSION):
            fault = f"the store has version {found}; this program reads {SCHEMA_VERSION}"
            raise sqlite3.DatabaseError(fault)
        self._connection.executescript(SCHEMA)
        self._connection.execute(f"pragma user_version = {SCHEMA_VERSION}")

    def close(self) -> None:
        """Close the connection; the store stays."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def reading(self, deadline: Deadline) -> Iterator[sqlite3.Connection]:
        """A connection to read with. Raises Unavailable(ledger_down)."""
        with self._lock, _told():
            self._wait_at_most(deadline)
            yield self._connection

    @contextmanager
    def writing(self, deadline: Deadline, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it or nothing, and after a power cut too if it is `durable`.

        Raises Unavailable(ledger_down).
        """
        with self._lock, _told():
            self._wait_at_most(deadline)
            if durable:
                self._connection.execute("pragma synchronous = full")
            try:
                self._connection.execute("begin immediate")
                yield self._connection
                self._connection.execute("commit")
            finally:
                if self._connection.in_transaction:  # the work or its commit failed
                    self._connection.execute("rollback")
                if durable:
                    self._connection.execute("pragma synchronous = normal")

    @contextmanager
    def only_engine(self) -> Iterator[None]:
        """Be the one engine on this store. Raises EngineRunning if there is another.

        What an engine that died had under way is free again at once: it cannot come back.
        """
        if self.path == ":memory:":
            yield
            return
        with Path(f"{self.path}.lock").open("w") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except OSError:
                raise EngineRunning from None
            self._adopt()
            yield

    def _adopt(self) -> None:
        now = self.clock.now()
        with self.writing(Deadline.starting_now(self.clock)) as connection:
            connection.execute(
                "update messages set visible_at = ?, pulled = 0 where pulled = 1", (micros(now),)
            )
            # Older than any lease: the next delivery takes the claim for lapsed, and counts it.
            connection.execute(
                "update entries set updated_at = ? where state = 'claimed' and updated_at > ?",
                (micros(now - LEASE), micros(now - LEASE)),
            )

    def _wait_at_most(self, deadline: Deadline) -> None:
        milliseconds = int(deadline.within(LEDGER_LIMIT) * 1000)
        self._connection.execute(f"pragma busy_timeout = {milliseconds}")


@contextmanager
def _told() -> Iterator[None]:
    """SQLite's own troubles (locked, full, read-only) as the port's."""
    try:
        yield
    except sqlite3.OperationalError as error:
        raise Unavailable(Reason.LEDGER_DOWN, str(error)) from error
