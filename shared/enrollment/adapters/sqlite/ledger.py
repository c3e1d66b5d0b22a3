"""The ledger in SQLite."""

import hashlib
import re
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from pydantic import TypeAdapter

from enrollment.adapters.sqlite.damage import reading_record
from enrollment.adapters.sqlite.database import Database, at, micros
from enrollment.clock import Deadline
from enrollment.entry import Count, Entry, State, Stored
from enrollment.outcome import Outcome
from enrollment.ports import AlreadyExists, Overtaken
from enrollment.reasons import Reason
from enrollment.request import REQUEST_ID

ENTRY = TypeAdapter(Entry)
COLUMNS = "id, record, version, updated_at"
CHANGING = "state, outcome, reason, wake_at, expire_at"
INSERT = (
    f"insert into entries ({COLUMNS}, {CHANGING}, course_id, student_key)"
    " values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
REQUEST_ID_SAID = re.compile(rf'"request_id" *: *"({REQUEST_ID.pattern})"')


@dataclass(frozen=True)
class SqliteLedger:
    """Entries in a table; the machine's clock is the ledger's clock."""

    database: Database

    def create(self, entry: Entry, deadline: Deadline) -> Stored:
        """Store the first entry of a request. Raises AlreadyExists."""
        now = self.database.clock.now()
        with self.database.writing(deadline) as connection:
            try:
                connection.execute(
                    INSERT,
                    (key(entry.request_id), _text(entry), 1, micros(now), *_columns(entry)),
                )
            except sqlite3.IntegrityError:
                raise AlreadyExists from None
        return Stored(entry, 1, now, now)

    def get(self, request_id: str, deadline: Deadline) -> Stored | None:
        """The entry of a request, or None."""
        with self.database.reading(deadline) as connection:
            query = f"select {COLUMNS} from entries where id = ?"
            row = connection.execute(query, (key(request_id),)).fetchone()
        return self._stored(row) if row else None

    def update(self, seen: Stored, entry: Entry, deadline: Deadline) -> Stored:
        """Replace what was seen. Raises Overtaken if it has changed since."""
        now = self.database.clock.now()
        with self.database.writing(deadline) as connection:
            done = connection.execute(
                "update entries set record = ?, version = version + 1, updated_at = ?, state = ?,"
                " outcome = ?, reason = ?, wake_at = ?, expire_at = ?"
                " where id = ? and version = ?",
                (_text(entry), micros(now), *_changing(entry), key(entry.request_id), seen.version),
            )
            if done.rowcount == 1 and _wish(entry) != _wish(seen.entry):  # it was corrected
                connection.execute(
                    "update entries set course_id = ?, student_key = ? where id = ?",
                    (*_wish(entry), key(entry.request_id)),
                )
            if done.rowcount != 1:
                raise Overtaken
        assert isinstance(seen.version, int)
        return Stored(entry, seen.version + 1, now, now)

    def due(
        self,
        state: State,
        before: datetime,
        limit: int,
        deadline: Deadline,
        after: Stored | None = None,
    ) -> Sequence[Stored]:
        """The entries in a state whose `wake_at` is not later than a time, oldest first."""
        last = (-1, "")
        if after is not None and after.entry.wake_at is not None:
            last = (micros(after.entry.wake_at), key(after.entry.request_id))
        with self.database.reading(deadline) as connection:
            rows = connection.execute(
                f"select {COLUMNS} from entries where state = ? and wake_at <= ?"
                " and (wake_at, id) > (?, ?) order by wake_at, id limit ?",
                (state.value, micros(before), *last, limit),
            ).fetchall()
        return [self._stored(row) for row in rows]

    def next_due(self, deadline: Deadline) -> datetime | None:
        """The earliest `wake_at` of all, or None."""
        with self.database.reading(deadline) as connection:
            query = "select min(wake_at) from entries where wake_at is not null"
            (first,) = connection.execute(query).fetchone()
        return at(first) if first is not None else None

    def counts(self, deadline: Deadline) -> list[Count]:
        """How many entries there are of each state, outcome and reason."""
        query = "select state, outcome, reason, count(*) from entries group by 1, 2, 3"
        with self.database.reading(deadline) as connection:
            rows = connection.execute(query).fetchall()
        with reading_record("the state of an entry"):
            return [
                Count(
                    state=State(state),
                    outcome=Outcome(outcome) if outcome else None,
                    reason=Reason(reason) if reason else None,
                    number=number,
                )
                for state, outcome, reason, number in rows
            ]

    def of_student(
        self, student_key: str, course_id: str | None, deadline: Deadline
    ) -> Sequence[Stored]:
        """The entries of one student, in one course if it is given, oldest first."""
        query = f"select {COLUMNS} from entries where student_key = ?"
        arguments = [student_key]
        if course_id is not None:
            query += " and course_id = ?"
            arguments.append(course_id)
        with self.database.reading(deadline) as connection:
            rows = connection.execute(f"{query} order by rowid", arguments).fetchall()
        return [self._stored(row) for row in rows]

    def _stored(self, row: tuple[str, str, int, int]) -> Stored:
        row_id, record, version, updated_at = row
        now = self.database.clock.now()
        with reading_record(_name(row_id, record)):
            return Stored(ENTRY.validate_json(record), version, at(updated_at), now)


def key(request_id: str) -> str:
    """The id that an entry is stored under: no address in a key, whatever a sender chose."""
    return hashlib.sha256(request_id.encode()).hexdigest()


def _name(row_id: str, record: str) -> str:
    """Which record it is: its request's id if that can still be made out, else its row's."""
    said = REQUEST_ID_SAID.search(record) if isinstance(record, str) else None
    if said is not None and key(said[1]) == row_id:
        return f"the record of request {said[1]}"
    return f"the record with id {row_id}"


def _text(entry: Entry) -> str:
    return ENTRY.dump_json(entry).decode()


def _columns(entry: Entry) -> tuple[str | int | None, ...]:
    return (*_changing(entry), *_wish(entry))


def _changing(entry: Entry) -> tuple[str | int | None, ...]:
    return (
        entry.state.value,
        entry.outcome,
        entry.reason,
        micros(entry.wake_at) if entry.wake_at else None,
        micros(entry.expire_at) if entry.expire_at else None,
    )


def _wish(entry: Entry) -> tuple[str, str]:
    """What stays unless a person corrects it; to write it again writes a page of its index too."""
    return entry.course_id, entry.student_key
