"""Messages that Pub/Sub itself gave up delivering: most are healthy requests that were throttled.

A healthy one goes back to waiting, and `wake` sends it when there is room. Nobody else remembers
such a message, so what cannot be taken back now must come again, and is never dropped.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from enrollment.claims import Claims, LostClaim, same_hand
from enrollment.clock import Clock, Deadline
from enrollment.collect import Collector
from enrollment.entry import Entry, Event, Letter, State, Stored
from enrollment.ledger import Arrival, Granted, Mismatch, Settled, Stale, decide, first_claim
from enrollment.letters import resolve
from enrollment.line import LineKeeper
from enrollment.ports import AlreadyExists, Overtaken, Unavailable
from enrollment.reasons import Reason
from enrollment.request import EnrollmentRequest, student_key
from enrollment.timing import RETURNS
from enrollment.wire import Delivery, Unreadable, decode

# Set by Pub/Sub on what it forwards (Pub/Sub documentation, "Handle message failures").
SOURCE = "CloudPubSubDeadLetterSourceSubscription"


def is_returned(attributes: Mapping[str, str]) -> bool:
    """Whether Pub/Sub forwarded it by itself; what `enroll` sets aside has no such label."""
    return SOURCE in attributes


@dataclass(frozen=True, kw_only=True)
class Returns:
    """Takes returned messages back. The line's server tells the time, as it does for `enroll`."""

    collector: Collector
    claims: Claims
    line: LineKeeper
    clock: Clock
    pseudonym_key: bytes = field(repr=False)
    new_claim: Callable[[], str]

    def take_back(self, delivery: Delivery) -> str:
        """Say what became of it: `waiting`, `left alone`, `dropped` or `filed`.

        Raises Unavailable when it must be delivered again.
        """
        deadline = delivery.deadline or Deadline.starting_now(self.clock)
        try:
            request = decode(delivery.body)
            now = self.line.look_now(deadline)[1].now()
            self.claims.check_age(request, now, deadline)
        except Unreadable as trouble:
            return self._file(delivery, trouble, deadline)
        return self._take_back(delivery, request, now, deadline)

    def _take_back(
        self, delivery: Delivery, request: EnrollmentRequest, now: datetime, deadline: Deadline
    ) -> str:
        arrival = Arrival(
            request=request,
            message=delivery.body.decode(),
            student_key=student_key(self.pseudonym_key, request.student),
            claim=self.new_claim(),
        )
        fresh = _waiting(first_claim(arrival, now), now)
        try:
            self.claims.ledger.create(fresh, deadline)
        except AlreadyExists:
            seen = self.claims.ledger.get(request.request_id, deadline)
            if seen is None:
                raise Unavailable(Reason.LEDGER_DOWN, "the entry was deleted in between") from None
            if not same_hand(seen.entry, fresh):
                return self._known(seen, arrival, delivery, deadline)
        return "waiting"

    def _known(self, seen: Stored, arrival: Arrival, delivery: Delivery, deadline: Deadline) -> str:
        verdict, entry = decide(seen, arrival, seen.read_at), seen.entry
        match verdict:
            case Settled() | Stale():
                if entry.returns >= RETURNS and entry.outcome and entry.outcome.success:
                    # Filed before it came true, and nobody may have looked since.
                    resolve(entry, self.collector.reviews, seen.read_at, deadline, "collect")
                return "dropped"
            case Mismatch():
                fault = "the id belongs to a request for another course, student or mode"
                reused = Unreadable(Reason.ID_REUSED, fault, entry.request_id)
                return self._file(delivery, reused, deadline)
            case _:
                pass
        newer = arrival.request.replay > entry.replay or entry.state is State.SETTLED
        if not newer:
            return self._count(seen, delivery, deadline)
        if not isinstance(verdict, Granted):
            raise Unavailable(Reason.LEDGER_DOWN, "an older replay of it is under way")
        try:
            self.claims.write(seen, _waiting(verdict.entry, seen.read_at), deadline)
        except LostClaim:
            raise Unavailable(Reason.LEDGER_DOWN, "somebody else wrote to the entry") from None
        return "waiting"

    def _count(self, seen: Stored, delivery: Delivery, deadline: Deadline) -> str:
        """It waits or is under way already; coming back again and again, a person should look."""
        entry = seen.entry
        if entry.state is State.CLAIMED:
            return "left alone"  # a write would fence its worker off
        counted = replace(entry, returns=entry.returns + 1)
        looked_at = counted.returns >= RETURNS
        if looked_at:
            counted = replace(counted, letter=Letter.SENT)
        try:
            self.claims.ledger.update(seen, counted, deadline)
        except Overtaken:
            raise Unavailable(Reason.LEDGER_DOWN, "it is under way again") from None
        if not looked_at:
            return "left alone"
        # Filed after the note of it: a success from then on closes the item, and filing looks for
        # one that came in between.
        last = f"last: {entry.reason}" if entry.reason else ""
        given_back = Unreadable(Reason.GIVEN_BACK, last, entry.request_id)
        return self._file(delivery, given_back, deadline)

    def _file(self, delivery: Delivery, trouble: Unreadable, deadline: Deadline) -> str:
        self.collector.file(delivery, trouble.label(delivery), deadline)
        return "filed"


def _waiting(claimed: Entry, now: datetime) -> Entry:
    """A claim put back at once: due now, the return counted."""
    attempt = claimed.attempt - 1
    return claimed.noting(
        Event(at=now, attempt=attempt, what="returned", by="collect", reason=Reason.NO_PERMIT),
        state=State.WAITING,
        attempt=attempt,
        returns=claimed.returns + 1,
        reason=Reason.NO_PERMIT,
        not_before=now,
        wake_at=now,
    )
