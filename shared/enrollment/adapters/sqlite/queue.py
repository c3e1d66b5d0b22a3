"""A topic and its one subscription in SQLite: delivered at least once, until acknowledged."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from enrollment.adapters.sqlite.damage import reading_record
from enrollment.adapters.sqlite.database import Database, at, micros
from enrollment.clock import Deadline
from enrollment.ports import Message, Unavailable
from enrollment.reasons import Reason
from enrollment.timing import ACK_DEADLINE
from enrollment.wire import Delivery


@dataclass(frozen=True, kw_only=True)
class Queued:
    """A delivery out of the queue, with the ticket that acknowledges it."""

    ticket: tuple[int, int]
    delivery: Delivery


@dataclass(frozen=True)
class SqliteQueue:
    """One topic. A message that is not acknowledged in time is delivered again."""

    database: Database
    topic: str

    def publish(self, messages: Sequence[Message], deadline: Deadline) -> None:
        """Return once every message is accepted for good. Raises Unavailable(topic_down)."""
        now = micros(self.database.clock.now())
        rows = [(self.topic, m.body, json.dumps(dict(m.attributes)), now) for m in messages]
        insert = "insert into messages (topic, body, attributes, visible_at) values (?, ?, ?, ?)"
        try:
            with self.database.writing(deadline, durable=True) as connection:
                connection.executemany(insert, rows)
        except Unavailable as trouble:
            raise Unavailable(Reason.TOPIC_DOWN, trouble.detail) from trouble

    def pull(self, most: int, deadline: Deadline) -> list[Queued]:
        """Take messages that are due, the oldest first; they are this caller's for 120 s."""
        now = self.database.clock.now()
        with self.database.writing(deadline) as connection:
            rows = connection.execute(
                "update messages set visible_at = ?, number = number + 1, pulled = 1 where id in ("
                " select id from messages where topic = ? and visible_at <= ?"
                " order by visible_at, id limit ?)"
                " returning id, body, attributes, number",
                (micros(now + ACK_DEADLINE), self.topic, micros(now), most),
            ).fetchall()
        return [_queued(*row) for row in sorted(rows)]

    def acknowledge(self, queued: Queued, deadline: Deadline) -> None:
        """The message is done with; nothing happens if it was delivered again meanwhile."""
        with self.database.writing(deadline) as connection:
            connection.execute("delete from messages where id = ? and number = ?", queued.ticket)

    def give_back(self, queued: Queued, due: datetime | None, deadline: Deadline) -> None:
        """Deliver the message again, at `due` or at once."""
        visible_at = micros(due or self.database.clock.now())
        with self.database.writing(deadline) as connection:
            connection.execute(
                "update messages set visible_at = ?, pulled = 0 where id = ? and number = ?",
                (visible_at, *queued.ticket),
            )

    def depth(self, deadline: Deadline) -> int:
        """How many messages are not acknowledged yet."""
        query = "select count(*) from messages where topic = ?"
        with self.database.reading(deadline) as connection:
            count: int = connection.execute(query, (self.topic,)).fetchone()[0]
        return count

    def next_visible(self, deadline: Deadline) -> datetime | None:
        """When the next message is due; None if the queue is empty."""
        query = "select min(visible_at) from messages where topic = ?"
        with self.database.reading(deadline) as connection:
            (first,) = connection.execute(query, (self.topic,)).fetchone()
        return at(first) if first is not None else None


def _queued(number_in_queue: int, body: bytes, attributes: str, number: int) -> Queued:
    with reading_record(f"message {number_in_queue} of the queue"):
        said = json.loads(attributes)
    delivery = Delivery(body=body, attributes=said, message_id=str(number_in_queue), number=number)
    return Queued(ticket=(number_in_queue, number), delivery=delivery)
