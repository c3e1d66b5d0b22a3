"""A worker recognises its own commit when the reply was lost, and never takes another's for it."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from enrollment.claims import Claimed, Claims, LostClaim, unchanged
from enrollment.entry import Letter, State
from enrollment.ledger import Held, Settled
from enrollment.outcome import Outcome
from enrollment.ports import AlreadyExists, Overtaken
from enrollment.reasons import Reason
from enrollment.results import parked
from tests.contract.builders import NOON, REQUEST_ID, an_arrival, an_entry


@dataclass
class ReplyLost:
    """A client that sends a commit again, in silence, because the first reply never came."""

    ledger: Any

    def __getattr__(self, name):
        return getattr(self.ledger, name)

    def create(self, entry, deadline):
        self.ledger.create(entry, deadline)
        return self.ledger.create(entry, deadline)

    def update(self, seen, entry, deadline):
        self.ledger.update(seen, entry, deadline)
        return self.ledger.update(seen, entry, deadline)


@dataclass
class SomebodyFaster(ReplyLost):
    """A ledger on which another worker writes in the last moment."""

    def create(self, entry, deadline):
        self.ledger.create(replace(entry, claim="faster"), deadline)
        return self.ledger.create(entry, deadline)

    def update(self, seen, entry, deadline):
        self.ledger.update(seen, replace(entry, claim="faster"), deadline)
        return self.ledger.update(seen, entry, deadline)


def as_parked(entry):
    return parked(entry, NOON, Reason.LINE_HELD)


SHAPES = pytest.mark.parametrize("shape", [unchanged, as_parked])
BEFORE = pytest.mark.parametrize("waiting", [False, True], ids=["new", "waiting before"])


@pytest.fixture
def claims(ledgers):
    """Claims whose every commit has to be recognised."""
    return Claims(ReplyLost(ledgers.port), ledgers.clock)


@pytest.fixture
def beaten(ledgers):
    """Claims of a worker that is never the first."""
    return Claims(SomebodyFaster(ledgers.port), ledgers.clock)


def prepare(ledgers, *, waiting):
    if waiting:
        seen = ledgers.port.create(an_entry("before"), ledgers.deadline)
        parked_before = parked(seen.entry, NOON, Reason.LINE_HELD)
        ledgers.port.update(seen, parked_before, ledgers.deadline)


def entry_of(ledgers):
    return ledgers.port.get(REQUEST_ID, ledgers.deadline).entry


def test_the_test_adapter_answers_as_a_client_that_tried_twice(ledgers):
    client = ReplyLost(ledgers.port)

    with pytest.raises(AlreadyExists):
        client.create(an_entry(), ledgers.deadline)
    with pytest.raises(Overtaken):
        client.update(ledgers.port.get(REQUEST_ID, ledgers.deadline), an_entry(), ledgers.deadline)


@SHAPES
@BEFORE
def test_a_claim_whose_reply_was_lost_is_a_claim(ledgers, claims, shape, waiting):
    prepare(ledgers, waiting=waiting)

    claiming = claims.claim(an_arrival("mine"), ledgers.deadline, shape)

    assert isinstance(claiming, Claimed)
    assert claiming.stored.entry == entry_of(ledgers)
    assert claiming.stored.entry.claim == "mine"


@SHAPES
@BEFORE
def test_a_claim_that_was_recognised_can_be_written_to(ledgers, claims, shape, waiting):
    prepare(ledgers, waiting=waiting)
    claiming = claims.claim(an_arrival("mine"), ledgers.deadline, shape)
    settled = replace(claiming.stored.entry, state=State.SETTLED, outcome=Outcome.ENROLLED)

    ledgers.port.update(claiming.stored, settled, ledgers.deadline)

    assert entry_of(ledgers).outcome is Outcome.ENROLLED


@SHAPES
@BEFORE
def test_a_claim_that_another_took_in_the_last_moment_is_held(ledgers, beaten, shape, waiting):
    prepare(ledgers, waiting=waiting)

    claiming = beaten.claim(an_arrival("mine"), ledgers.deadline, shape)

    assert isinstance(claiming, Held)
    assert entry_of(ledgers).claim == "faster"


def test_a_request_that_another_has_claimed_is_held(ledgers, claims):
    ledgers.port.create(an_entry("another"), ledgers.deadline)

    claiming = claims.claim(an_arrival("mine"), ledgers.deadline)

    assert isinstance(claiming, Held)
    assert entry_of(ledgers).claim == "another"


RESULTS = {
    "settled": {"state": State.SETTLED, "outcome": Outcome.ENROLLED},
    "rejected, letter owed": {
        "state": State.SETTLED,
        "outcome": Outcome.REJECTED,
        "reason": Reason.COURSE_FULL,
        "letter": Letter.OWED,
    },
    "put back to wait": {"state": State.WAITING, "reason": Reason.CLASSROOM_DOWN},
}


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)
def test_a_result_whose_reply_was_lost_is_written_once(ledgers, claims, result):
    seen = ledgers.port.create(an_entry("mine"), ledgers.deadline)

    stored = claims.write(seen, replace(seen.entry, **result), ledgers.deadline)

    assert stored.entry == replace(seen.entry, **result) == entry_of(ledgers)
    ledgers.port.update(stored, stored.entry, ledgers.deadline)  # its version is the current one


@pytest.mark.parametrize("result", RESULTS.values(), ids=RESULTS)
def test_a_result_of_a_worker_whose_claim_was_taken_over_is_not_written(ledgers, beaten, result):
    seen = ledgers.port.create(an_entry("mine"), ledgers.deadline)

    with pytest.raises(LostClaim):
        beaten.write(seen, replace(seen.entry, **result), ledgers.deadline)

    assert entry_of(ledgers).claim == "faster"


def test_a_late_worker_learns_that_its_claim_is_lost(ledgers):
    claims = Claims(ledgers.port, ledgers.clock)
    late = claims.claim(an_arrival("late"), ledgers.deadline).stored
    ledgers.port.update(late, an_entry("quick"), ledgers.deadline)

    with pytest.raises(LostClaim):
        claims.write(late, replace(late.entry, state=State.WAITING), ledgers.deadline)

    assert entry_of(ledgers) == an_entry("quick")


def test_a_claim_is_not_taken_for_the_result_that_should_follow_it(ledgers):
    claims = Claims(ledgers.port, ledgers.clock)
    seen = claims.claim(an_arrival("mine"), ledgers.deadline).stored
    ledgers.port.update(seen, seen.entry, ledgers.deadline)  # written again, still only claimed

    with pytest.raises(LostClaim):
        claims.write(seen, replace(seen.entry, state=State.SETTLED), ledgers.deadline)


def test_a_result_that_was_written_by_another_way_is_a_duplicate_to_the_next(ledgers, claims):
    settled = an_entry("before", state=State.SETTLED, outcome=Outcome.ENROLLED, settled_at=NOON)
    ledgers.port.create(settled, ledgers.deadline)

    assert claims.claim(an_arrival("mine"), ledgers.deadline) == Settled(settled)
