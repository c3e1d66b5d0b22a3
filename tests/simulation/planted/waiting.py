"""Faults in when something is tried, and the line."""

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from unittest.mock import patch

from enrollment import budget, enroll, line, pace, wake
from enrollment.ports import Overtaken
from enrollment.timing import WAKE_AGAIN
from enrollment.wire import as_message
from tests.simulation.planted.planting import changed, planted


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

    with changed((line, "probe_due", due), (wake, "probe_due", due)):
        yield


@planted
def everybody_probes_when_a_probe_is_due(_world):
    def take_probe(_old, self, deadline):
        seen = self._fresh(deadline)
        return line.probe_due(seen.status, seen.read_at)

    with changed((line.LineKeeper, "take_probe", take_probe)):
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
def never_holds_the_line(_world):
    with changed((line.LineKeeper, "hold_for_fault", lambda *_: False)):
        yield


@planted
def opens_what_an_operator_holds(_world):
    def mended(_old, self, job):
        keeper = self.results.line
        seen = keeper._fresh(job.deadline)
        if seen.status.held_by is not None:
            keeper._write(seen, line.opened(seen.status, seen.read_at), job.deadline)

    with changed((enroll.Enroller, "_mended", mended)):
        yield


@planted
def never_sends_a_probe(_world):
    with changed((wake.Waker, "_send_probe", lambda *_: None)):
        yield


@planted
def opens_the_line_whatever_is_answered(_world):
    with patch.object(enroll, "shows_access", lambda *_, **__: True):
        yield


@planted
def opens_the_line_only_for_a_verdict(_world):
    with patch.object(enroll, "shows_access", lambda *_, **__: False):
        yield


@planted
def waits_not_at_all_between_two_tries(_world):
    with changed((budget.Budget, "_delay", lambda *_: timedelta(0))):
        yield


@planted
def keeps_a_permit_that_it_does_not_use(_world):
    with changed((pace.Pace, "give_back", lambda *_: None)):
        yield
