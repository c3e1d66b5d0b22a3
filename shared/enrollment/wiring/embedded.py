"""The embedded engine: SQLite holds the ledger, the queue and the reviews, in one process."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta

from enrollment.adapters.clock import SystemClock
from enrollment.adapters.sqlite import (
    Database,
    Queued,
    SqliteImports,
    SqliteLedger,
    SqliteLine,
    SqlitePseudonyms,
    SqliteQueue,
    SqliteReviews,
    engine_runs,
    only_engine,
)
from enrollment.adoption import adopt
from enrollment.clock import Clock, Deadline
from enrollment.collect import Collector
from enrollment.embedded import Engine
from enrollment.form_ports import FormStates
from enrollment.intake import Intake
from enrollment.journal import Journal, Silence
from enrollment.line import LineKeeper
from enrollment.pace import Pace
from enrollment.ports import DamagedStore, Directory
from enrollment.review import Desk
from enrollment.settings import Settings
from enrollment.timing import Waits
from enrollment.wiring.school import classroom
from enrollment.wiring.store import Queue
from enrollment.wiring.usecases import Outside, enroller, waker

__all__ = ["Store", "engine", "engine_runs", "open_store"]


@dataclass(frozen=True, kw_only=True)
class Store(Outside):
    """One SQLite file, opened: all that an operator looks at and changes."""

    database: Database
    clock: Clock
    ledger: SqliteLedger
    requests: SqliteQueue
    dead_letters: SqliteQueue
    reviews: SqliteReviews
    imports: SqliteImports
    pseudonyms: SqlitePseudonyms
    line: LineKeeper
    intake: Intake
    desk: Desk
    collector: Collector

    def queue(self, deadline: Deadline) -> Queue:
        """What is on the queue; a dead letter may be due first."""
        due = (each.next_visible(deadline) for each in (self.requests, self.dead_letters))
        return Queue(
            requests=self.requests.depth(deadline),
            dead_letters=self.dead_letters.depth(deadline),
            next_due=min(filter(None, due), default=None),
        )

    def directory(self) -> Directory:
        """The people and classes that sources have told of."""
        from enrollment.adapters.sqlite.directory import SqliteDirectory

        return SqliteDirectory(self.database)

    def forms(self) -> FormStates:
        """How far each Google Form has been read."""
        from enrollment.adapters.sqlite.forms import SqliteFormStates

        return SqliteFormStates(self.database)

    def close(self) -> None:
        """Close the file."""
        self.database.close()


def open_store(path: str, clock: Clock | None = None) -> Store:
    """Open a store, or make it. Raises sqlite3.Error if the file is no store."""
    clock = clock or SystemClock()
    database = Database(path, clock)
    ledger, reviews = SqliteLedger(database), SqliteReviews(database)
    requests, dead_letters = SqliteQueue(database, "requests"), SqliteQueue(database, "letters")
    return Store(
        database=database,
        clock=clock,
        ledger=ledger,
        requests=requests,
        dead_letters=dead_letters,
        reviews=reviews,
        imports=SqliteImports(database),
        pseudonyms=SqlitePseudonyms(database),
        line=LineKeeper(SqliteLine(database), clock),
        intake=Intake(requests),
        desk=Desk(reviews, ledger, requests, clock),
        collector=Collector(reviews, ledger, clock),
    )


@contextmanager
def engine(
    store: Store,
    settings: Settings,
    *,
    wait: timedelta,
    waits: Waits | None = None,
    journal: Journal | None = None,
) -> Iterator[Engine[Queued]]:
    """The embedded engine on a store, the only one on it. Raises EngineRunning or OtherKey."""
    store.pseudonyms.check(settings.pseudonym_key, Deadline.starting_now(store.clock))
    school = classroom(settings)
    try:
        with only_engine(store.database):
            adopted = adopt(store.ledger, Deadline.starting_now(store.clock))
            pace = Pace(store.clock, settings.share)
            yield Engine(
                enroller=enroller(
                    store,
                    settings,
                    school,
                    pace=pace,
                    waits=waits or Waits(),
                    journal=journal or Silence(),
                ),
                collector=store.collector,
                waker=waker(store, pace),
                requests=store.requests,
                dead_letters=store.dead_letters,
                agenda=store.ledger,
                clock=store.clock,
                wait=wait,
                adopted=adopted,
                damaged=DamagedStore,
            )
    finally:
        school.close()
