"""Faults in messages, and what is answered to them."""

from dataclasses import replace

from enrollment import enroll, results, returned
from enrollment.entry import Letter
from enrollment.job import Answer
from enrollment.ledger import Mismatch
from enrollment.outcome import Outcome
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from enrollment.wire import Unreadable
from tests.simulation.planted.planting import changed, planted, planted_against
from tests.simulation.topic import SimulatedTopic


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
def drops_what_has_no_id(_world):
    def set_aside(old, self, delivery, trouble, deadline):
        if trouble.request_id is None:
            return Answer(acknowledge=True, what="dropped", reason=trouble.reason)
        return old(self, delivery, trouble, deadline)

    with changed((enroll.Enroller, "_set_aside", set_aside)):
        yield


@planted_against("no review item is about nothing")
def sets_aside_what_it_cannot_remember_just_now(_world):
    def admit(old, self, job):
        try:
            return old(self, job)
        except Unavailable as trouble:
            if trouble.reason is not Reason.LEDGER_DOWN:
                raise
            given_up = Unreadable(Reason.EXHAUSTED, "", job.request.request_id)
            return self._set_aside(job.delivery, given_up, job.deadline)

    with changed((enroll.Enroller, "_admit", admit)):
        yield


@planted
def takes_back_by_its_own_clock(_world):
    def take_back(old, self, delivery, request, _now, deadline):
        return old(self, delivery, request, self.clock.now(), deadline)

    with changed((returned.Returns, "_take_back", take_back)):
        yield


@planted
def rejects_what_pubsub_gave_up(_world):
    def count(_old, self, seen, delivery, deadline):
        said = Outcome.REJECTED, Reason.GIVEN_BACK, "", seen.read_at
        rejected = results._settled(seen.entry, *said, letter=Letter.SENT)
        self.claims.ledger.update(seen, rejected, deadline)
        given_back = Unreadable(Reason.GIVEN_BACK, "", seen.entry.request_id)
        return self._file(delivery, given_back, deadline)

    with changed((returned.Returns, "_count", count)):
        yield
