"""A store that was damaged says which record it is, and never what stands in it."""

import sqlite3
import traceback
from contextlib import closing, contextmanager

import pytest

from enrollment.adapters.sqlite import (
    Database,
    SqliteLedger,
    SqliteLine,
    SqliteQueue,
    SqliteReviews,
)
from enrollment.adapters.sqlite.forms import SqliteFormStates
from enrollment.clock import Deadline
from enrollment.entry import State
from enrollment.form_ports import FormState
from enrollment.ports import DamagedStore, LineStatus, Message, Unavailable
from enrollment.reasons import Reason
from tests.contract.backends import HandMovedClock
from tests.contract.builders import NOON, REQUEST_ID, STUDENT, an_entry, an_item

CLOCK = HandMovedClock()
LETTER = an_item().letter_id


def deadline():
    return Deadline.starting_now(CLOCK)


@pytest.fixture
def database(tmp_path):
    """A store with one of everything."""
    with closing(Database(str(tmp_path / "school.db"), CLOCK)) as made:
        SqliteLedger(made).create(an_entry(state=State.WAITING, wake_at=NOON), deadline())
        SqliteReviews(made).file(an_item(), deadline())
        line = SqliteLine(made)
        line.write(line.read(deadline()), LineStatus(), deadline())
        SqliteQueue(made, "requests").publish([Message(b"{}", {"source": "sis"})], deadline())
        yield made


def change(database, sql, *values):
    with database.writing(deadline()) as connection:
        connection.execute(sql, values)


@contextmanager
def trouble():
    """The trouble that a damaged store is; nothing that stands in it is told with it."""
    with pytest.raises(Unavailable) as raised:
        yield raised
    assert raised.type is DamagedStore
    assert raised.value.reason is Reason.LEDGER_DOWN
    said = "".join(traceback.format_exception(raised.value)) + raised.value.detail
    assert STUDENT not in said
    assert "northside" not in said


READS = {
    "get": lambda ledger: ledger.get(REQUEST_ID, deadline()),
    "due": lambda ledger: ledger.due(State.WAITING, NOON, 9, deadline()),
    "of_student": lambda ledger: ledger.of_student("0f" * 16, None, deadline()),
}
DAMAGE = {
    "a state that is none": "json_set(record, '$.state', 'bogus')",
    "no first_seen_at": "json_remove(record, '$.first_seen_at')",
    "a number for a course": "json_set(record, '$.course_id', 7)",
    "half": "substr(record, 1, length(record) / 2)",
    "something at its end": "record || 'x'",
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
@pytest.mark.parametrize("damaged", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_entry_is_told_by_the_id_of_its_request(database, read, damaged):
    change(database, f"update entries set record = {damaged}")

    with trouble() as raised:
        read(SqliteLedger(database))

    assert raised.value.detail == f"the record of request {REQUEST_ID} cannot be read"


@pytest.mark.parametrize("record", ["", "null", f'{{"request_id": "other-id", "x": "{STUDENT}"}}'])
def test_an_entry_that_does_not_say_whose_it_is_is_told_by_its_row(database, record):
    change(database, "update entries set record = ?", record)

    with trouble() as raised:
        SqliteLedger(database).get(REQUEST_ID, deadline())

    (row_id,) = database._connection.execute("select id from entries").fetchone()
    assert raised.value.detail == f"the record with id {row_id} cannot be read"


@pytest.mark.parametrize("column", ["state", "outcome", "reason"])
def test_a_count_of_what_is_no_state_is_damage(database, column):
    change(database, f"update entries set {column} = ?", STUDENT)

    with trouble():
        SqliteLedger(database).counts(deadline())


@pytest.mark.parametrize("record", ["", "[]", f'{{"reason": "{STUDENT}"}}'])
def test_a_damaged_review_item_is_told_by_its_id(database, record):
    change(database, "update reviews set record = ?", record)

    with trouble() as raised:
        list(SqliteReviews(database).open_items(deadline()))
    with trouble():
        SqliteReviews(database).get(LETTER, deadline())

    assert raised.value.detail == f"the record of review item {LETTER} cannot be read"


def test_a_damaged_line_is_told(database):
    change(database, "update line set record = ?", f'{{"state": "{STUDENT}"}}')

    with trouble() as raised:
        SqliteLine(database).read(deadline())

    assert raised.value.detail == "the record of the line cannot be read"


@pytest.mark.parametrize("record", ["", f'{{"done": "{STUDENT}"}}'])
def test_a_damaged_state_of_a_form_is_told(database, record):
    states = SqliteFormStates(database)
    states.write(*states.read(["form"], deadline()), FormState(), deadline())
    change(database, "update forms set record = ?", record)

    with trouble() as raised:
        states.read(["form"], deadline())

    assert raised.value.detail == "the record of a form cannot be read"


def test_a_damaged_message_is_told_by_its_number(database):
    change(database, "update messages set attributes = ?", f"{{'{STUDENT}'}}")

    with trouble() as raised:
        SqliteQueue(database, "requests").pull(1, deadline())

    assert raised.value.detail == "message 1 of the queue cannot be read"


def test_a_text_that_is_no_utf8_is_told_without_the_text(database):
    change(database, "update entries set record = cast(? as text)", STUDENT.encode() + b"\xff")

    with trouble() as raised:
        SqliteLedger(database).get(REQUEST_ID, deadline())

    assert raised.value.detail == "a text in the file is not UTF-8"


def test_a_file_whose_pages_were_overwritten_is_told_in_sqlites_words(tmp_path):
    path = tmp_path / "torn.db"
    with closing(Database(str(path), CLOCK)) as made:
        for n in range(200):
            SqliteLedger(made).create(an_entry(request_id=f"request-{n:04}"), deadline())
    with path.open("r+b") as file:
        pages = path.stat().st_size // 4096
        for page in range(2, pages):
            file.seek(page * 4096)
            file.write(b"\xa5" * 4096)

    with closing(Database(str(path), CLOCK)) as database:
        ledger = SqliteLedger(database)
        with trouble() as raised:
            ledger.get("request-0001", deadline())
        with trouble():
            ledger.create(an_entry(), deadline())

    assert raised.value.detail == "database disk image is malformed"


def test_a_store_that_is_only_busy_is_not_damaged(database, tmp_path):
    with closing(sqlite3.connect(tmp_path / "school.db", isolation_level=None)) as other:
        other.execute("begin immediate")
        soon = Deadline.starting_now(CLOCK)
        CLOCK.sleep(soon.remaining() - 0.05)

        with pytest.raises(Unavailable, match="locked") as raised:
            SqliteLedger(database).create(an_entry(request_id="another-one"), soon)

    assert raised.type is Unavailable


def test_a_fault_of_ours_is_not_taken_for_damage(database):
    with pytest.raises(sqlite3.IntegrityError):
        change(database, "update entries set record = null")
    database.close()

    with pytest.raises(sqlite3.ProgrammingError):
        SqliteLedger(database).get(REQUEST_ID, deadline())
