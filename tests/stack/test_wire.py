"""What passes on the way to Firestore is heard, kept from it, or hidden from whoever asked."""

import os
import random
import time
import uuid

import pytest
from grpc import StatusCode

from enrollment.adapters.clock import SystemClock
from enrollment.adapters.firestore import FirestoreLedger, open_firestore
from enrollment.clock import Deadline
from enrollment.ports import AlreadyExists, Unavailable
from tests.contract.builders import REQUEST_ID, an_entry
from tests.grpc_proxy import Proxy
from tests.stack.points import CLAIMED, Trap
from tests.stack.wire import Swallow, Weather, in_front_of_firestore

pytestmark = pytest.mark.emulators


@pytest.fixture
def listened_to(emulators):
    """A ledger, and the wire in front of it."""
    wire = in_front_of_firestore()
    with Proxy(emulators.firestore, listener=wire) as proxy:
        os.environ["FIRESTORE_EMULATOR_HOST"] = proxy.address
        database = open_firestore(f"test-{uuid.uuid4().hex}")
        yield FirestoreLedger(database), wire
        database.close()


def create(ledger, seconds=10.0):
    clock = SystemClock()
    return ledger.create(an_entry(), Deadline(clock, clock.monotonic() + seconds))


def get(ledger):
    return ledger.get(REQUEST_ID, Deadline.starting_now(SystemClock()))


def test_a_write_is_heard_with_what_it_says_and_when_it_took_effect(listened_to):
    ledger, wire = listened_to

    stored = create(ledger)

    (written,) = wire.written
    assert written.at == stored.updated_at
    assert written.said.is_about(REQUEST_ID)
    assert written.said.fields["state"] == stored.entry.state
    assert written.said.fields["claim"] == stored.entry.claim


def test_what_is_refused_has_no_effect_and_is_not_heard(listened_to):
    ledger, wire = listened_to
    weather = Weather(random.Random(1), 1.0, (StatusCode.RESOURCE_EXHAUSTED,))
    wire.add(weather)

    with pytest.raises(Unavailable, match="RESOURCE_EXHAUSTED"):
        create(ledger, seconds=1)

    wire.remove(weather)
    assert weather.spoilt >= 2
    assert get(ledger) is None
    assert wire.written == []


def test_a_reply_that_is_swallowed_hides_a_write_that_took_effect(listened_to):
    ledger, wire = listened_to
    wire.add(Swallow(every=1))

    with pytest.raises(AlreadyExists):
        create(ledger)

    assert get(ledger) is not None
    assert len(wire.written) == 1


def test_what_is_late_takes_effect_when_its_caller_has_given_up(listened_to):
    ledger, wire = listened_to
    wire.add(Weather(random.Random(1), 1.0, late=1.0, methods=frozenset({"Commit"})))

    with pytest.raises(Unavailable):
        create(ledger, seconds=0.3)

    assert get(ledger) is None
    give_up = time.monotonic() + 10
    while get(ledger) is None:
        assert time.monotonic() < give_up, "it has come to nothing"


def test_a_trap_springs_once_at_its_point_and_for_its_wish_alone(listened_to):
    ledger, wire = listened_to
    killed = []
    for request_id in (REQUEST_ID, "another:0001"):
        wire.add(
            Trap(
                point=CLAIMED,
                request_id=request_id,
                kill=lambda request_id=request_id: killed.append(request_id),
            )
        )

    with pytest.raises(AlreadyExists):
        create(ledger)

    assert killed == [REQUEST_ID]
    assert get(ledger) is not None
