"""A sender's delivery, once it is verified and read: kept, published, and told record by record."""

import json
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from enrollment.clock import Clock, Deadline
from enrollment.decisions import Decisions
from enrollment.looking_up import LookedUp, look_up
from enrollment.ports import Directory, Lookup, Message, Receipts, Topic, Unavailable
from enrollment.reasons import Reason
from enrollment.receipt import Became, Receipt, receipt_key
from enrollment.sources.candidates import Person, Section
from enrollment.sources.declared import Declaration
from enrollment.sources.events import Reading, Wish
from enrollment.sources.known import Known
from enrollment.sources.mapping import Mapper
from enrollment.sources.rules import Rules
from enrollment.wire import as_message, stored_request


@dataclass(frozen=True, kw_only=True)
class Incoming:
    """A verified delivery of a declared source."""

    source: str
    declaration: Declaration
    delivery_id: str | None = field(repr=False)
    body: bytes = field(repr=False)
    trace: str | None = None


@dataclass(frozen=True)
class Answered:
    """What the sender is told. A repeat hears what it heard the first time."""

    receipt: Receipt
    repeat: bool


@dataclass(frozen=True)
class Receiver:
    """Turns what senders deliver into requests, once each, however often they deliver it.

    The receipt is kept before anything is published, with the messages in it: who fails in between
    publishes the very same at the sender's next try, and a request that is published twice takes
    effect once.
    """

    requests: Topic
    dead_letters: Topic
    receipts: Receipts
    directory: Directory
    clock: Clock
    key: bytes = field(repr=False)
    lookups: Mapping[str, Lookup] = field(default_factory=dict)  # the sources' own systems
    own_domains: Collection[str] = ()  # they tell a slip in an address from another domain

    def receive(self, incoming: Incoming, reading: Reading, deadline: Deadline) -> Answered:
        """Keep and publish what was read. Raises Unavailable: then the sender has to try again."""
        now = self.clock.now()
        reading = replace(reading, known=reading.known.up_to(now))
        receipt = self._decided(incoming, reading, now, deadline)
        tells_once = bool(reading.known and incoming.delivery_id)
        is_of_use = bool(receipt.requests or receipt.letters or tells_once)
        kept = None
        if reading.known or not is_of_use:
            kept = self.receipts.find(receipt.key, deadline)
        # What a delivery told when it first came may be out of date when it is repeated.
        if reading.known and not (kept and tells_once):
            self.directory.learn(incoming.source, reading.known, now, deadline)
        if kept is None:  # what came to nothing is not kept: the rules may be mended by next time
            kept = self.receipts.keep(receipt, deadline) if is_of_use else receipt
        self._publish(kept, incoming.trace, deadline)
        return Answered(kept, repeat=kept != receipt)

    def _decided(
        self, incoming: Incoming, reading: Reading, now: datetime, deadline: Deadline
    ) -> Receipt:
        said = incoming.declaration
        rules = Rules(
            said.course_id, said.student, said.email_domains, said.courses, sorted(self.own_domains)
        )
        mapper = Mapper(rules, now)
        decisions = Decisions(
            source=incoming.source,
            declaration=said,
            mapper=mapper,
            known=self._known(incoming, reading, mapper, deadline),
            now=now,
            key=self.key,
            mendable=reading.mendable,
            delivery_id=incoming.delivery_id,
        )
        for record in reading.records:
            decisions.take(record)
        return Receipt(
            key=receipt_key(incoming.source, incoming.delivery_id, incoming.body, decisions.told),
            source=incoming.source,
            received_at=now,
            told=tuple(decisions.told),
            requests=tuple(decisions.requests),
            letters=tuple(decisions.letters),
        )

    def _known(
        self, incoming: Incoming, reading: Reading, mapper: Mapper, deadline: Deadline
    ) -> Known:
        """Whom the wishes are about, as far as a rule asks for more than their ids."""
        wishes = [each for each in reading.records if isinstance(each, Wish)]
        people = {each.user_id for each in wishes if mapper.needs_person or each.inner}
        sections = {each.class_id for each in wishes if mapper.needs_section or each.inner}
        # What has a time of its own may be out of date: the directory may know better.
        people -= {"", *_undated(reading.known.people)}
        sections -= {"", *_undated(reading.known.sections)}
        if not people and not sections:
            return reading.known
        found = self.directory.find(incoming.source, people, sections, deadline)
        known = found.updated(reading.known)
        if people <= known.people.keys() and sections <= known.sections.keys():
            return known
        lookup = self.lookups.get(incoming.source)
        if lookup is None or self._is_kept(incoming, deadline):
            return known
        looked_up = look_up(lookup, wishes, known, mapper, deadline)
        return self._learnt(incoming.source, looked_up, deadline)

    def _learnt(self, source: str, looked_up: LookedUp, deadline: Deadline) -> Known:
        """What is known by now. The next delivery, or the next try of this one, asks no more."""
        if looked_up.to_learn:
            now = self.clock.now()
            self.directory.learn(source, looked_up.to_learn.up_to(now), now, deadline)
        if looked_up.trouble:
            raise looked_up.trouble
        return looked_up.known

    def _is_kept(self, incoming: Incoming, deadline: Deadline) -> bool:
        """Whether it is a repeat, for which nothing is decided anew."""
        if incoming.delivery_id is None:
            return False
        key = receipt_key(incoming.source, incoming.delivery_id, incoming.body)
        return self.receipts.find(key, deadline) is not None

    def _publish(self, receipt: Receipt, trace: str | None, deadline: Deadline) -> None:
        self.requests.publish([_message(each, trace) for each in receipt.requests], deadline)
        letters = [json.loads(each) for each in receipt.letters]
        self.dead_letters.publish(
            [Message(each["body"].encode(), each["attributes"]) for each in letters], deadline
        )


def _undated(records: Mapping[str, Person | Section]) -> Iterator[str]:
    return (name for name, record in records.items() if record.changed_at is None)


def _message(text: str, trace: str | None) -> Message:
    request = stored_request(text)
    if request is None:  # kept by a newer version, whose next instance can publish it
        raise Unavailable(Reason.LEDGER_DOWN, "a kept request cannot be read by this version")
    return as_message(text, request, trace)


def counts(receipt: Receipt) -> Iterator[tuple[str, int]]:
    """How many records became what."""
    for became in Became:
        if number := sum(each.became is became for each in receipt.told):
            yield became.value, number
