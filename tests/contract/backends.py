"""The adapters that the contract suites run against: one factory each, by the port they serve.

A factory opens a fresh, empty store and closes it again. An adapter joins a suite by adding its
factory to that port's table; the suites know nothing else about it.
"""

import os
import threading
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, ExitStack, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib import import_module
from pathlib import Path
from typing import Generic, TypeVar

from enrollment.adapters.clock import SystemClock
from enrollment.adapters.sqlite import (
    Database,
    SqliteLedger,
    SqliteLine,
    SqliteQueue,
    SqliteReviews,
)
from enrollment.adapters.sqlite.directory import SqliteDirectory
from enrollment.adapters.sqlite.forms import SqliteFormStates
from enrollment.adapters.sqlite.receipts import SqliteReceipts
from enrollment.clock import Clock, Deadline
from enrollment.line import LineKeeper
from enrollment.wire import Delivery
from infra.local.emulators import Emulators

Port = TypeVar("Port")


@dataclass(frozen=True, kw_only=True)
class Backend(Generic[Port]):
    """An adapter on a store of its own.

    `again` opens the same store as another process would. `let_pass` makes time pass for the store;
    one that keeps a clock of its own may do what that time would have done. `received` takes what a
    topic delivers, and returns when at least so many messages have come.
    """

    port: Port
    again: Callable[[], Port]
    clock: Clock
    let_pass: Callable[[timedelta], None]
    received: Callable[[int], list[Delivery]] | None = None

    @property
    def deadline(self):
        return Deadline.starting_now(self.clock)

    def keeper(self):
        """Another instance's view of the line."""
        return LineKeeper(self.again(), self.clock)


Factory = Callable[[Path, Callable[[], Emulators]], AbstractContextManager[Backend[Port]]]


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


class WorkersClock(SystemClock):
    """The machine's clock, in front of a store that keeps a clock of its own.

    What passes, passes for the worker: its deadlines, and the age of what it has seen. The store's
    time goes on as it does; nothing that is stored can be made older.
    """

    def __init__(self) -> None:
        self._passed = 0.0

    def monotonic(self) -> float:
        return super().monotonic() + self._passed

    def move(self, length: timedelta) -> None:
        self._passed += length.total_seconds()


def _sqlite(adapter: Callable[[Database], Port], name: str) -> Factory[Port]:
    @contextmanager
    def fresh(folder: Path, _: Callable[[], Emulators]) -> Iterator[Backend[Port]]:
        clock = HandMovedClock()
        path = name if name == ":memory:" else str(folder / name)
        with ExitStack() as opened:

            def connect() -> Port:
                database = Database(path, clock)
                opened.callback(database.close)
                return adapter(database)

            def received(_: int) -> list[Delivery]:
                deadline = Deadline.starting_now(clock)
                return [each.delivery for each in port.pull(10_000, deadline)]

            port = connect()
            again = connect if path != ":memory:" else lambda: port
            yield Backend(
                port=port, again=again, clock=clock, let_pass=clock.move, received=received
            )

    return fresh


def _on_sqlite(adapter: Callable[[Database], Port]) -> Mapping[str, Factory[Port]]:
    return {
        "sqlite in memory": _sqlite(adapter, ":memory:"),
        "sqlite file": _sqlite(adapter, "store.db"),
    }


def _firestore(name: str) -> Factory[Port]:
    @contextmanager
    def fresh(_: Path, emulators: Callable[[], Emulators]) -> Iterator[Backend[Port]]:
        from enrollment.adapters import firestore

        module, _, kind = name.rpartition(".")
        place = import_module(f"enrollment.adapters.firestore.{module}") if module else firestore
        os.environ.update(emulators().environment)  # every test gets its environment back
        clock, project = WorkersClock(), f"test-{uuid.uuid4().hex}"
        with ExitStack() as opened:

            def connect() -> Port:
                database = firestore.open_firestore(project)
                opened.callback(database.close)
                return getattr(place, kind)(database)

            yield Backend(port=connect(), again=connect, clock=clock, let_pass=clock.move)

    return fresh


@contextmanager
def _pubsub(_: Path, emulators: Callable[[], Emulators]) -> Iterator[Backend[Port]]:
    from tests.contract.pubsub import a_topic, received_from

    os.environ.update(emulators().environment)
    clock = WorkersClock()
    with a_topic() as (connect, subscription):
        yield Backend(
            port=connect(),
            again=connect,
            clock=clock,
            let_pass=clock.move,
            received=lambda number: received_from(subscription, number),
        )


FIRESTORE, PUBSUB = "firestore", "pubsub"
ON_EMULATORS = (FIRESTORE, PUBSUB)
LEDGERS = {**_on_sqlite(SqliteLedger), FIRESTORE: _firestore("FirestoreLedger")}
REVIEWS = {**_on_sqlite(SqliteReviews), FIRESTORE: _firestore("FirestoreReviews")}
RECEIPTS = {**_on_sqlite(SqliteReceipts), FIRESTORE: _firestore("receipts.FirestoreReceipts")}
DIRECTORIES = {
    **_on_sqlite(SqliteDirectory), FIRESTORE: _firestore("directory.FirestoreDirectory")
}  # fmt: skip
FORM_STATES = {**_on_sqlite(SqliteFormStates), FIRESTORE: _firestore("forms.FirestoreFormStates")}
LINES = {**_on_sqlite(SqliteLine), FIRESTORE: _firestore("FirestoreLine")}
QUEUES = _on_sqlite(lambda database: SqliteQueue(database, "requests"))
TOPICS = {**QUEUES, PUBSUB: _pubsub}
