"""Faults that people make in such systems: each is planted, and the laws must find it.

How a school would notice each of them is told in `planted_faults/`.
"""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from enrollment import (
    attempt,
    budget,
    claims,
    collect,
    enroll,
    ledger,
    letters,
    line,
    pace,
    results,
    returned,
    wake,
)
from enrollment.adapters.sqlite import SqliteLedger
from enrollment.claims import Claimed
from enrollment.entry import State
from enrollment.job import Answer
from enrollment.ledger import Granted, Held, Mismatch
from enrollment.outcome import Outcome
from enrollment.ports import Misconfigured, Overtaken, Refused, Unavailable
from enrollment.reasons import Reason
from enrollment.timing import REMEMBERED, WAKE_AGAIN
from enrollment.wire import as_message
from tests.simulation.planting import FAULTS, changed, planted
from tests.simulation.topic import SimulatedTopic

__all__ = ["FAULTS"]


@planted
def settles_without_the_owed_mark(_world):
    def rejection(_old, self, claimed, entry, refusal, job):
        now = claimed.time.now()
        said = refusal.reason, refusal.detail, now
        settled = results._settled(entry, Outcome.REJECTED, *said, wake_at=None)
        stored = self.claims.write(claimed.stored, settled, job.deadline)
        self._send_owed(stored, now, job.deadline)
        return Answer(acknowledge=True, what="rejected", reason=refusal.reason)

    with changed((results.Results, "rejection", rejection)):
        yield


@planted
def sends_the_letter_before_it_settles(_world):
    def rejection(old, self, claimed, entry, *rest):
        refusal, job = rest
        now = claimed.time.now()
        settled = results._settled(entry, Outcome.REJECTED, refusal.reason, refusal.detail, now)
        self.letters.topic.publish([letters._letter_of(settled)], job.deadline)
        return old(self, claimed, entry, *rest)

    with changed((results.Results, "rejection", rejection)):
        yield


@planted
def writes_whatever_has_been_written_since(_world):
    def update(old, self, seen, entry, deadline):
        newest = self.get(entry.request_id, deadline)
        return old(self, replace(seen, version=newest.version), entry, deadline)

    with changed((SqliteLedger, "update", update)):
        yield


@planted
def acknowledges_before_it_works(_world):
    with changed((SimulatedTopic, "begun", lambda _, __, push: push.close(acknowledged=True))):
        yield


@planted
def acknowledges_whatever_happened(_world):
    def handle(old, self, delivery):
        return replace(old(self, delivery), acknowledge=True)

    with changed((enroll.Enroller, "handle", handle)):
        yield


@planted
def wake_sends_without_its_precondition(_world):
    def move(_old, self, stored, time, deadline, _woken):
        later = replace(stored.entry, wake_at=time.now() + WAKE_AGAIN)
        with suppress(Overtaken):
            self.claims.ledger.update(stored, later, deadline)
        return [as_message(later.message, wake._request(later))]

    with changed((wake.Waker, "_move", move)):
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
def counts_72_hours_from_first_sight(_world):
    def blamed(old, self, entry, trouble):
        if entry.first_failed_at is None:
            entry = replace(entry, first_failed_at=entry.first_seen_at)
        return old(self, entry, trouble)

    with changed((budget.Budget, "_blamed", blamed)):
        yield


@planted
def counts_the_time_that_the_line_was_held(_world):
    def failing_for(_old, self, entry):
        return self.now - entry.first_failed_at

    with changed((budget.Budget, "_failing_for", failing_for)):
        yield


@planted
def probes_what_an_operator_holds(_world):
    def due(_old, status, now):
        return status.next_probe is None or status.next_probe <= now

    with changed((line, "probe_due", due), (wake, "probe_due", due), (enroll, "probe_due", due)):
        yield


@planted
def everybody_probes_when_a_probe_is_due(_world):
    def take_probe(_old, self, deadline):
        seen = self._fresh(deadline)
        return line.probe_due(seen.status, seen.read_at)

    with changed((line.LineKeeper, "take_probe", take_probe)):
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
def gives_permits_back_with_the_answer(_world):
    def window_free_at(_old, _self, now):
        return now

    def answer(_old, self, permit, _now):
        self._out.remove(permit)
        self._free_at = self.clock.monotonic()

    with changed((pace.Pace, "_window_free_at", window_free_at), (pace.Pace, "_answer", answer)):
        yield


@planted
def believes_its_own_clock(world):
    def decide(old, stored, arrival, now):
        offset = world.hub.current.process.offset
        return old(stored, arrival, now + timedelta(seconds=offset))

    with changed((claims, "decide", decide)):
        yield


@planted
def leaves_the_letter_open_after_a_success(_world):
    def success(old, self, claimed, outcome, job):
        entry = replace(claimed.stored.entry, letter=None)
        stored = replace(claimed.stored, entry=entry)
        return old(self, Claimed(stored, claimed.time), outcome, job)

    with changed((results.Results, "success", success)):
        yield


@planted
def files_a_letter_without_looking_at_the_ledger(_world):
    def as_it_is(_old, _self, there, _new, _entry):
        return there

    with changed((collect.Collector, "_as_it_is", as_it_is)):
        yield


@planted
def closes_every_letter_of_the_id(_world):
    with patch.object(letters, "is_of", lambda *_: True):
        yield


@planted
def takes_a_lost_answer_for_a_success(_world):
    def run(old, self):
        try:
            return old(self)
        except Unavailable as trouble:
            if trouble.answer_lost:
                return Outcome.ENROLLED
            raise

    with changed((attempt.Attempt, "run", run)):
        yield


@planted
def takes_every_conflict_for_a_student(_world):
    def who(_old, self):
        return Outcome.ENROLLED if self.entry.answer_lost else Outcome.ALREADY_ENROLLED

    with changed((attempt.Attempt, "_who_is_there", who)):
        yield


@planted
def forgets_that_an_answer_was_lost(_world):
    def who(old, self):
        object.__setattr__(self.entry, "answer_lost", False)
        return old(self)

    with changed((attempt.Attempt, "_who_is_there", who)):
        yield


@planted
def believes_the_first_404(_world):
    def not_found(_old, _self):
        return Refused(Reason.STUDENT_UNKNOWN)

    with changed((attempt.Attempt, "_not_found", not_found)):
        yield


@planted
def blames_the_course_for_a_bare_403(_world):
    def forbidden(_old, _self):
        return Refused(Reason.COURSE_NOT_PERMITTED)

    with changed((attempt.Attempt, "_forbidden", forbidden)):
        yield


@planted
def rejects_the_school_for_a_wrong_key(_world):
    def run(old, self):
        try:
            return old(self)
        except Misconfigured as trouble:
            raise Refused(trouble.reason) from None

    with changed((attempt.Attempt, "run", run)):
        yield


@planted
def blames_who_was_there_when_a_process_ended(_world):
    def is_there(_old, self):
        if self.entry.lapses >= 2:
            raise Refused(Reason.CRASHED)
        return False

    with (
        patch.object(attempt, "LAPSES", 1),
        changed((attempt.Attempt, "_is_there_after_crashes", is_there)),
    ):
        yield


@planted
def drops_what_it_cannot_read(_world):
    def set_aside(_old, _self, _delivery, trouble, _deadline):
        return Answer(acknowledge=True, what="dropped", reason=trouble.reason)

    with changed((enroll.Enroller, "_set_aside", set_aside)):
        yield


@planted
def drops_an_id_that_is_used_twice(_world):
    def not_granted(old, self, claiming, job):
        if isinstance(claiming, Mismatch):
            return Answer(acknowledge=True, what="duplicate")
        return old(self, claiming, job)

    with changed((enroll.Enroller, "_not_granted", not_granted)):
        yield


@planted
def drops_what_pubsub_gave_up(_world):
    def take_back(_old, _self, _delivery):
        return "dropped"

    with changed((returned.Returns, "take_back", take_back)):
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
