"""A commit whose reply is lost on the way is recognised by whoever sent it, on the wire itself."""

import os
from dataclasses import replace

import grpc
import pytest

from enrollment.adapters.clock import SystemClock
from enrollment.adapters.firestore import FirestoreLedger, open_firestore
from enrollment.claims import Claimed, Claims, LostClaim
from enrollment.entry import State
from enrollment.line import LineKeeper
from enrollment.outcome import Outcome
from enrollment.ports import AlreadyExists, LineState, LineStatus, Overtaken
from enrollment.reasons import Reason
from enrollment.review_item import ItemState
from tests.contract.builders import NOON, REQUEST_ID, an_arrival, an_entry, an_item
from tests.grpc_proxy import Proxy


@pytest.fixture
def claims(behind):
    return Claims(behind.ledger, SystemClock())


def test_the_ledger_itself_leaves_its_creates_to_be_recognised(behind):
    behind.proxy.swallow_next()

    with pytest.raises(AlreadyExists):
        behind.ledger.create(an_entry(), behind.deadline)

    assert behind.calls == {"Commit": 2}


def test_the_ledger_knows_its_own_update_by_one_look(behind):
    seen = behind.ledger.create(an_entry(), behind.deadline)
    later = replace(seen.entry, wake_at=NOON)  # nothing else tells whose hand it was
    behind.proxy.calls.clear()
    behind.proxy.swallow_next()

    stored = behind.ledger.update(seen, later, behind.deadline)

    assert behind.calls == {"Commit": 2, "BatchGetDocuments": 1}
    there = behind.ledger.get(REQUEST_ID, behind.deadline)
    assert (stored.entry, stored.version) == (there.entry, there.version)
    assert stored.updated_at == there.updated_at <= stored.read_at


def test_the_same_update_by_another_is_not_taken_for_ones_own(behind):
    seen = behind.ledger.create(an_entry(), behind.deadline)
    later = replace(seen.entry, wake_at=NOON)
    behind.ledger.update(seen, later, behind.deadline)

    with pytest.raises(Overtaken):
        behind.ledger.update(seen, later, behind.deadline)


def test_a_claim_and_a_result_are_recognised(behind, claims):
    behind.proxy.swallow_next(number=1)
    claiming = claims.claim(an_arrival("mine"), behind.deadline)
    assert isinstance(claiming, Claimed)

    behind.proxy.swallow_next(number=1)
    result = replace(claiming.stored.entry, state=State.SETTLED, outcome=Outcome.ENROLLED)
    stored = claims.write(claiming.stored, result, behind.deadline)

    assert stored.entry == behind.ledger.get(REQUEST_ID, behind.deadline).entry == result
    assert behind.calls["Commit"] == 4


def test_a_claim_that_was_lost_several_times_in_a_row_is_recognised(behind, claims):
    behind.proxy.swallow_next(number=1)
    behind.proxy.refuse_next(*[grpc.StatusCode.UNAVAILABLE] * 2)

    assert isinstance(claims.claim(an_arrival("mine"), behind.deadline), Claimed)


def test_what_another_wrote_meanwhile_is_not_taken_for_ones_own(behind, claims):
    seen = claims.claim(an_arrival("mine"), behind.deadline).stored
    behind.ledger.update(seen, an_entry("another"), behind.deadline)
    behind.proxy.swallow_next()

    with pytest.raises(LostClaim):
        claims.write(seen, replace(seen.entry, state=State.WAITING), behind.deadline)


def test_an_item_is_filed_once(behind):
    behind.proxy.swallow_next()

    filed = behind.reviews.file(an_item(), behind.deadline)

    assert filed == behind.reviews.get(an_item().letter_id, behind.deadline)
    assert filed.item == an_item()


def test_a_decision_about_an_item_is_recognised(behind):
    filed = behind.reviews.file(an_item(), behind.deadline)
    behind.proxy.swallow_next()

    replayed = replace(filed.item, state=ItemState.REPLAYED)
    stored = behind.reviews.update(filed, replayed, behind.deadline)

    assert stored == behind.reviews.get(filed.item.letter_id, behind.deadline)
    assert stored.item == replayed


def test_a_decision_of_another_is_not(behind):
    filed = behind.reviews.file(an_item(), behind.deadline)
    replayed = replace(filed.item, state=ItemState.REPLAYED)
    behind.reviews.update(filed, replayed, behind.deadline)

    with pytest.raises(Overtaken):
        behind.reviews.update(filed, replayed, behind.deadline)


def test_the_instance_that_holds_the_line_is_told_so_and_alerts(behind):
    keeper = LineKeeper(behind.line, SystemClock())
    behind.proxy.swallow_next()

    assert keeper.hold_for_fault(Reason.API_DISABLED, behind.deadline)
    behind.proxy.swallow_next()
    held = keeper.look(behind.deadline).status
    assert keeper.reopen(held, behind.deadline)

    assert behind.line.read(behind.deadline).status.state is LineState.OPEN


def test_an_identical_write_of_the_line_by_another_is_not_taken_for_ones_own(behind):
    seen = behind.line.read(behind.deadline)
    behind.line.write(seen, LineStatus(), behind.deadline)

    with pytest.raises(Overtaken):
        behind.line.write(seen, LineStatus(), behind.deadline)


def test_with_every_third_reply_lost_all_requests_are_settled(behind):
    with Proxy(behind.proxy.address, swallow_every=3) as losing:
        os.environ["FIRESTORE_EMULATOR_HOST"] = losing.address
        database = open_firestore(behind.project)
        claims = Claims(FirestoreLedger(database), SystemClock())

        for n in range(10):
            arrival = an_arrival(f"worker-{n}", request_id=f"request-{n:02}")
            claiming = claims.claim(arrival, behind.deadline)
            result = replace(claiming.stored.entry, state=State.SETTLED, outcome=Outcome.ENROLLED)
            claims.write(claiming.stored, result, behind.deadline)

        database.close()
    assert losing.swallowed >= 6
    assert [each.number for each in behind.ledger.counts(behind.deadline)] == [10]
