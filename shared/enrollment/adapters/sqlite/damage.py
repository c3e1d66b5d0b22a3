"""A store that a disk, or a hand, has damaged: told as one kind of trouble, without its content."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager

from enrollment.ports import DamagedStore, Unavailable
from enrollment.reasons import Reason

BROKEN_FILE = frozenset({sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB})
NO_TEXT = "a text in the file is not UTF-8"


@contextmanager
def told() -> Iterator[None]:
    """SQLite's own troubles (locked, full, read-only, damaged) as the port's."""
    try:
        yield
    except (sqlite3.IntegrityError, sqlite3.ProgrammingError):
        raise  # a fault of ours
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", None)
        if code is None:  # Python's words, not SQLite's: they repeat the text
            raise DamagedStore(NO_TEXT) from None
        if code & 0xFF in BROKEN_FILE:  # the rest of the number says more about it
            raise DamagedStore(str(error)) from error
        raise Unavailable(Reason.LEDGER_DOWN, str(error)) from error


@contextmanager
def reading_record(name: str) -> Iterator[None]:
    """Raise DamagedStore if a record is not what was written; `name` says which, without content.

    The cause is left out: pydantic and json repeat in it what they have read.
    """
    try:
        yield
    except (ValueError, TypeError, OverflowError, RecursionError):
        raise DamagedStore(f"{name} cannot be read") from None
