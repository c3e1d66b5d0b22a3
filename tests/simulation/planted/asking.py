"""Faults in what Classroom is asked, and what its answers mean."""

from dataclasses import replace
from unittest.mock import patch

from enrollment import attempt, budget
from enrollment.outcome import Outcome
from enrollment.ports import Misconfigured, Refused, Seat, Unavailable
from enrollment.reasons import Reason
from tests.simulation.planted.planting import changed, planted, planted_against


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
def refuses_a_course_because_another_worked_in_between(_world):
    with changed((attempt.Attempt, "_is_open_to_us", lambda *_: True)):
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
        if self.entry.lapses >= 2 and not self._call(self.classroom.is_student):
            raise Refused(Reason.CRASHED)
        return False

    with (
        patch.object(attempt, "LAPSES", 1),
        changed((attempt.Attempt, "_is_there_after_crashes", is_there)),
    ):
        yield


@planted
def takes_a_lapsed_claim_for_a_success(_world):
    def run(old, self):
        return Outcome.ENROLLED if self.entry.lapses else old(self)

    with changed((attempt.Attempt, "run", run)):
        yield


@planted
def takes_an_invitation_for_sent(_world):
    with changed((attempt.Attempt, "_invite", lambda _old, _self: Outcome.INVITED)):
        yield


@planted_against("nobody is refused for what has been mended")
def remembers_that_a_course_is_missing(_world):
    missing = set()

    def not_found(old, self):
        trouble = old(self)
        if trouble.reason is Reason.COURSE_UNKNOWN:
            missing.add(self.request.course_id)
        return trouble

    def run(old, self):
        if self.request.course_id in missing:
            permit, self.permit = self.permit, None
            self.pace.give_back(permit)
            raise Refused(Reason.COURSE_UNKNOWN)
        return old(self)

    with changed((attempt.Attempt, "_not_found", not_found), (attempt.Attempt, "run", run)):
        yield


@planted_against("nobody is in a course for which nobody asked")
def shares_one_seat_among_its_deliveries(_world):
    shared = {}

    def run(old, self):
        shared["course"] = self.request.course_id
        return old(self)

    def seat(self):
        return Seat(course_id=shared["course"], student=self.request.student)

    with (
        changed((attempt.Attempt, "run", run)),
        patch.object(attempt.Attempt, "seat", property(seat)),
    ):
        yield


@planted
def forgets_that_classroom_said_it_exists(_world):
    def spend(old, self, entry, trouble):
        return old(self, replace(entry, exists=False), trouble)

    with changed((budget.Budget, "spend", spend)):
        yield
