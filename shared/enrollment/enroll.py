"""The use-case that matters: one delivery in, one enrollment at most, and an honest answer."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from enrollment.attempt import Attempt
from enrollment.claims import Claimed, Claiming, LostClaim, SetAside, unchanged
from enrollment.clock import Clock, Deadline
from enrollment.entry import Entry
from enrollment.job import Answer, Job
from enrollment.journal import Line
from enrollment.ledger import Arrival, Early, Held, Mismatch, Settled, Stale
from enrollment.line import TOLD_TO_ANYBODY, can_show, may_probe, shows_access
from enrollment.outcome import Outcome
from enrollment.pace import Pace, Permit
from enrollment.policy import Policy
from enrollment.ports import (
    Classroom,
    HeldBy,
    LineState,
    Misconfigured,
    Refused,
    Unavailable,
)
from enrollment.reasons import Reason
from enrollment.request import EnrollmentRequest, student_key
from enrollment.results import Results, parked
from enrollment.timing import HELD_AGAIN, PERMIT_LIMIT
from enrollment.wire import Delivery, Unreadable, decode
from enrollment.witness import Witness


@dataclass(frozen=True, kw_only=True)
class Enroller:
    """Handles deliveries from `enrollment-requests`. Thread-safe; one an instance."""

    classroom: Classroom
    results: Results
    pace: Pace
    clock: Clock
    policy: Policy
    pseudonym_key: bytes = field(repr=False)
    new_claim: Callable[[], str]
    witness: Witness = field(default_factory=Witness)

    def handle(self, delivery: Delivery) -> Answer:
        """Do what the delivery asks, once. Raises only what is a fault of ours."""
        started = self.clock.monotonic()
        line = Line(delivery=delivery.number, trace=delivery.trace)
        try:
            answer = self._answer(delivery, line)
            line.answer(answer.what, answer.reason, answer.attempt, answer.calls)
            line.acknowledged = answer.acknowledge
        except Exception as fault:
            line.fault(fault)
            raise
        finally:
            line.milliseconds = round((self.clock.monotonic() - started) * 1000)
            self.results.journal.record(line)
        return answer

    def _answer(self, delivery: Delivery, line: Line) -> Answer:
        deadline = delivery.deadline or Deadline.starting_now(self.clock)
        try:
            request = decode(delivery.body)
            student = student_key(self.pseudonym_key, request.student)
            line.about(request, student)
            job = self._job(request, student, delivery, deadline)
            self.results.claims.check_age(request, job.line_time.now(), deadline)
            return self._admit(job)
        except Unreadable as trouble:
            return self._set_aside(delivery, trouble, deadline)
        except Unavailable as trouble:
            due = self.clock.now() + trouble.retry_after if trouble.retry_after else None
            return Answer(acknowledge=False, what="not now", reason=trouble.reason, due=due)
        except LostClaim:
            return Answer(acknowledge=False, what="claim lost")

    def _job(
        self, request: EnrollmentRequest, student: str, delivery: Delivery, deadline: Deadline
    ) -> Job:
        seen, time = self.results.line.look_now(deadline)
        return Job(
            delivery=delivery,
            arrival=Arrival(
                request=request,
                message=delivery.body.decode(),
                student_key=student,
                claim=self.new_claim(),
            ),
            deadline=deadline,
            line=seen,
            line_time=time,
        )

    def _set_aside(self, delivery: Delivery, trouble: Unreadable, deadline: Deadline) -> Answer:
        try:
            self.results.letters.set_aside(delivery.body, trouble.label(delivery), deadline)
        except Unavailable as down:
            return Answer(acknowledge=False, what="not now", reason=down.reason)
        return Answer(acknowledge=True, what="set aside", reason=trouble.reason)

    def _admit(self, job: Job) -> Answer:
        held = job.line.status.state is LineState.HELD
        probing = held and self._is_probe(job)
        if held and not probing:
            return self._park(job, Reason.LINE_HELD)
        try:
            permit = self.pace.take(job.deadline.within(PERMIT_LIMIT))
        except Unavailable as trouble:
            if probing:
                self._give_back_probe(job)
            if job.too_often:
                return self._park(job, trouble.reason)
            raise
        try:
            now = job.line_time.now()
            claiming = self.results.claims.claim(job.arrival, job.deadline, unchanged, now)
        except BaseException:
            self.pace.give_back(permit)
            raise
        if isinstance(claiming, Claimed):
            return self._work(claiming, job, permit)
        self.pace.give_back(permit)
        if probing:  # a duplicate shows nothing
            self._give_back_probe(job)
        return self._not_granted(claiming, job)

    def _is_probe(self, job: Job) -> bool:
        line = job.line.status
        may = may_probe(line, job.request.mode, job.line_time.now())
        return may and self.results.line.take_probe(job.deadline)

    def _give_back_probe(self, job: Job) -> None:
        with suppress(Unavailable):  # the next minute brings another
            self.results.line.give_back_probe(job.deadline)

    def _park(self, job: Job, reason: Reason) -> Answer:
        """Remember the request; `wake` sends it again when the line is open and there is room."""

        def as_parked(entry: Entry) -> Entry:
            return parked(entry, job.line_time.now(), reason)

        now = job.line_time.now()
        claiming = self.results.claims.claim(job.arrival, job.deadline, as_parked, now)
        match claiming:
            case Claimed() | Early():
                return Answer(acknowledge=True, what="parked", reason=reason)
            case _:
                return self._not_granted(claiming, job)

    def _not_granted(self, claiming: Claiming, job: Job) -> Answer:
        match claiming:
            case Settled(entry):
                return Answer(acknowledge=True, what="duplicate", reason=entry.reason)
            case Stale():
                return Answer(acknowledge=True, what="stale")
            case Held(until, remembered):
                now = job.line_time.now()  # most are done long before their lease ends
                answer = job.due(min(until, now + HELD_AGAIN), now, "held")
                # Acknowledged, a newer replay would exist nowhere.
                return answer if remembered else replace(answer, acknowledge=False)
            case Early(until):
                soon = self.results.waits.soon
                return job.due(until, job.line_time.now(), "early", soon=soon)
            case Mismatch():
                fault = "the id belongs to a request for another course, student or mode"
                reused = Unreadable(Reason.ID_REUSED, fault, job.request.request_id)
                return self._set_aside(job.delivery, reused, job.deadline)
            case SetAside(stored, entry, time):
                crashed = replace(entry, claim=job.arrival.claim)
                refusal = Refused(Reason.CRASHED)
                return self.results.rejection(Claimed(stored, time), crashed, refusal, job)
            case Claimed():
                raise AssertionError(claiming)

    def _work(self, claimed: Claimed, job: Job, permit: Permit) -> Answer:
        attempt = self._attempt(claimed, job, permit)
        try:
            answer = self._result(attempt, claimed, job)
        except (Unavailable, LostClaim):
            raise
        except Exception as fault:
            self._release(claimed, fault, job, exists=attempt.exists)
            raise
        return replace(answer, attempt=claimed.stored.entry.attempt, calls=attempt.calls)

    def _attempt(self, claimed: Claimed, job: Job, permit: Permit) -> Attempt:
        return Attempt(
            classroom=self.classroom,
            pace=self.pace,
            witness=self.witness,
            policy=self.policy,
            waits=self.results.waits,
            request=job.request,
            entry=claimed.stored.entry,
            time=claimed.time,
            deadline=job.deadline,
            permit=permit,
        )

    def _result(self, attempt: Attempt, claimed: Claimed, job: Job) -> Answer:
        """Make the attempt; each of the three kinds of trouble is a result."""
        outcome: Outcome | Refused | Unavailable | Misconfigured
        try:
            outcome = attempt.run()
        except (Refused, Unavailable, Misconfigured) as trouble:
            outcome = trouble
        match outcome:
            case Outcome():
                self._mended(job)
                return self.results.success(claimed, outcome, job)
            case Refused():
                shown = shows_access(job.line.status, outcome.reason, answered=attempt.answered)
                if outcome.reason not in TOLD_TO_ANYBODY or shown:
                    self._mended(job)
                return self.results.rejection(claimed, claimed.stored.entry, outcome, job)
            case Unavailable():
                if shows_access(job.line.status, outcome.reason, answered=attempt.answered):
                    self._mended(job)
                return self.results.wait(claimed, outcome, job, exists=attempt.exists)
            case Misconfigured():
                return self.results.hold(
                    claimed,
                    outcome,
                    job,
                    exists=attempt.exists,
                    suspects=self.witness.refused,
                )

    def _mended(self, job: Job) -> None:
        """Classroom gave a verdict: if a fault held the line, it is mended."""
        line = job.line.status
        if line.held_by is HeldBy.FAULT and can_show(line, job.request.mode):
            with suppress(Unavailable):  # the next probe opens it; this result must be written
                self.results.line.reopen(line, job.deadline)

    def _release(self, claimed: Claimed, fault: Exception, job: Job, *, exists: bool) -> None:
        """A fault of ours: put it back, counted, so that it ends in review and not in a circle."""
        trouble = Unavailable(Reason.INTERNAL_ERROR, type(fault).__name__)
        try:
            self.results.wait(claimed, trouble, job, exists=exists)
        except (Unavailable, LostClaim):
            return  # the lease lapses instead
