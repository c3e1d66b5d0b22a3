"""Faults in letters, and the review that they come to."""

from contextlib import suppress
from dataclasses import replace
from unittest.mock import patch

from enrollment import attempt, collect, journal, letters, results, review
from enrollment.claims import Claimed
from enrollment.entry import State
from enrollment.job import Answer
from enrollment.outcome import Outcome
from enrollment.ports import Overtaken, Refused
from enrollment.timing import REMEMBERED
from tests.simulation.planted.planting import changed, planted


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
def files_every_letter_as_a_new_one(world):
    with changed((collect, "_identity", lambda *_: f"letter-{world.chance.random()}")):
        yield


@planted
def says_nothing_of_a_success_after_a_letter(_world):
    def success(old, self, claimed, outcome, job):
        now = claimed.time.now()
        settled = results._settled(claimed.stored.entry, outcome, None, "", now, wake_at=None)
        self.claims.write(claimed.stored, settled, job.deadline)
        return Answer(acknowledge=True, what=outcome.value)

    with changed((results.Results, "success", success)):
        yield


@planted
def forgets_while_another_letter_is_open(_world):
    def let_expire(_old, item, _reviews, there, now, deadline):
        seen = there.get(item.request_id, deadline)
        if seen is not None and seen.entry.state is State.SETTLED and not seen.entry.expire_at:
            with suppress(Overtaken):
                there.update(seen, replace(seen.entry, expire_at=now + REMEMBERED), deadline)

    with changed((review, "let_expire", let_expire), (collect, "let_expire", let_expire)):
        yield


@planted
def names_the_student_in_the_letter(_world):
    def run(old, self):
        try:
            return old(self)
        except Refused as refused:
            raise Refused(refused.reason, f"{self.request.student} was refused") from None

    with changed((attempt.Attempt, "run", run)):
        yield


@planted
def writes_the_code_into_the_log(_world):
    def about(_old, line, request, _student_key):
        line.request_id, line.source = request.request_id, request.enrollment_code

    with changed((journal.Line, "about", about)):
        yield
