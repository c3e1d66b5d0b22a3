"""Receipts in SQLite."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from pydantic import TypeAdapter

from enrollment.adapters.sqlite.damage import reading_record
from enrollment.adapters.sqlite.database import Database, micros
from enrollment.clock import Deadline
from enrollment.receipt import KEPT, Became, Noted, Receipt

RECEIPT = TypeAdapter(Receipt)
ONE = "select record from receipts where id = ?"


@dataclass(frozen=True)
class SqliteReceipts:
    """Receipts in a table, and what became of each source's requests in another."""

    database: Database

    def keep(self, receipt: Receipt, deadline: Deadline) -> Receipt:
        """Keep a receipt, or return the one that is there under the same key."""
        expire_at = micros(receipt.received_at + KEPT)
        with self.database.writing(deadline, durable=True) as connection:
            record = RECEIPT.dump_json(receipt).decode()
            done = connection.execute(
                "insert into receipts values (?, ?, ?) on conflict (id) do nothing",
                (receipt.key, record, expire_at),
            )
            if done.rowcount == 1:
                connection.executemany(
                    "insert or replace into noted values (?, ?, ?, ?, ?)",
                    [
                        (each.request_id, receipt.source, each.became.value, receipt.key, expire_at)
                        for each in receipt.told
                        if each.request_id
                    ],
                )
                return receipt
            (record,) = connection.execute(ONE, (receipt.key,)).fetchone()
        return _read(receipt.key, record)

    def find(self, key: str, deadline: Deadline) -> Receipt | None:
        """The receipt that is kept under a key, or None."""
        with self.database.reading(deadline) as connection:
            row = connection.execute(ONE, (key,)).fetchone()
        return _read(key, row[0]) if row else None

    def of_request(
        self, request_id: str, sources: Collection[str], deadline: Deadline
    ) -> Mapping[str, Noted]:
        """What became of a request, by those of the sources that have sent one of this id."""
        query = "select source, became, receipt from noted where request_id = ?"
        with self.database.reading(deadline) as connection:
            rows = connection.execute(query, (request_id,)).fetchall()
        with reading_record(f"what was received as {request_id}"):
            return {
                source: Noted(Became(became), key)
                for source, became, key in rows
                if source in sources
            }


def _read(key: str, record: str) -> Receipt:
    with reading_record(f"the receipt {key}"):
        return RECEIPT.validate_python(json.loads(record))
