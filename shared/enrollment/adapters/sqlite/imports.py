"""The rosters that were imported, so that an interrupted import goes on as the one it was."""

from dataclasses import dataclass
from datetime import datetime

from enrollment.adapters.sqlite.database import Database, at, micros
from enrollment.clock import Deadline


@dataclass(frozen=True)
class SqliteImports:
    """When each roster was received first, until a run that was not interrupted is over.

    A roster that is imported again before that was interrupted: its rejections are not a night old
    and are not to be tried again. Afterwards, the same roster is a new wish to try them.
    """

    database: Database

    def received_at(self, digest: str, deadline: Deadline) -> datetime:
        """When the roster with these requests was received: now, or when it was interrupted."""
        now = micros(self.database.clock.now())
        with self.database.writing(deadline, durable=True) as connection:
            insert = "insert into imports values (?, ?) on conflict (digest) do nothing"
            connection.execute(insert, (digest, now))
            query = "select received_at from imports where digest = ?"
            (first,) = connection.execute(query, (digest,)).fetchone()
        return at(first)

    def all_sent(self, digest: str, deadline: Deadline) -> None:
        """Nothing is forgotten yet: what is on the queue is worked off by a run, and so is this."""

    def worked_off(self, deadline: Deadline) -> None:
        """A run came to its end: what is imported from now on is a new wish.

        Some of the last roster may still wait, or be left on the queue; it goes on under its own
        time of receipt.
        """
        with self.database.writing(deadline) as connection:
            connection.execute("delete from imports")
