"""One SQLite file, shared by threads and processes: one writer at a time, readers never wait."""

import errno
import os
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from enrollment.adapters.sqlite.damage import told
from enrollment.adapters.sqlite.schema import CORE, SCHEMA, SCHEMA_VERSION, TABLES
from enrollment.clock import Clock, Deadline
from enrollment.timing import LEDGER_LIMIT

OPEN_TRIES, OPEN_PAUSE = 100, 0.05  # 5 s for others to have made the same file
# 64 MB at most, in SQLite's own unit of -1 KiB: the inner pages of the indexes of a million entries
# stay. With SQLite's 2 MB a claim and its settlement read 25 kB there, with this 16.
CACHE = -65_536
# 40 MB of log before it is brought into the file, not 4: that waits for the disk twice each time,
# and a page that is written often goes there once. With the cache 14 kB are read, and 61 written.
LOG_PAGES = 10_000

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

    `path` is a file, or `:memory:` for a store that ends with the process. A file that may only be
    read can be looked at; whoever writes to it gets Unavailable.
    """

    path: str
    clock: Clock
    _lock: threading.RLock = field(default_factory=threading.RLock, repr=False)
    _connection: sqlite3.Connection = field(init=False, repr=False)
    _writable: bool = field(init=False, repr=False)
    _patience: int = field(default=-1, init=False, repr=False)

    def __post_init__(self) -> None:
        where, self._writable = self.path, True
        if self.path != ":memory:":
            Path(self.path).parent.mkdir(parents=True, exist_ok=True)
            self._writable = _make_or_find(self.path)
            if not self._writable:
                where = _only_to_read(self.path)
        self._connection = sqlite3.connect(
            where,
            isolation_level=None,
            check_same_thread=False,
            timeout=10,
            uri=not self._writable,
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
        """Make what is missing.

        On a store that is whole nothing is written: another may be writing, or nobody may.
        """
        whole = self._is_whole()
        if self._writable:
            self._connection.execute("pragma journal_mode = wal")  # kept in the file, once set
        # A power cut may then forget the last moments, and with them their acknowledgements:
        # they are done again. What was accepted is written with `durable`.
        self._connection.execute("pragma synchronous = normal")
        self._connection.execute(f"pragma cache_size = {CACHE}")
        self._connection.execute(f"pragma wal_autocheckpoint = {LOG_PAGES}")
        if not whole:
            self._connection.executescript(SCHEMA)
            self._connection.execute(f"pragma user_version = {SCHEMA_VERSION}")

    def _is_whole(self) -> bool:
        """Whether no table is missing. Raises sqlite3.DatabaseError if the file is not ours."""
        version = self._connection.execute("pragma user_version").fetchone()[0]
        query = "select name from sqlite_master where type = 'table' and name not like 'sqlite!_%'"
        tables = {name for (name,) in self._connection.execute(query + " escape '!'")}
        # Without a version it is empty, or a store whose making was interrupted.
        if not (tables >= CORE if version else tables <= TABLES):
            raise sqlite3.DatabaseError("it is a SQLite file, but not a store of enrollments")
        if version not in (0, SCHEMA_VERSION):
            fault = f"the store has version {version}; this program reads {SCHEMA_VERSION}"
            raise sqlite3.DatabaseError(fault)
        return version == SCHEMA_VERSION and tables >= TABLES

    def close(self) -> None:
        """Close the connection; the store stays."""
        with self._lock:
            self._connection.close()

    @contextmanager
    def reading(self, deadline: Deadline) -> Iterator[sqlite3.Connection]:
        """A connection to read with. Raises Unavailable(ledger_down)."""
        with self._lock, told():
            self._wait_at_most(deadline)
            yield self._connection

    @contextmanager
    def writing(self, deadline: Deadline, *, durable: bool = False) -> Iterator[sqlite3.Connection]:
        """A transaction: all of it or nothing, and after a power cut too if it is `durable`.

        Raises Unavailable(ledger_down).
        """
        with self._lock, told():
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
        if milliseconds != self._patience:  # mostly the whole limit, as the last time
            self._connection.execute(f"pragma busy_timeout = {milliseconds}")
            self._patience = milliseconds


def _make_or_find(path: str) -> bool:
    """Make the file unless it is there; whether SQLite may write to it and beside it."""
    try:
        # Nobody else may read it: there are addresses in it. Its companions take its mode.
        os.close(os.open(path, os.O_CREAT | os.O_RDWR, 0o600))
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM, errno.EROFS) and Path(path).is_file():
            return False
        raise
    folder = Path(path).resolve().parent
    effective = os.access in os.supports_effective_ids
    return os.access(folder, os.W_OK, effective_ids=effective)


def _only_to_read(path: str) -> str:
    """The URI of a store that is only looked at.

    Without a write-ahead log nobody has it open, and SQLite need not make files beside it.
    """
    file = Path(path).resolve()
    quiet = "" if Path(f"{file}-wal").exists() else "&immutable=1"
    return f"file:{quote(str(file))}?mode=ro{quiet}"
