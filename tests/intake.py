"""The use-case of the intake on stores in memory, and what senders say to it."""

import json
from dataclasses import dataclass
from typing import Any

from enrollment.adapters.sqlite import SqliteLedger, SqliteQueue, SqliteReviews
from enrollment.adapters.sqlite.directory import SqliteDirectory
from enrollment.adapters.sqlite.receipts import SqliteReceipts
from enrollment.clock import Deadline
from enrollment.collect import Collector
from enrollment.ports import Lookup
from enrollment.reasons import Reason
from enrollment.receiving import Incoming, Receiver
from enrollment.sources.candidates import Person, Section
from enrollment.sources.declared import Declaration
from enrollment.sources.known import Known
from enrollment.sources.posted import read_body
from enrollment.sources.rules import ClassFields, PersonFields
from enrollment.wire import decode
from tests.builders import KEY
from tests.doubles import MovableClock, Shaky, in_memory

NATIVE = Declaration(kind="api", format="native")
ONEROSTER = Declaration(
    kind="webhook",
    format="oneroster",
    courses=("d:*-2026",),
    email_domains=("northside.example",),
    course_id="d:{class_id}-2026",
)
ADA = {"course_id": "d:BIO-7", "student": "ada@northside.example"}
ENROLLMENT = {
    "sourcedId": "enr-1", "status": "active", "dateLastModified": "2026-08-20T18:25:43.511Z",
    "role": "student", "class": {"sourcedId": "BIO-7", "type": "class"},
    "user": {"sourcedId": "0017", "type": "user"},
    "beginDate": "2026-08-24", "endDate": "2027-06-11",
}  # fmt: skip
KNOWN = Known(
    {"0017": Person(PersonFields("0017", "Ada@Northside.example"))},
    {"BIO-7": Section(ClassFields("BIO-7"))},
)


@dataclass
class Door:
    """A receiver on stores in memory, and what comes out of it."""

    clock: MovableClock
    receiver: Receiver
    requests: Any
    letters: Any
    receipts: SqliteReceipts
    ledger: SqliteLedger
    reviews: SqliteReviews

    @property
    def deadline(self):
        return Deadline.starting_now(self.clock)

    def receive(self, body, said=NATIVE, delivery_id="msg_1", source="sis"):
        raw = json.dumps(body).encode()
        incoming = Incoming(source=source, declaration=said, delivery_id=delivery_id, body=raw)
        return self.receiver.receive(incoming, read_body(body, source, said), self.deadline)

    def told(self, body, said=NATIVE, **more):
        """What each record became, and why."""
        answer = self.receive(body, said, **more)
        return [(each.became, each.reason) for each in answer.receipt.told]

    def sent(self):
        return [decode(each.body) for each in self._drained(self.requests.port)]

    def collected(self):
        """The review items of what was put before a person."""
        collector = Collector(self.reviews, self.ledger, self.clock)
        return [collector.collect(each) for each in self._drained(self.letters.port)]

    def _drained(self, queue):
        taken = queue.pull(1_000, self.deadline)
        for each in taken:
            queue.acknowledge(each, self.deadline)
        return [each.delivery for each in taken]


def a_door(**lookups: Lookup) -> Door:
    """A receiver whose directory knows Ada, and her class; sources' own systems by their names."""
    clock = MovableClock()
    database = in_memory(clock)
    requests = Shaky(SqliteQueue(database, "requests"), Reason.TOPIC_DOWN)
    letters = Shaky(SqliteQueue(database, "letters"), Reason.TOPIC_DOWN)
    directory, receipts = SqliteDirectory(database), SqliteReceipts(database)
    receiver = Receiver(
        requests=requests,
        dead_letters=letters,
        receipts=receipts,
        directory=directory,
        clock=clock,
        key=KEY,
        lookups=lookups,
    )
    opened = Door(
        clock,
        receiver,
        requests,
        letters,
        receipts,
        SqliteLedger(database),
        SqliteReviews(database),
    )
    directory.learn("sis", KNOWN, clock.now(), opened.deadline)
    return opened
