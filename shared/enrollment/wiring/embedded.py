"""The composition root: the only place that chooses adapters. Nothing is built at import."""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

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
    only_engine,
)
from enrollment.claims import Claims
from enrollment.clock import Clock, Deadline
from enrollment.embedded import Engine
from enrollment.enroll import Enroller
from enrollment.intake import Intake
from enrollment.journal import Journal, Silence
from enrollment.letters import Letters
from enrollment.line import LineKeeper
from enrollment.pace import Pace
from enrollment.policy import Policy
from enrollment.ports import Classroom
from enrollment.results import Results
from enrollment.review import Collector, Desk
from enrollment.settings import Settings
from enrollment.sources.declared import CannotAdd, Declared, read_declared
from enrollment.timing import Waits
from enrollment.wake import Waker

if TYPE_CHECKING:
    from enrollment.adapters.classroom import GoogleClassroom


@dataclass(frozen=True, kw_only=True)
class Store:
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
            results = _results(store, waits or Waits(), journal or Silence())
            yield _engine(store, settings, school, results, wait)
    finally:
        school.close()


def _results(store: Store, waits: Waits, journal: Journal) -> Results:
    claims = Claims(store.ledger, store.clock)
    return Results(
        claims=claims,
        letters=Letters(store.dead_letters, store.reviews, claims),
        line=store.line,
        journal=journal,
        waits=waits,
    )


def _engine(
    store: Store, settings: Settings, school: Classroom, results: Results, wait: timedelta
) -> Engine[Queued]:
    pace = Pace(store.clock, settings.share)
    enroller = Enroller(
        classroom=school,
        results=results,
        pace=pace,
        clock=store.clock,
        policy=policy(settings),
        pseudonym_key=settings.pseudonym_key,
        new_claim=new_claim,
    )
    waker = Waker(
        claims=results.claims,
        letters=results.letters,
        line=store.line,
        requests=store.requests,
        pace=pace,
        clock=store.clock,
    )
    return Engine(
        enroller=enroller,
        collector=store.collector,
        waker=waker,
        requests=store.requests,
        dead_letters=store.dead_letters,
        agenda=store.ledger,
        clock=store.clock,
        wait=wait,
    )


def classroom(settings: Settings) -> "GoogleClassroom":
    """Classroom as the settings say: Google's with keyless delegation, or one on this machine."""
    from enrollment.adapters.classroom import Delegation, GoogleClassroom, LoopbackIdentities

    assert settings.administrator is not None
    if settings.loopback:
        return GoogleClassroom(settings.administrator, LoopbackIdentities(), settings.endpoint)
    assert settings.delegate is not None
    return GoogleClassroom(settings.administrator, Delegation(settings.delegate))


def declared(settings: Settings) -> Declared:
    """The sources that the school has declared; none without SOURCES_FILE."""
    return read_declared(settings.sources_file) if settings.sources_file else Declared()


def policy(settings: Settings) -> Policy:
    """Own domains: the administrator's and the declared ones; and who may invite."""
    said = declared(settings)
    assert settings.administrator is not None
    first = settings.administrator.rpartition("@")[2].lower()
    return Policy(
        own_domains=frozenset({first, *(each.lower() for each in said.school.domains)}),
        inviting_sources=frozenset(
            name for name, source in said.sources.items() if source.cannot_add is CannotAdd.INVITE
        ),
    )


def new_claim() -> str:
    """A claim that nobody else makes: 128 random bits."""
    return secrets.token_hex(16)
