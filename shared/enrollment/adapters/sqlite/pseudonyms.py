"""Which key made the ids in a store."""

from dataclasses import dataclass

from enrollment.adapters.sqlite.database import Database
from enrollment.clock import Deadline
from enrollment.pseudonyms import fingerprint, must_be_same


@dataclass(frozen=True)
class SqlitePseudonyms:
    """The fingerprint of the key that a store was begun with; the key itself is nowhere in it."""

    database: Database

    def check(self, key: bytes, deadline: Deadline) -> None:
        """Remember the first key; raise OtherKey for any other."""
        with self.database.writing(deadline, durable=True) as connection:
            insert = "insert into pseudonyms values (1, ?) on conflict (id) do nothing"
            connection.execute(insert, (fingerprint(key),))
            (first,) = connection.execute("select fingerprint from pseudonyms").fetchone()
        must_be_same(key, first)

    def look(self, key: bytes, deadline: Deadline) -> bool:
        """Whether a key is remembered; nothing is written. Raises OtherKey for any other."""
        with self.database.reading(deadline) as connection:
            row = connection.execute("select fingerprint from pseudonyms").fetchone()
        if row is not None:
            must_be_same(key, row[0])
        return row is not None
