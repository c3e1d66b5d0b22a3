"""How many calls each step costs on the wire, and how long each of them may take."""

from dataclasses import replace
from datetime import timedelta
from functools import partial

import grpc
import pytest

from enrollment.adapters.clock import SystemClock
from enrollment.claims import Claimed, Claims
from enrollment.clock import Deadline
from enrollment.entry import State
from enrollment.ledger import Settled
from enrollment.outcome import Outcome
from enrollment.ports import LineStatus, Unavailable
from enrollment.reasons import Reason
from tests.contract.builders import NOON, REQUEST_ID, an_arrival, an_entry, an_item

ROUNDED = 1.03  # gRPC rounds up what it tells a server; the client keeps to the exact time


def settled(entry):
    return replace(entry, state=State.SETTLED, outcome=Outcome.ENROLLED, settled_at=NOON)


def enroll(behind, claim="mine"):
    """Claim the request and settle it, as the happy path does."""
    claims = Claims(behind.ledger, SystemClock())
    claiming = claims.claim(an_arrival(claim), behind.deadline)
    if isinstance(claiming, Claimed):
        claims.write(claiming.stored, settled(claiming.stored.entry), behind.deadline)
    return claiming


def test_an_enrollment_costs_two_calls(behind):
    enroll(behind)

    assert behind.calls == {"Commit": 2}


def test_a_duplicate_costs_two_calls(behind):
    enroll(behind)
    behind.proxy.calls.clear()

    assert isinstance(enroll(behind, "another"), Settled)

    assert behind.calls == {"Commit": 1, "BatchGetDocuments": 1}


STEPS = {
    "a look at the line": (lambda it: it.line.read(it.deadline), {"BatchGetDocuments": 1}),
    "a write of the line": (
        lambda it: it.line.write(it.line.read(it.deadline), LineStatus(), it.deadline),
        {"BatchGetDocuments": 1, "Commit": 1},
    ),
    "filing an item": (lambda it: it.reviews.file(an_item(), it.deadline), {"Commit": 1}),
    "what is due": (
        lambda it: it.ledger.due(State.WAITING, NOON, 100, it.deadline),
        {"RunQuery": 1},
    ),
    "what is due next": (lambda it: it.ledger.next_due(it.deadline), {"RunQuery": 1}),
    "counts": (lambda it: it.ledger.counts(it.deadline), {"RunAggregationQuery": 6}),
    "open items counted": (
        lambda it: it.reviews.count_open(it.deadline),
        {"RunAggregationQuery": 1},
    ),
    "open items": (lambda it: list(it.reviews.open_items(it.deadline)), {"RunQuery": 1}),
}


@pytest.mark.parametrize(("step", "calls"), STEPS.values(), ids=STEPS)
def test_a_step_costs_so_many_calls(behind, step, calls):
    step(behind)

    assert behind.calls == calls


@pytest.mark.parametrize(("step", "calls"), STEPS.values(), ids=STEPS)
def test_the_server_is_told_that_a_try_takes_5_seconds_at_most(behind, step, calls):
    step(behind)

    told = [seconds for name in calls for seconds in behind.proxy.seconds[name]]
    assert all(1 < seconds <= 5 * ROUNDED for seconds in told)


def test_the_server_is_told_when_less_time_is_left(behind):
    short = Deadline.starting_now(SystemClock(), timedelta(seconds=2))

    stored = behind.ledger.create(an_entry(), short)
    behind.ledger.update(stored, settled(stored.entry), short)
    behind.ledger.get(REQUEST_ID, short)
    behind.ledger.due(State.WAITING, NOON, 100, short)
    behind.ledger.counts(short)

    assert all(
        0 < seconds <= 2 * ROUNDED for told in behind.proxy.seconds.values() for seconds in told
    )


def test_without_time_nothing_is_sent(behind):
    over = Deadline.starting_now(SystemClock(), timedelta(0))

    for step in (
        lambda: behind.ledger.create(an_entry(), over),
        lambda: behind.ledger.get(REQUEST_ID, over),
        lambda: behind.reviews.file(an_item(), over),
        lambda: behind.line.read(over),
    ):
        with pytest.raises(Unavailable) as caught:
            step()
        assert caught.value.reason is Reason.LEDGER_DOWN

    assert behind.calls == {}


METHODS = {
    "Commit": lambda it: it.ledger.create(an_entry(), it.deadline),
    "BatchGetDocuments": lambda it: it.ledger.get(REQUEST_ID, it.deadline),
    "RunQuery": lambda it: it.ledger.due(State.WAITING, NOON, 1, it.deadline),
    "RunAggregationQuery": lambda it: it.reviews.count_open(it.deadline),
}


@pytest.mark.parametrize("method", METHODS)
def test_trouble_that_passes_is_not_noticed(behind, method):
    behind.proxy.refuse_next(grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.ABORTED, method=method)

    METHODS[method](behind)

    assert behind.calls == {method: 3}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("code", ["PERMISSION_DENIED", "INVALID_ARGUMENT", "UNAUTHENTICATED"])
def test_trouble_that_stays_is_told_by_its_name_alone(behind, method, code):
    behind.proxy.refuse_next(grpc.StatusCode[code], method=method)

    with pytest.raises(Unavailable) as caught:
        METHODS[method](behind)

    assert (caught.value.reason, caught.value.detail) == (Reason.LEDGER_DOWN, code)
    assert caught.value.__suppress_context__
    assert behind.calls == {method: 1}


@pytest.mark.parametrize("code", ["NOT_FOUND", "FAILED_PRECONDITION"])
def test_what_no_create_can_meet_is_trouble_of_the_store(behind, code):
    behind.proxy.refuse_next(grpc.StatusCode[code])

    with pytest.raises(Unavailable) as caught:
        behind.ledger.create(an_entry(), behind.deadline)

    assert (caught.value.reason, caught.value.detail) == (Reason.LEDGER_DOWN, code)


@pytest.mark.parametrize("port", ["ledger", "line"])
def test_what_no_update_can_meet_is_trouble_of_the_store(behind, port):
    if port == "ledger":
        seen = behind.ledger.create(an_entry(), behind.deadline)
        write = partial(behind.ledger.update, seen, settled(seen.entry), behind.deadline)
    else:
        line = behind.line.write(behind.line.read(behind.deadline), LineStatus(), behind.deadline)
        write = partial(behind.line.write, line, LineStatus(), behind.deadline)
    behind.proxy.refuse_next(grpc.StatusCode.ALREADY_EXISTS)

    with pytest.raises(Unavailable) as caught:
        write()

    assert (caught.value.reason, caught.value.detail) == (Reason.LEDGER_DOWN, "ALREADY_EXISTS")
