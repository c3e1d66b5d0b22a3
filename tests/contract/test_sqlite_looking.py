"""Looking at a store disturbs nobody: no write, no wait, and none needed where nobody may write."""

import os
import sqlite3
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Timer

import pytest

from enrollment.adapters.sqlite import Database, SqliteLedger, SqliteReviews
from enrollment.adapters.sqlite.schema import SCHEMA_VERSION
from enrollment.clock import Deadline
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from tests.contract.backends import HandMovedClock
from tests.contract.builders import REQUEST_ID, an_entry, an_item

CLOCK = HandMovedClock()
NOBODY = 65_534


@contextmanager
def opened(path):
    with closing(Database(str(path), CLOCK)) as database:
        yield database


def deadline():
    return Deadline.starting_now(CLOCK)


@pytest.fixture
def folder():
    """One that every account of this machine may enter, unlike pytest's own."""
    with tempfile.TemporaryDirectory() as name:
        Path(name).chmod(0o755)
        yield Path(name)


@pytest.fixture
def store(folder):
    path = folder / "a store's copy?.db"
    with opened(path) as database:
        SqliteLedger(database).create(an_entry(), deadline())
        SqliteReviews(database).file(an_item(), deadline())
    path.chmod(0o644)
    return path


@contextmanager
def somebody_else():
    """An account that may write nothing here."""
    before = os.geteuid()
    if before == 0:
        os.seteuid(NOBODY)
    try:
        yield
    finally:
        os.seteuid(before)


def test_opening_a_store_again_writes_nothing(store):
    with closing(sqlite3.connect(store)) as other:
        before = other.execute("pragma data_version").fetchone()

        with opened(store):
            pass

        assert other.execute("pragma data_version").fetchone() == before


def test_a_reader_does_not_wait_for_a_busy_writer(store):
    with closing(sqlite3.connect(store, isolation_level=None, check_same_thread=False)) as writer:
        writer.execute("begin immediate")
        given_up = Timer(2, writer.rollback)  # so that a reader who does wait ends
        given_up.start()

        with opened(store) as database:
            found = SqliteLedger(database).get(REQUEST_ID, deadline())

        assert writer.in_transaction
        given_up.cancel()
        given_up.join()
    assert found.entry == an_entry()


@pytest.mark.parametrize("mode", [0o755, 0o555], ids=["folder", "read-only folder"])
def test_a_store_for_reading_only_can_be_looked_at_and_not_changed(folder, store, mode):
    store.chmod(0o444)
    folder.chmod(mode)

    with somebody_else(), opened(store) as database:
        found = SqliteLedger(database).get(REQUEST_ID, deadline())
        (item,) = SqliteReviews(database).open_items(deadline())
        with pytest.raises(Unavailable, match="readonly") as raised:
            SqliteLedger(database).update(found, found.entry, deadline())

    assert (found.entry, item.item) == (an_entry(), an_item())
    assert raised.value.reason is Reason.LEDGER_DOWN
    assert [each.name for each in folder.iterdir()] == [store.name]
    folder.chmod(0o755)


def test_a_store_in_a_folder_for_reading_only_can_be_looked_at(folder, store):
    store.chmod(0o666)
    folder.chmod(0o555)

    with somebody_else(), opened(store) as database:
        assert SqliteLedger(database).get(REQUEST_ID, deadline()).entry == an_entry()
    folder.chmod(0o755)


def test_an_account_that_may_not_write_does_not_make_a_store(folder):
    folder.chmod(0o555)

    with somebody_else(), pytest.raises(PermissionError):
        Database(str(folder / "new.db"), CLOCK)
    folder.chmod(0o755)


def test_a_store_that_lacks_a_table_of_later_days_gets_it(store):
    with closing(sqlite3.connect(store)) as other:
        other.execute("drop table pseudonyms")

    with opened(store):
        pass

    with closing(sqlite3.connect(store)) as other:
        assert other.execute("select count(*) from pseudonyms").fetchone() == (0,)
        assert other.execute("pragma user_version").fetchone() == (SCHEMA_VERSION,)


def test_a_backup_becomes_a_store_that_readers_and_a_writer_share_again(folder, store):
    backup = folder / "backup.db"
    with closing(sqlite3.connect(store)) as other:
        other.execute("vacuum into ?", (str(backup),))

    with opened(backup):
        pass

    with closing(sqlite3.connect(backup)) as other:
        assert other.execute("pragma journal_mode").fetchone() == ("wal",)


def test_a_store_that_has_an_index_of_earlier_days_is_still_one(store):
    with closing(sqlite3.connect(store)) as other:
        other.execute("create index entries_course on entries (course_id)")

    with opened(store) as database:
        assert SqliteLedger(database).get(REQUEST_ID, deadline()).entry == an_entry()
