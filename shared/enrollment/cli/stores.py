"""The store that a command works on: which one it is, and how it is opened."""

import re
import shlex
import sqlite3
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from enrollment.adapters.sqlite import OtherKey
from enrollment.cli.trouble import Failure, Misuse
from enrollment.clock import Deadline
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from enrollment.settings import (
    LEAST_SHARE,
    SQLITE,
    Need,
    Settings,
    SettingsError,
    read_settings,
    too_small_a_share,
)
from enrollment.wiring.embedded import Store, open_store

DEFAULT_STORE = "sqlite:///enrollment.db"
OPTIONS = {"sources_file": "--sources", "administrator": "--admin", "quota": "--quota"}
NO_NUMBER = re.compile(r"\(Input should be a valid integer[^)]*\)")
NOT_YET = (
    "the store is `firestore`, which belongs to the distributed engine; this version has only the\n"
    "  embedded one: add --store sqlite:///FILE, or set ENROLLMENT_STORE to that"
)


@dataclass(frozen=True)
class Place:
    """The settings of a command, and whether the environment alone leads to the same store.

    `by_default`: nobody named a store, so it is the one of this folder.
    """

    settings: Settings
    in_environment: bool
    by_default: bool = False

    @property
    def path(self) -> str:
        """The file of the store. Raises Misuse if it is none."""
        path = self.settings.sqlite_path
        if path is None:
            raise Misuse(NOT_YET)
        return path

    def command(self, words: str) -> str:
        """A command to be typed next, on the same store."""
        where = "" if self.in_environment else f" --store {shlex.quote(self.settings.store)}"
        return f"enrollment {words}{where}"


def place(
    store: str | None,
    *,
    needs: Collection[Need] = (),
    default: str = DEFAULT_STORE,
    **given: Any,
) -> Place:
    """The settings with what was given in their place. Raises Misuse."""
    if store is not None and not store.startswith(SQLITE) and store != "firestore":
        raise Misuse(f"--store {store} is no store: write it like sqlite:///enrollment.db")
    try:
        settings = read_settings(needs=needs, store=store, **given)
    except SettingsError as error:
        faults = [_told(fault, given) for fault in error.faults]
        raise Misuse("\n  ".join(["the settings are not complete:", *faults])) from None
    if "store" not in settings.model_fields_set:
        here = settings.model_copy(update={"store": default})
        return Place(here, in_environment=False, by_default=True)
    return Place(settings, in_environment=store is None)


def _told(fault: str, given: Mapping[str, Any]) -> str:
    """A fault of the settings, by the name of the option that brought it."""
    for name, option in OPTIONS.items():
        variable = Settings.model_fields[name].validation_alias
        if given.get(name) is not None and fault.startswith(f"{variable} is wrong"):
            if name == "quota" and (why := _too_few_calls(given[name])):
                return f"{option} is wrong: {why}"
            return fault.replace(str(variable), f"{option} {given[name]}", 1)
    return NO_NUMBER.sub("(it is no whole number)", fault)


def _too_few_calls(quota: int) -> str | None:
    """Why so few calls a minute are not enough; None if they are, or it cannot be told."""
    chosen: dict[str, Any] = {"quota": 1}
    try:
        settings = Settings(**chosen).model_copy(update={"quota": quota})
    except ValidationError:
        return None
    return too_small_a_share(settings) if settings.share < LEAST_SHARE else None


@contextmanager
def opened(at: Place, *, make: bool = False) -> Iterator[Store]:
    """The store, closed afterwards; `make` a new one if there is none. Raises CommandError.

    A store that fails while it is used is a Failure as well.
    """
    path = at.path
    if not make and path != ":memory:" and not Path(path).exists():
        raise Misuse(_missing(at, path))
    store = _open(path)
    try:
        yield store
    except Unavailable as trouble:
        if trouble.reason not in (Reason.LEDGER_DOWN, Reason.TOPIC_DOWN):
            raise
        raise Failure(
            f"the store {path} cannot be used ({trouble.detail}): see that its disk has room and no"
            " other program keeps it; if it is damaged, put a copy from before in its place"
        ) from trouble
    finally:
        store.database.close()


def same_key(at: Place, store: Store) -> None:
    """See that the store's ids were made with this PSEUDONYM_KEY. Raises Failure."""
    if at.settings.pseudonym_text is None and not at.settings.loopback:
        return  # the command makes no ids
    try:
        store.pseudonyms.check(at.settings.pseudonym_key, Deadline.starting_now(store.clock))
    except OtherKey:
        raise Failure(
            f"{at.path} was begun with another PSEUDONYM_KEY: with this one, every request would"
            "\n  get a second id and be made again. Set the first key, or begin a new store"
        ) from None


def _missing(at: Place, path: str) -> str:
    if at.by_default:
        return (
            f"there is no store here: {path} is not in this folder;"
            " name one with --store sqlite:///FILE or ENROLLMENT_STORE"
        )
    named = "ENROLLMENT_STORE" if at.in_environment else "--store"
    return f"there is no store {path}: check {named}, or make one by `{at.command('run')}`"


def _open(path: str) -> Store:
    try:
        return open_store(path)
    except (sqlite3.OperationalError, OSError) as error:
        raise Failure(
            f"the store {path} cannot be opened ({error}): check the folder and its permissions"
        ) from error
    except sqlite3.DatabaseError as error:
        raise Misuse(f"{path} is no store ({error}): name another file with --store") from error
