"""The line in SQLite."""

from dataclasses import dataclass

from pydantic import TypeAdapter

from enrollment.adapters.sqlite.damage import reading_record
from enrollment.adapters.sqlite.database import Database
from enrollment.clock import Deadline
from enrollment.ports import LineStatus, Overtaken, StoredLine

STATUS = TypeAdapter(LineStatus)


@dataclass(frozen=True)
class SqliteLine:
    """One row."""

    database: Database

    def read(self, deadline: Deadline) -> StoredLine:
        """The line as it stands; open if nobody ever held it."""
        with self.database.reading(deadline) as connection:
            row = connection.execute("select record, version from line").fetchone()
        now = self.database.clock.now()
        if row is None:
            return StoredLine(LineStatus(), None, now)
        with reading_record("the record of the line"):
            return StoredLine(STATUS.validate_json(row[0]), row[1], now)

    def write(self, seen: StoredLine, status: LineStatus, deadline: Deadline) -> StoredLine:
        """Replace what was seen. Raises Overtaken if it has changed since."""
        text = STATUS.dump_json(status).decode()
        version = seen.version if isinstance(seen.version, int) else 0
        with self.database.writing(deadline, durable=True) as connection:
            if version == 0:
                sql = "insert into line values (1, ?, 1) on conflict (id) do nothing"
                done = connection.execute(sql, (text,))
            else:
                sql = "update line set record = ?, version = version + 1 where version = ?"
                done = connection.execute(sql, (text, version))
            if done.rowcount != 1:
                raise Overtaken
        return StoredLine(status, version + 1, self.database.clock.now())
