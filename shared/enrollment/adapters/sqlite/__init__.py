"""Everything on one machine in one SQLite file: ledger, queue, reviews and line.

At `:memory:` it is also the fake of the unit tests; the contract suites hold it to the same
promises as the other adapters.
"""

from enrollment.adapters.sqlite.database import Database
from enrollment.adapters.sqlite.imports import SqliteImports
from enrollment.adapters.sqlite.ledger import SqliteLedger
from enrollment.adapters.sqlite.line import SqliteLine
from enrollment.adapters.sqlite.pseudonyms import SqlitePseudonyms
from enrollment.adapters.sqlite.queue import Queued, SqliteQueue
from enrollment.adapters.sqlite.reviews import SqliteReviews
from enrollment.adapters.sqlite.tenancy import EngineRunning, engine_runs, only_engine

__all__ = [
    "Database",
    "EngineRunning",
    "Queued",
    "SqliteImports",
    "SqliteLedger",
    "SqliteLine",
    "SqlitePseudonyms",
    "SqliteQueue",
    "SqliteReviews",
    "engine_runs",
    "only_engine",
]
