"""`kill -9` of the function with fifty requests in flight, on the real stack."""

import time
import uuid
from dataclasses import asdict
from datetime import UTC, datetime

import pytest

from enrollment.clock import Deadline
from enrollment.entry import State
from enrollment.outcome import Outcome
from enrollment.ports import Unavailable
from enrollment.request import EnrollmentRequest
from enrollment.wire import encode
from infra.fake_classroom import FakeClassroom
from infra.local.account import repeat_creates
from infra.local.stack import Place, running_stack

pytestmark = [pytest.mark.stack, pytest.mark.emulators]

IN_FLIGHT = 50
ADMIN = "admin@northside.example"
PATIENCE = 330  # a lease, its grace and the ack deadline, and Pub/Sub's pauses between


def a_school(number):
    return {
        "domains": ["northside.example"],
        "administrator": ADMIN,
        "accounts": [{"email": f"s{n}@northside.example"} for n in range(number)],
        "courses": [{"aliases": ["d:math"], "owner": "tina@northside.example"}],
    }


def requests():
    for number in range(IN_FLIGHT):
        yield EnrollmentRequest(
            schema_version="1",
            request_id=f"request-{number:02}",
            action="enroll",
            source="sis",
            course_id="d:math",
            student=f"s{number}@northside.example",
            received_at=datetime.now(UTC),
        )


def states(stack):
    """What the ledger says of each request; None for one that it cannot tell now."""
    deadline = Deadline.starting_now(stack.outside.clock)
    found = []
    for each in requests():
        try:
            stored = stack.outside.ledger.get(each.request_id, deadline)
        except Unavailable:
            stored = None
        found.append(stored.entry if stored else None)
    return found


def until(true, seconds):
    give_up = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < give_up, "it took too long"
        time.sleep(0.2)


def test_fifty_requests_in_flight_survive_a_kill(tmp_path, emulators):
    sources = tmp_path / "sources.toml"
    sources.write_text('[school]\ndomains = ["northside.example"]\n')
    with FakeClassroom(a_school(IN_FLIGHT), quota_per_user=6000) as fake:
        fake.add_rules([{"fault": "slow", "seconds": 3}])
        place = Place(
            folder=tmp_path,
            endpoint=fake.endpoint,
            administrator=ADMIN,
            sources_file=sources,
            quota=6000,
            time_scale=1 / 3600,
            project=f"test-{uuid.uuid4().hex[:12]}",
        )
        with running_stack(emulators, place) as stack:
            deadline = Deadline.starting_now(stack.outside.clock)
            stack.outside.requests.publish([encode(each) for each in requests()], deadline)
            until(lambda: stack.deliveries["enroll"].under_way >= 30, 30)
            until(lambda: sum(bool(each) for each in states(stack)) >= 30, 30)

            stack.functions["enroll"].kill()
            killed = time.time()
            fake.clear_rules()

            def all_settled():
                return all(each and each.state is State.SETTLED for each in states(stack))

            until(all_settled, PATIENCE)
            entries, calls = states(stack), [asdict(each) for each in fake.log]
            seats = {tuple(each)[2] for each in fake.roster()["students"]}
    assert stack.functions["enroll"].starts >= 2
    assert {each.outcome for each in entries} == {Outcome.ENROLLED}
    assert seats >= {each.student for each in requests()}
    # What was answered to a dead process was not answered at all.
    heard = [each for each in calls if not killed - 1 < (each["answered_at"] or killed) <= killed]
    assert repeat_creates(heard, list(requests())) == 0
