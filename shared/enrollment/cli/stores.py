"""The store that a command works on: which one it is, and how it is opened."""

import sqlite3
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from enrollment.cli.trouble import Failure, Misuse
from enrollment.settings import SQLITE, Need, Settings, read_settings
from enrollment.wiring import Store, open_store

NOT_YET = (
    "the store is `firestore`, which belongs to the distributed engine; this version has only the\n"
    "  embedded one: add --store sqlite:///FILE, or set ENROLLMENT_STORE to that"
)


@dataclass(frozen=True)
class Place:
    """The settings of a command, and whether the environment alone leads to the same store."""

    settings: Settings
    in_environment: bool

    @property
    def path(self) -> str:
        """The file of the store. Raises Misuse if it is none."""
        path = self.settings.sqlite_path
        if path is None:
            raise Misuse(NOT_YET)
        return path

    def command(self, words: str) -> str:
        """A command to be typed next, on the same store."""
        where = "" if self.in_environment else f" --store {self.settings.store}"
        return f"enrollment {words}{where}"


def place(
    store: str | None,
    *,
    needs: Collection[Need] = (),
    default: str | None = None,
    **given: Any,
) -> Place:
    """The settings with what was given in their place. Raises SettingsError or Misuse."""
    if store is not None and not store.startswith(SQLITE) and store != "firestore":
        raise Misuse(f"--store {store} is no store: write it like sqlite:///enrollment.db")
    settings = read_settings(needs=needs, store=store, **given)
    if default is not None and "store" not in settings.model_fields_set:
        return Place(settings.model_copy(update={"store": default}), in_environment=False)
    return Place(settings, in_environment=store is None)


@contextmanager
def opened(at: Place, *, make: bool = False) -> Iterator[Store]:
    """The store, closed afterwards; `make` a new one if there is none. Raises CommandError."""
    path = at.path
    if not make and path != ":memory:" and not Path(path).exists():
        raise Misuse(f"there is no store {path}: check --store, or make one by `enrollment run`")
    store = _open(path)
    try:
        yield store
    finally:
        store.database.close()


def _open(path: str) -> Store:
    try:
        return open_store(path)
    except (sqlite3.OperationalError, OSError) as error:
        raise Failure(
            f"the store {path} cannot be opened ({error}): check the folder and its permissions"
        ) from error
    except sqlite3.DatabaseError as error:
        raise Misuse(f"{path} is no store ({error}): name another file with --store") from error
