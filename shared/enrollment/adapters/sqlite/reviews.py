"""Review items in SQLite."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pydantic import TypeAdapter

from enrollment.adapters.sqlite.damage import reading_record
from enrollment.adapters.sqlite.database import Database, micros
from enrollment.clock import Deadline
from enrollment.ports import Overtaken
from enrollment.review_item import ItemState, ReviewItem, StoredItem

PAGE = 200


@dataclass(frozen=True)
class SqliteReviews:
    """Review items in a table."""

    database: Database

    def file(self, item: ReviewItem, deadline: Deadline) -> StoredItem:
        """Store an item, or return the one that is there under the same id."""
        with self.database.writing(deadline, durable=True) as connection:
            done = connection.execute(
                "insert into reviews values (?, ?, ?, 1, ?, ?, ?, ?) on conflict (id) do nothing",
                (
                    item.letter_id,
                    _text(item),
                    item.body,
                    item.state.value,
                    micros(item.filed_at),
                    item.request_id,
                    _closed_at(item),
                ),
            )
            if done.rowcount == 1:
                return StoredItem(item, 1)
        there = self.get(item.letter_id, deadline)
        assert there is not None
        return there

    def get(self, letter_id: str, deadline: Deadline) -> StoredItem | None:
        """The item with this id, or None."""
        query = "select id, record, version, body from reviews where id = ?"
        with self.database.reading(deadline) as connection:
            row = connection.execute(query, (letter_id,)).fetchone()
        return _stored(row) if row else None

    def update(self, seen: StoredItem, item: ReviewItem, deadline: Deadline) -> StoredItem:
        """Replace what was seen. Raises Overtaken if it has changed since."""
        with self.database.writing(deadline, durable=True) as connection:
            done = connection.execute(
                "update reviews set record = ?, body = ?, version = version + 1,"
                " state = ?, closed_at = ? where id = ? and version = ?",
                (
                    _text(item),
                    item.body,
                    item.state.value,
                    _closed_at(item),
                    item.letter_id,
                    seen.version,
                ),
            )
            if done.rowcount != 1:
                raise Overtaken
        assert isinstance(seen.version, int)
        return StoredItem(item, seen.version + 1)

    def of_request(self, request_id: str, deadline: Deadline) -> Sequence[StoredItem]:
        """Every item of one request."""
        query = (
            "select id, record, version, body from reviews where request_id = ?"
            " order by filed_at, id"
        )
        with self.database.reading(deadline) as connection:
            rows = connection.execute(query, (request_id,)).fetchall()
        return [_stored(row) for row in rows]

    def open_items(self, deadline: Deadline) -> Iterator[StoredItem]:
        """The open items, oldest first, read page by page."""
        last: tuple[int, str] = (-1, "")
        while True:
            with self.database.reading(deadline) as connection:
                rows = connection.execute(
                    "select id, record, version, body, filed_at from reviews where state = ?"
                    " and (filed_at, id) > (?, ?) order by filed_at, id limit ?",
                    (ItemState.OPEN.value, *last, PAGE),
                ).fetchall()
            yield from (_stored(row[:4]) for row in rows)
            if len(rows) < PAGE:
                return
            last = (rows[-1][4], rows[-1][0])

    def with_prefix(self, prefix: str, limit: int, deadline: Deadline) -> Sequence[StoredItem]:
        """Items whose ids begin so, open or closed, at most so many."""
        query = (
            "select id, record, version, body from reviews where id >= ? and id < ?"
            " order by id limit ?"
        )
        with self.database.reading(deadline) as connection:
            rows = connection.execute(query, (prefix, prefix + "\uffff", limit)).fetchall()
        return [_stored(row) for row in rows]

    def count_open(self, deadline: Deadline) -> int:
        """How many items wait for a person."""
        query = "select count(*) from reviews where state = ?"
        with self.database.reading(deadline) as connection:
            count: int = connection.execute(query, (ItemState.OPEN.value,)).fetchone()[0]
        return count


ITEM = TypeAdapter(ReviewItem)


def _text(item: ReviewItem) -> str:
    """All but the body, which may be any bytes and has a column of its own."""
    return ITEM.dump_json(item, exclude={"body"}).decode()


def _closed_at(item: ReviewItem) -> int | None:
    return micros(item.closed_at) if item.closed_at else None


def _stored(row: tuple[str, str, int, bytes]) -> StoredItem:
    letter_id, record, version, body = row
    with reading_record(f"the record of review item {letter_id}"):
        return StoredItem(ITEM.validate_python(json.loads(record) | {"body": body}), version)
