"""decide(), whatever happens in whatever order: the laws that hold for every life of an entry."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from enrollment.entry import State, Stored
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
from enrollment.outcome import Outcome
from enrollment.request import EnrollmentRequest
from enrollment.timing import LAPSES_MOST, LEASE
from tests.builders import a_request
from tests.doubles import START

SECONDS = st.sampled_from([0, 1, 30, 89, 90, 91, 600, 86_400, 400 * 86_400])


class Life(RuleBasedStateMachine):
    """One entry, its deliveries, what its workers write, and time."""

    def __init__(self):
        super().__init__()
        self.now = START
        self.claims = 0
        self.stored = None
        self.deliver(replay=0, course="1", retry=False)

    def write(self, entry):
        version = self.stored.version + 1 if self.stored else 1
        self.stored = Stored(entry, version, self.now, self.now)

    @rule(replay=st.integers(0, 3), course=st.sampled_from(["1", "2"]), retry=st.booleans())
    def deliver(self, replay, course, retry):
        request = a_request(course_id=course, replay=replay, retry=retry, received_at=self.now)
        self.claims += 1
        arrival = Arrival(
            request=request,
            message=request.model_dump_json(),
            student_key="ada",
            claim=f"claim-{self.claims}",
        )
        if self.stored is None:
            self.write(first_claim(arrival, self.now))
            return
        verdict = decide(self.stored, arrival, self.now)
        self.check(verdict, arrival)
        if isinstance(verdict, Granted):
            self.write(verdict.entry)
        elif isinstance(verdict, Crashed):
            self.write(self.settled(verdict.entry, Outcome.REJECTED))

    def check(self, verdict, arrival):
        before, request = self.stored.entry, arrival.request
        forgotten = before.expire_at is not None and before.expire_at <= self.now
        match verdict:
            case Granted(entry):
                success = before.outcome is not None and before.outcome.success
                lease_lives = before.state is State.CLAIMED and self.lease_lives()
                assert forgotten or not success, "a success was reopened"
                assert not lease_lives, "a live claim was granted twice"
                tonights = (
                    request.retry
                    and before.outcome is Outcome.REJECTED
                    and request.fingerprint == before.fingerprint
                )
                older = request.replay < before.replay and not forgotten
                assert tonights or not older, "an older replay acted"
                assert entry.state is State.CLAIMED
                assert entry.claim == arrival.claim
                assert entry.fingerprint == request.fingerprint
                assert entry.replay == (before.replay if older else request.replay)
                assert entry.lapses <= LAPSES_MOST
            case Settled():
                assert before.state is State.SETTLED
            case Held(until):
                assert until > self.now
                assert before.state is State.CLAIMED
            case Early(until):
                assert until > self.now
                assert before.state is State.WAITING
            case Stale():
                assert request.replay < before.replay
            case Mismatch():
                assert request.replay <= before.replay
                assert request.fingerprint != before.fingerprint
            case Crashed():
                assert not self.lease_lives()

    def lease_lives(self):
        return self.now < self.stored.updated_at + LEASE

    def settled(self, entry, outcome):
        forget_at = self.now + timedelta(days=400) if outcome.success else None
        return replace(
            entry,
            state=State.SETTLED,
            outcome=outcome,
            settled_at=self.now,
            expire_at=forget_at,
            lapses=0,
        )

    @precondition(lambda self: self.stored.entry.state is State.CLAIMED)
    @rule(outcome=st.sampled_from(Outcome))
    def settle(self, outcome):
        self.write(self.settled(self.stored.entry, outcome))

    @precondition(lambda self: self.stored.entry.state is State.CLAIMED)
    @rule(seconds=SECONDS)
    def release(self, seconds):
        later = self.now + timedelta(seconds=seconds)
        self.write(replace(self.stored.entry, state=State.WAITING, not_before=later, lapses=0))

    @rule(seconds=SECONDS)
    def let_time_pass(self, seconds):
        self.now += timedelta(seconds=seconds)

    @invariant()
    def the_content_is_the_fingerprints(self):
        entry = self.stored.entry
        stored = EnrollmentRequest.model_validate_json(entry.message)
        assert (entry.fingerprint, entry.replay) == (stored.fingerprint, stored.replay)

    @invariant()
    def history_is_bounded(self):
        assert len(self.stored.entry.history) <= 25


def test_no_law_is_broken_in_any_life():
    counts = settings(stateful_step_count=25, deadline=None)

    run_state_machine_as_test(Life, settings=counts)
