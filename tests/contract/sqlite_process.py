"""Another program on the same store: `sqlite_process.py STORE (claim NAME | engine)`.

It says `ready`, then waits for a line on its standard input before it goes on.
"""

import sys

from enrollment.adapters.clock import SystemClock
from enrollment.adapters.sqlite import (
    Database,
    EngineRunning,
    SqliteLedger,
    SqliteQueue,
    only_engine,
)
from enrollment.claims import Claims
from enrollment.clock import Deadline
from tests.contract.builders import an_arrival


def tell(said):
    """Say it, and wait until the test wants more."""
    print(said, flush=True)
    sys.stdin.readline()


def claim(path, name):
    """Claim the one request, under this name."""
    tell("ready")  # nothing is opened yet: opening a new file is part of the race
    clock = SystemClock()
    database = Database(path, clock)
    deadline = Deadline.starting_now(clock)
    claiming = Claims(SqliteLedger(database), clock).claim(an_arrival(name), deadline)
    print(type(claiming).__name__, flush=True)
    database.close()


def engine(path):
    """Be the engine, take a message and claim its request, and stop in the middle of it."""
    clock = SystemClock()
    database = Database(path, clock)
    deadline = Deadline.starting_now(clock)
    try:
        with only_engine(database):
            (queued,) = SqliteQueue(database, "requests").pull(1, deadline)
            Claims(SqliteLedger(database), clock).claim(an_arrival("dead"), deadline)
            tell(f"ready {queued.delivery.number}")
    except EngineRunning:
        print("refused", flush=True)
    database.close()


if __name__ == "__main__":
    {"claim": claim, "engine": engine}[sys.argv[2]](sys.argv[1], *sys.argv[3:])
