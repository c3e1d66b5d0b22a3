"""What the senders' people and classes are, in SQLite."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from sqlite3 import Connection
from typing import TypeVar

from pydantic import TypeAdapter

from enrollment.adapters.sqlite.damage import reading_record
from enrollment.adapters.sqlite.database import Database, micros
from enrollment.clock import Deadline
from enrollment.sources.candidates import Person, Section
from enrollment.sources.known import Known, is_older
from enrollment.timing import REMEMBERED

Record = TypeVar("Record", Person, Section)
PERSON, SECTION = TypeAdapter(Person), TypeAdapter(Section)
AT_ONCE = 500  # SQLite takes 32,766 values in a statement; older ones 999


@dataclass(frozen=True)
class SqliteDirectory:
    """People and classes in one table, by the source that told of them."""

    database: Database

    def find(
        self, source: str, people: Collection[str], sections: Collection[str], deadline: Deadline
    ) -> Known:
        """Those of the people and classes that a source has told of."""
        with self.database.reading(deadline) as connection:
            return Known(
                dict(_found(connection, source, "person", sorted(people), PERSON)),
                dict(_found(connection, source, "section", sorted(sections), SECTION)),
            )

    def learn(self, source: str, known: Known, now: datetime, deadline: Deadline) -> None:
        """Remember people and classes, in the place of what was known that is not newer."""
        until = micros(now + REMEMBERED)
        with self.database.writing(deadline, durable=True) as connection:
            _keep(connection, (source, "person", until), known.people, PERSON)
            _keep(connection, (source, "section", until), known.sections, SECTION)


def _keep(
    connection: Connection,
    of: tuple[str, str, int],
    records: Mapping[str, Record],
    adapter: TypeAdapter[Record],
) -> None:
    source, kind, until = of
    dated = [name for name, record in records.items() if record.changed_at]
    before = dict(_found(connection, source, kind, dated, adapter))
    connection.executemany(
        "insert or replace into directory values (?, ?, ?, ?, ?)",
        (
            (source, kind, name, adapter.dump_json(record).decode(), until)
            for name, record in records.items()
            if name not in before or not is_older(record, before[name])
        ),
    )


def _found(
    connection: Connection, source: str, kind: str, ids: list[str], adapter: TypeAdapter[Record]
) -> Iterator[tuple[str, Record]]:
    for start in range(0, len(ids), AT_ONCE):
        some: list[str] = ids[start : start + AT_ONCE]
        marks = ", ".join("?" * len(some))
        query = (
            f"select id, record from directory where source = ? and kind = ? and id in ({marks})"
        )
        for name, record in connection.execute(query, (source, kind, *some)):
            with reading_record(f"a {kind} of the source {source}"):
                yield name, adapter.validate_python(json.loads(record))
