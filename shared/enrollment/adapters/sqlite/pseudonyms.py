"""Which key made the ids in a store: another makes other ids, so every request comes twice."""

import hmac
from dataclasses import dataclass

from enrollment.adapters.sqlite.database import Database
from enrollment.clock import Deadline


class OtherKey(Exception):
    """The store's ids were made with another PSEUDONYM_KEY."""


@dataclass(frozen=True)
class SqlitePseudonyms:
    """The fingerprint of the key that a store was begun with; the key itself is nowhere in it."""

    database: Database

    def check(self, key: bytes, deadline: Deadline) -> None:
        """Remember the first key; raise OtherKey for any other."""
        mark = hmac.digest(key, b"which key made the ids of this store", "sha256").hex()
        with self.database.writing(deadline, durable=True) as connection:
            insert = "insert into pseudonyms values (1, ?) on conflict (id) do nothing"
            connection.execute(insert, (mark,))
            (first,) = connection.execute("select fingerprint from pseudonyms").fetchone()
        if not hmac.compare_digest(first, mark):
            raise OtherKey
