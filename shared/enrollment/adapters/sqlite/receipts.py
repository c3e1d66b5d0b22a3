"""Receipts in SQLite."""

import json
from dataclasses import dataclass

from pydantic import TypeAdapter

from enrollment.adapters.sqlite.damage import reading_record
from enrollment.adapters.sqlite.database import Database, micros
from enrollment.clock import Deadline
from enrollment.receipt import KEPT, Became, Receipt

RECEIPT = TypeAdapter(Receipt)
ONE = "select record from receipts where id = ?"


@dataclass(frozen=True)
class SqliteReceipts:
    """Receipts in a table, and what became of each request in another."""

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
                    "insert or replace into received values (?, ?, ?, ?)",
                    [
                        (each.request_id, receipt.source, each.became.value, expire_at)
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

    def of_request(self, request_id: str, deadline: Deadline) -> tuple[str, Became] | None:
        """The source that a request came from and what became of it, or None."""
        query = "select source, became from received where request_id = ?"
        with self.database.reading(deadline) as connection:
            row = connection.execute(query, (request_id,)).fetchone()
        if row is None:
            return None
        with reading_record(f"what was received as {request_id}"):
            return row[0], Became(row[1])


def _read(key: str, record: str) -> Receipt:
    with reading_record(f"the receipt {key}"):
        return RECEIPT.validate_python(json.loads(record))
