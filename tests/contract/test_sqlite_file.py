"""What only a file can promise: several programs share it, and one of them is the engine."""

import sqlite3
import subprocess
import sys
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from enrollment.adapters.clock import SystemClock
from enrollment.adapters.sqlite import (
    Database,
    EngineRunning,
    SqliteLedger,
    SqliteQueue,
    only_engine,
)
from enrollment.claims import Claimed, Claims, SetAside
from enrollment.clock import Deadline
from enrollment.entry import State
from enrollment.ledger import Held
from enrollment.ports import Message
from enrollment.timing import ACK_DEADLINE, LAPSES_MOST, LEASE
from tests.contract.backends import HandMovedClock
from tests.contract.builders import NOON, REQUEST_ID, an_arrival, an_entry

ROOT = Path(__file__).parents[2]


@contextmanager
def opened(path, clock):
    """A connection to a store, with what works on it."""
    database = Database(str(path), clock)
    try:
        yield database, SqliteLedger(database), SqliteQueue(database, "requests")
    finally:
        database.close()


@contextmanager
def another_program(path, *orders):
    """Another program on the store; killed at the end if it still runs."""
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.contract.sqlite_process", str(path), *orders],
        cwd=ROOT,
        env={"PYTHONPATH": str(ROOT / "shared")},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        try:
            yield process
        finally:
            process.kill()


@pytest.fixture
def path(tmp_path):
    return tmp_path / "school.db"


@pytest.fixture
def clock():
    return HandMovedClock()


@pytest.fixture
def deadline(clock):
    return Deadline.starting_now(clock)


@pytest.fixture
def died(path, clock, deadline):
    """A store whose engine pulled a message, claimed its request, and is no more."""
    with opened(path, clock) as (_, ledger, queue):
        queue.publish([Message(b"{}")], deadline)
        queue.pull(1, deadline)
        Claims(ledger, clock).claim(an_arrival("dead"), deadline)
    return path


@pytest.mark.parametrize("version", [0, 1, 7])
def test_a_file_of_another_program_is_refused_and_stays_as_it_is(path, clock, version):
    with closing(sqlite3.connect(path)) as other:
        other.execute("create table entries (title text)")
        other.execute("create table songs (name text)")
        other.execute(f"pragma user_version = {version}")
    before = path.read_bytes()

    with pytest.raises(sqlite3.DatabaseError, match="but not a store of enrollments"):
        Database(str(path), clock)

    assert path.read_bytes() == before
    assert [each.name for each in path.parent.iterdir()] == [path.name]


def test_a_store_of_another_version_is_refused_and_a_half_made_one_is_finished(path, clock):
    with (
        opened(path, clock) as (database, *_),
        database.writing(Deadline.starting_now(clock)) as own,
    ):
        own.execute("drop table line")
    with closing(sqlite3.connect(path)) as other:
        other.execute("pragma user_version = 0")
    with opened(path, clock):
        pass
    with closing(sqlite3.connect(path)) as other:
        assert other.execute("select count(*) from line").fetchone() == (0,)
        other.execute("pragma user_version = 7")

    with pytest.raises(sqlite3.DatabaseError, match="has version 7"):
        Database(str(path), clock)


def test_of_four_programs_that_claim_one_request_exactly_one_has_it(path):
    programs = [another_program(path, "claim", f"program-{n}") for n in range(4)]
    with programs[0] as a, programs[1] as b, programs[2] as c, programs[3] as d:
        running = (a, b, c, d)
        assert [each.stdout.readline() for each in running] == ["ready\n"] * 4

        for each in running:
            each.stdin.write("go\n")
            each.stdin.flush()
        answers = [each.stdout.readline().strip() for each in running]

    assert sorted(answers) == ["Claimed", "Held", "Held", "Held"]


def test_a_second_engine_is_refused_until_the_first_dies_and_then_has_its_work_at_once(path):
    clock = SystemClock()
    deadline = Deadline.starting_now(clock)
    with opened(path, clock) as (database, ledger, queue):
        queue.publish([Message(b"{}")], deadline)
        with another_program(path, "engine") as first:
            assert first.stdout.readline() == "ready 1\n"
            with pytest.raises(EngineRunning), only_engine(database):
                pass
            assert queue.pull(1, deadline) == []

        with only_engine(database):
            (queued,) = queue.pull(1, deadline)
            claiming = Claims(ledger, clock).claim(an_arrival("alive"), deadline)

    assert queued.delivery.number == 2
    assert isinstance(claiming, Claimed)
    assert (claiming.stored.entry.claim, claiming.stored.entry.lapses) == ("alive", 1)


def test_an_engine_is_refused_in_the_same_program_too(path, clock):
    with opened(path, clock) as (one, *_), opened(path, clock) as (two, *_), only_engine(one):
        with pytest.raises(EngineRunning), only_engine(two):
            pass
        with pytest.raises(EngineRunning), only_engine(one):
            pass


def test_an_engine_that_ended_lets_the_next_one_in(path, clock):
    with opened(path, clock) as (one, *_), opened(path, clock) as (two, *_):
        with pytest.raises(RuntimeError), only_engine(one):
            raise RuntimeError
        with only_engine(two):
            pass


def test_without_an_engine_the_work_of_a_dead_one_stays_its_own_for_a_while(died, clock, deadline):
    with opened(died, clock) as (_, ledger, queue):
        claiming = Claims(ledger, clock).claim(an_arrival("alive"), deadline)

        assert isinstance(claiming, Held)
        assert queue.pull(1, deadline) == []


def test_a_claim_that_an_engine_frees_counts_as_a_lapse_and_as_a_lost_answer(died, clock, deadline):
    with opened(died, clock) as (database, ledger, _), only_engine(database):
        claiming = Claims(ledger, clock).claim(an_arrival("alive"), deadline)

    assert isinstance(claiming, Claimed)
    entry = claiming.stored.entry
    assert (entry.lapses, entry.answer_lost, entry.attempt) == (1, True, 2)


def test_a_request_that_ends_every_engine_is_set_aside(path, clock, deadline):
    claimings = []
    for n in range(LAPSES_MOST + 2):
        with opened(path, clock) as (database, ledger, _), only_engine(database):
            claimings.append(Claims(ledger, clock).claim(an_arrival(f"engine-{n}"), deadline))

    assert [type(each) for each in claimings] == [Claimed] * (LAPSES_MOST + 1) + [SetAside]


def test_a_message_that_an_engine_frees_is_due_now_and_one_for_later_stays_for_later(
    path, clock, deadline
):
    with opened(path, clock) as (_, _, queue):
        queue.publish([Message(b"pulled"), Message(b"later")], deadline)
        _, later = queue.pull(2, deadline)
        queue.give_back(later, clock.now() + ACK_DEADLINE, deadline)

    with opened(path, clock) as (database, _, queue), only_engine(database):
        assert [each.delivery.body for each in queue.pull(9, deadline)] == [b"pulled"]


def test_an_engine_changes_nothing_about_what_waits_or_is_settled(path, clock, deadline):
    with opened(path, clock) as (database, ledger, _):
        for state in (State.WAITING, State.SETTLED):
            entry = an_entry(request_id=f"one-that-is-{state}", state=state, wake_at=NOON)
            before = ledger.create(entry, deadline)
            with only_engine(database):
                pass
            assert ledger.get(entry.request_id, deadline) == before


def test_a_claim_whose_lease_has_run_out_is_not_made_younger(died, clock, deadline):
    clock.move(2 * LEASE)
    with opened(died, clock) as (database, ledger, _):
        before = ledger.get(REQUEST_ID, deadline)

        with only_engine(database):
            after = ledger.get(REQUEST_ID, deadline)

    assert after.updated_at == before.updated_at
