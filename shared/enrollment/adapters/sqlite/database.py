"""One SQLite file, shared by threads and processes: one writer at a time, readers never wait."""

import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from enrollment.adapters.sqlite.schema import CORE, SCHEMA, SCHEMA_VERSION
from enrollment.clock import Clock, Deadline
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from enrollment.timing import LEDGER_LIMIT

OPEN_TRIES, OPEN_PAUSE = 100, 0.05  # 5 s for others to have made the same file


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
        self._check()
        self._connection.execute("pragma journal_mode = wal")
        # A power cut may then forget the last moments, and with them their acknowledgements:
        # they are done again. What was accepted is written with `durable`.
        self._connection.execute("pragma synchronous = normal")
        self._connection.executescript(SCHEMA)
        self._connection.execute(f"pragma user_version = {SCHEMA_VERSION}")

    def _check(self) -> None:
        """Raise sqlite3.DatabaseError if the file is not ours; nothing has been written yet."""
        version = self._connection.execute("pragma user_version").fetchone()[0]
        query = "select name from sqlite_master where type = 'table' and name not like 'sqlite!_%'"
        tables = {name for (name,) in self._connection.execute(query + " escape '!'")}
        # Without a version it is empty, or a store whose making was interrupted.
        if not (tables >= CORE if version else all(f" {name} (" in SCHEMA for name in tables)):
            raise sqlite3.DatabaseError("it is a SQLite file, but not a store of enrollments")
        if version not in (0, SCHEMA_VERSION):
            fault = f"the store has version {version}; this program reads {SCHEMA_VERSION}"
            raise sqlite3.DatabaseError(fault)

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
