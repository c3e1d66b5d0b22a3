"""Claiming an entry and writing to it: at most one worker at a time, and each knows its own hand.

A client library may retry a write whose reply was lost; the retry then fails although the first try
took effect. A worker therefore reads once when a write fails: what carries its own claim, in the
state that it wrote, is its own work. Anything else is somebody else's, and it writes nothing more.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from enrollment.clock import Clock, Deadline, ServerTime
from enrollment.entry import Entry, Stored
from enrollment.ledger import (
    Arrival,
    Crashed,
    Early,
    Granted,
    Held,
    Mismatch,
    Settled,
    Stale,
    decide,
    first_claim,
)
from enrollment.ports import AlreadyExists, Ledger, Overtaken, Unavailable
from enrollment.reasons import Reason
from enrollment.request import EnrollmentRequest
from enrollment.timing import TOO_OLD
from enrollment.wire import Unreadable


class LostClaim(Exception):
    """Another worker has the entry now; this one writes nothing more and publishes nothing."""


@dataclass(frozen=True)
class Claimed:
    """The entry is this worker's, written and fenced; `time` is the ledger's clock."""

    stored: Stored
    time: ServerTime


@dataclass(frozen=True)
class SetAside:
    """The request ended its worker too often; the entry is still to be settled."""

    stored: Stored
    entry: Entry
    time: ServerTime


Claiming = Claimed | SetAside | Settled | Held | Early | Stale | Mismatch

Shape = Callable[[Entry], Entry]


def unchanged(entry: Entry) -> Entry:
    """The entry as it is."""
    return entry


@dataclass(frozen=True)
class Claims:
    """Claims and writes entries of a ledger."""

    ledger: Ledger
    clock: Clock

    def check_age(self, request: EnrollmentRequest, now: datetime, deadline: Deadline) -> None:
        """Raise Unreadable(too_old) for an old wish, but not for one that grew old waiting here."""
        age = now - request.received_at
        if request.replay > 0 or age <= TOO_OLD:
            return
        if self.ledger.get(request.request_id, deadline) is None:
            detail = f"received {age.days} days ago; the most is {TOO_OLD.days}"
            raise Unreadable(Reason.TOO_OLD, detail, request.request_id)

    def claim(
        self,
        arrival: Arrival,
        deadline: Deadline,
        shape: Shape = unchanged,
        now: datetime | None = None,
    ) -> Claiming:
        """Claim the entry, or say why not. `shape` changes what is written as the claim.

        `now` is the ledger's time as far as the worker knows it; a known entry is read with it.
        """
        fresh = shape(first_claim(arrival, now or self.clock.now()))
        try:
            return self._claimed(self.ledger.create(fresh, deadline))
        except AlreadyExists:
            seen = self._get(arrival.request.request_id, deadline)
        if same_hand(seen.entry, fresh):
            return self._claimed(seen)
        verdict = decide(seen, arrival, seen.read_at)
        if isinstance(verdict, Crashed):
            return SetAside(seen, verdict.entry, self._time(seen))
        if not isinstance(verdict, Granted):
            return verdict
        try:
            return self._claimed(self.write(seen, shape(verdict.entry), deadline))
        except LostClaim:
            # Somebody was faster; the next delivery learns the rest.
            return Held(seen.read_at, remembered=False)

    def write(self, seen: Stored, entry: Entry, deadline: Deadline) -> Stored:
        """Write what became of an entry. Raises LostClaim if it is no longer this worker's."""
        try:
            return self.ledger.update(seen, entry, deadline)
        except Overtaken:
            now_there = self.ledger.get(entry.request_id, deadline)
        if now_there is not None and same_hand(now_there.entry, entry):
            return now_there
        raise LostClaim

    def _get(self, request_id: str, deadline: Deadline) -> Stored:
        seen = self.ledger.get(request_id, deadline)
        if seen is None:  # it was there a moment ago: deleted when its time was over
            raise Unavailable(Reason.LEDGER_DOWN, "the entry was deleted in between")
        return seen

    def _claimed(self, stored: Stored) -> Claimed:
        return Claimed(stored, self._time(stored))

    def _time(self, stored: Stored) -> ServerTime:
        return ServerTime.told_now(self.clock, stored.read_at)


def same_hand(there: Entry, written: Entry) -> bool:
    """Whether an entry is what this worker wrote.

    Only for writes that change the claim, the state or the letter: two that move `wake_at` alone
    look the same, so `wake` writes to the ledger itself and takes Overtaken at its word.
    """
    return (there.claim, there.state, there.replay, there.outcome, there.letter) == (
        written.claim,
        written.state,
        written.replay,
        written.outcome,
        written.letter,
    )
