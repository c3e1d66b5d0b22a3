"""One engine at a time on a store, and what it does when it moves in."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from enrollment.adapters.sqlite.database import Database, micros
from enrollment.clock import Deadline
from enrollment.timing import LEASE, REMEMBERED


class EngineRunning(Exception):
    """Another engine works on this store."""


@contextmanager
def only_engine(database: Database) -> Iterator[None]:
    """Be the one engine on this store. Raises EngineRunning if there is another.

    What an engine that died had under way is free again at once: it cannot come back. What is old
    enough is forgotten.
    """
    if database.path == ":memory:":
        yield
        return
    file = Path(database.path).resolve()  # one store under two names is one store
    with Path(f"{file}.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise EngineRunning from None
        _adopt(database)
        forget(database)
        yield


def engine_runs(path: str) -> bool:
    """Whether an engine works on a store, at this moment."""
    file = Path(f"{Path(path).resolve()}.lock")
    if not file.exists():
        return False
    with file.open() as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except OSError:
            return True
    return False


def _adopt(database: Database) -> None:
    now = database.clock.now()
    with database.writing(Deadline.starting_now(database.clock)) as connection:
        connection.execute(
            "update messages set visible_at = ?, pulled = 0 where pulled = 1", (micros(now),)
        )
        # Older than any lease: the next delivery takes the claim for lapsed, and counts it.
        connection.execute(
            "update entries set updated_at = ? where state = 'claimed' and updated_at > ?",
            (micros(now - LEASE), micros(now - LEASE)),
        )


def forget(database: Database) -> None:
    """Delete what need not be remembered any longer: old settled entries, old closed reviews."""
    now = database.clock.now()
    with database.writing(Deadline.starting_now(database.clock)) as connection:
        for table in ("entries", "receipts", "noted", "directory"):
            connection.execute(f"delete from {table} where expire_at <= ?", (micros(now),))
        connection.execute("delete from reviews where closed_at <= ?", (micros(now - REMEMBERED),))
