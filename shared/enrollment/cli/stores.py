"""The store of a command, opened and closed again; what it cannot do is told in one line."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from enrollment.cli.places import Place
from enrollment.cli.store_trouble import unusable
from enrollment.cli.trouble import Failure, Misuse
from enrollment.clock import Deadline
from enrollment.ports import Unavailable
from enrollment.pseudonyms import OtherKey
from enrollment.reasons import Reason
from enrollment.wiring import embedded
from enrollment.wiring.store import Store


@contextmanager
def opened(at: Place, *, make: bool = False) -> Iterator[Store]:
    """The store, closed afterwards; `make` a new file if there is none. Raises CommandError.

    A store that fails while it is used is a Failure as well.
    """
    if at.embedded:
        with opened_file(at, make=make) as file:
            yield file
        return
    from enrollment.wiring import cloud

    with _failing_in_words(at):
        store = cloud.open_store(at.settings)
        try:
            yield store
        finally:
            store.close()


@contextmanager
def opened_file(at: Place, *, make: bool = False) -> Iterator[embedded.Store]:
    """The file of the embedded engine. Raises CommandError."""
    if not make and at.path != ":memory:" and not Path(at.path).exists():
        raise Misuse(missing(at))
    store = _open(at.path)
    try:
        with _failing_in_words(at):
            yield store
    finally:
        store.close()


def same_key(at: Place, store: Store) -> None:
    """See that the store's ids were made with this PSEUDONYM_KEY. Raises Failure."""
    if at.settings.pseudonym_text is None and not at.settings.loopback:
        return  # the command makes no ids
    try:
        store.pseudonyms.check(at.settings.pseudonym_key, Deadline.starting_now(store.clock))
    except OtherKey:
        raise Failure(
            f"{at.name} was begun with another PSEUDONYM_KEY: with this one, every request would"
            "\n  get a second id and be made again. Set the first key, or begin a new store"
        ) from None


def missing(at: Place) -> str:
    """What to say of a file that is not there."""
    if at.by_default:
        return (
            f"there is no store here: {at.path} is not in this folder;"
            " name one with --store sqlite:///FILE or ENROLLMENT_STORE"
        )
    named = "ENROLLMENT_STORE" if at.in_environment else "--store"
    return f"there is no store {at.path}: check {named}, or make one by `{at.command('run')}`"


@contextmanager
def _failing_in_words(at: Place) -> Iterator[None]:
    try:
        yield
    except Unavailable as trouble:
        if trouble.reason not in (Reason.LEDGER_DOWN, Reason.TOPIC_DOWN):
            raise
        raise Failure(unusable(at, trouble)) from trouble


def _open(path: str) -> embedded.Store:
    try:
        return embedded.open_store(path)
    except (sqlite3.OperationalError, OSError) as error:
        raise Failure(
            f"the store {path} cannot be opened ({error}): check the folder and its permissions"
        ) from error
    except sqlite3.DatabaseError as error:
        raise Misuse(f"{path} is no store ({error}): name another file with --store") from error
