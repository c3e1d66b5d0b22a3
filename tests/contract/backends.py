"""The adapters that the contract suites run against: one factory each, by the port they serve.

A factory opens a fresh, empty store and closes it again. An adapter joins a suite by adding its
factory to that port's table; the suites know nothing else about it.
"""

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Generic, TypeVar

from enrollment.adapters.sqlite import (
    Database,
    SqliteLedger,
    SqliteLine,
    SqliteQueue,
    SqliteReviews,
)
from enrollment.clock import Clock, Deadline
from enrollment.line import LineKeeper

Port = TypeVar("Port")


@dataclass(frozen=True, kw_only=True)
class Backend(Generic[Port]):
    """An adapter on a store of its own.

    `again` opens the same store as another process would. `let_pass` makes time pass for the store;
    one that keeps a clock of its own may do what that time would have done.
    """

    port: Port
    again: Callable[[], Port]
    clock: Clock
    let_pass: Callable[[timedelta], None]

    @property
    def deadline(self):
        return Deadline.starting_now(self.clock)

    def keeper(self):
        """Another instance's view of the line."""
        return LineKeeper(self.again(), self.clock)


Factory = Callable[[Path], AbstractContextManager[Backend[Port]]]


class HandMovedClock:
    """Stands still until it is moved."""

    def __init__(self, start: datetime = datetime(2026, 8, 20, 18, 25, 43, 123456, UTC)) -> None:
        self._start, self._passed = start, timedelta()
        self._lock = threading.Lock()

    def now(self) -> datetime:
        return self._start + self._passed

    def monotonic(self) -> float:
        return self._passed.total_seconds()

    def sleep(self, seconds: float) -> None:
        self.move(timedelta(seconds=seconds))

    def move(self, length: timedelta) -> None:
        with self._lock:
            self._passed += length


def _sqlite(adapter: Callable[[Database], Port], name: str) -> Factory[Port]:
    @contextmanager
    def fresh(folder: Path) -> Iterator[Backend[Port]]:
        clock = HandMovedClock()
        path = name if name == ":memory:" else str(folder / name)
        with ExitStack() as opened:

            def connect() -> Port:
                database = Database(path, clock)
                opened.callback(database.close)
                return adapter(database)

            port = connect()
            again = connect if path != ":memory:" else lambda: port
            yield Backend(port=port, again=again, clock=clock, let_pass=clock.move)

    return fresh


def _on_sqlite(adapter: Callable[[Database], Port]) -> Mapping[str, Factory[Port]]:
    return {
        "sqlite in memory": _sqlite(adapter, ":memory:"),
        "sqlite file": _sqlite(adapter, "store.db"),
    }


LEDGERS = _on_sqlite(SqliteLedger)
REVIEWS = _on_sqlite(SqliteReviews)
LINES = _on_sqlite(SqliteLine)
QUEUES = _on_sqlite(lambda database: SqliteQueue(database, "requests"))
