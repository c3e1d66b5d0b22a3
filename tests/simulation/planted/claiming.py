"""Faults in who may work on a request, and what the ledger remembers of it."""

from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from enrollment import claims, ledger, results, returned
from enrollment.adapters.sqlite import SqliteLedger
from enrollment.entry import State
from enrollment.ledger import Granted, Held, Mismatch
from enrollment.timing import REMEMBERED
from tests.simulation.planted.planting import changed, planted, planted_against


@planted
def writes_whatever_has_been_written_since(_world):
    def update(old, self, seen, entry, deadline):
        newest = self.get(entry.request_id, deadline)
        return old(self, replace(seen, version=newest.version), entry, deadline)

    with changed((SqliteLedger, "update", update)):
        yield


@planted
def does_not_recognise_its_own_commit(_world):
    with patch.object(claims, "same_hand", lambda *_: False):
        yield


@planted
def compares_the_content_before_the_replay(_world):
    def decide(old, stored, arrival, now):
        if stored.entry.fingerprint != arrival.request.fingerprint:
            return Mismatch()
        return old(stored, arrival, now)

    with changed((claims, "decide", decide), (returned, "decide", decide)):
        yield


@planted
def believes_its_own_clock(world):
    def decide(old, stored, arrival, now):
        offset = world.hub.current.process.offset
        return old(stored, arrival, now + timedelta(seconds=offset))

    with changed((claims, "decide", decide)):
        yield


@planted
def asks_without_a_claim(_world):
    def claim(old, self, arrival, deadline, *rest):
        claiming = old(self, arrival, deadline, *rest)
        if isinstance(claiming, Held):
            seen = self._get(arrival.request.request_id, deadline)
            return self._claimed(seen)
        return claiming

    with changed((claims.Claims, "claim", claim)):
        yield


@planted
def tries_a_success_again_when_a_roster_asks(_world):
    def decide(old, stored, arrival, now):
        entry = stored.entry
        if arrival.request.retry and entry.state is State.SETTLED and entry.outcome.success:
            return Granted(ledger._reopened(entry, arrival, now))
        return old(stored, arrival, now)

    with changed((claims, "decide", decide)):
        yield


@planted
def forgets_what_is_not_finished(_world):
    def first_claim(old, arrival, now):
        return replace(old(arrival, now), expire_at=now + REMEMBERED)

    with changed((claims, "first_claim", first_claim)):
        yield


@planted
def forgets_what_is_in_review(_world):
    def settled(old, entry, *rest, **more):
        *_, now = rest
        return replace(old(entry, *rest, **more), expire_at=now + REMEMBERED)

    with changed((results, "_settled", settled)):
        yield


@planted
def does_whatever_comes_last(_world):
    def decide(old, stored, arrival, now):
        if arrival.request.replay < stored.entry.replay:
            return Granted(replace(ledger.first_claim(arrival, now), replay=arrival.request.replay))
        return old(stored, arrival, now)

    with changed((claims, "decide", decide)):
        yield


@planted
def does_not_expect_to_be_overtaken(_world):
    def write(_old, self, seen, entry, deadline):
        return self.ledger.update(seen, entry, deadline)

    with changed((claims.Claims, "write", write)):
        yield


@planted_against("an id is called reused only if it was")
def takes_the_same_wish_for_another(_world):
    def decide(old, stored, arrival, now):
        same_replay = arrival.request.replay == stored.entry.replay
        if same_replay and arrival.message != stored.entry.message:
            return Mismatch()
        return old(stored, arrival, now)

    with changed((claims, "decide", decide)):
        yield


@planted
def never_tries_a_rejection_again(_world):
    with patch.object(ledger, "_tries_again", lambda *_: False):
        yield
