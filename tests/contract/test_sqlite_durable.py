"""What was accepted outlives a power cut, and the order of a queue does not hang on an index."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta

import pytest

from enrollment.adapters.sqlite import (
    Database,
    SqliteImports,
    SqliteLedger,
    SqliteLine,
    SqlitePseudonyms,
    SqliteQueue,
    SqliteReviews,
)
from enrollment.adapters.sqlite.forms import SqliteFormStates
from enrollment.clock import Deadline
from enrollment.form_ports import FormState
from enrollment.ports import LineStatus, Message
from tests.contract.backends import HandMovedClock
from tests.contract.builders import an_entry, an_item

CLOCK = HandMovedClock()


def deadline():
    return Deadline.starting_now(CLOCK)


@pytest.fixture
def database(tmp_path):
    with closing(Database(str(tmp_path / "school.db"), CLOCK)) as made:
        yield made


def file_and_update(database):
    reviews = SqliteReviews(database)
    filed = reviews.file(an_item(), deadline())
    reviews.update(filed, replace(filed.item, note="seen"), deadline())


def hold_and_open(database):
    line = SqliteLine(database)
    held = line.write(line.read(deadline()), LineStatus(why="a test"), deadline())
    line.write(held, LineStatus(), deadline())


def read_a_form(database):
    states = SqliteFormStates(database)
    states.write(*states.read(["form"], deadline()), FormState(), deadline())


DURABLE = {
    "a form, read": (read_a_form, 1),
    "a publish": (lambda db: SqliteQueue(db, "t").publish([Message(b"{}")], deadline()), 1),
    "a review, filed and decided": (file_and_update, 2),
    "the line": (hold_and_open, 2),
    "an import": (lambda db: SqliteImports(db).received_at("digest", deadline()), 1),
    "the key": (lambda db: SqlitePseudonyms(db).check(b"k" * 32, deadline()), 1),
}


def writes(database, work):
    """How SQLite synchronises with the disk in each transaction of some work."""
    said = []
    database._connection.set_trace_callback(lambda sql: said.append(sql.lower()))
    work(database)
    database._connection.set_trace_callback(None)
    level, found = "normal", []
    for sql in said:
        if sql.startswith("pragma synchronous = "):
            level = sql.rpartition(" ")[2]
        if sql == "commit":
            found.append(level)
    assert level == "normal"  # for whatever comes next
    return found


@pytest.mark.parametrize(("work", "number"), DURABLE.values(), ids=DURABLE)
def test_what_was_accepted_or_decided_is_on_the_disk_before_it_is_answered(database, work, number):
    assert writes(database, work) == ["full"] * number


def test_what_would_be_done_again_does_not_wait_for_the_disk(database):
    assert writes(database, lambda db: SqliteLedger(db).create(an_entry(), deadline())) == [
        "normal"
    ]


def test_the_oldest_due_message_is_pulled_first_without_any_index(database):
    queue = SqliteQueue(database, "requests")
    queue.publish([Message(b"late"), Message(b"early")], deadline())
    late, early = queue.pull(2, deadline())
    queue.give_back(late, CLOCK.now() - timedelta(seconds=1), deadline())
    queue.give_back(early, CLOCK.now() - timedelta(seconds=2), deadline())
    with database.writing(deadline()) as connection:
        connection.execute("drop index messages_visible")

    pulled = [queue.pull(1, deadline())[0].delivery.body for _ in range(2)]

    assert pulled == [b"early", b"late"]
