"""The laws about the line: who holds it, probes it and opens it, and when."""

from datetime import timedelta

from enrollment.entry import State
from enrollment.line import can_show
from enrollment.ports import (
    CreateAnswer,
    HeldBy,
    LineState,
    LineStatus,
    Misconfigured,
    Refused,
    Unavailable,
)
from enrollment.reasons import Reason
from enrollment.request import EnrollmentRequest
from enrollment.timing import LINE_LOOK
from tests.simulation.hub import START

# What holds the line, and the outage that brings it about.
FAULTS_THAT_HOLD = {
    "credentials_rejected": "key wrong",
    "api_disabled": "project off",
    "not_administrator": "role lost",
}
# With these faults nobody is told anything about a course or a person.
TOLD_TO_NOBODY_ELSE = {"credentials_rejected", "api_disabled"}
SHOWS_NOTHING = {
    Reason.NOT_PERMITTED,  # which may be the next fault
    Reason.STUDENT_ACCESS,  # of a token: Classroom was not reached
    Reason.CLASSROOM_DOWN,
    Reason.NO_ANSWER,
    Reason.RATE_LIMITED,
    Reason.UNKNOWN_ANSWER,
    Reason.NO_PERMIT,
}
JUST_BEGUN = 30.0  # seconds; what was answered before may still be on its way
LOOK = LINE_LOOK.total_seconds()
TICKS = 40  # of the scheduler; any of them may meet trouble, or what ends its process


class LineLaws:
    """Watches the line. `status` is how the store holds it."""

    def __init__(self, laws):
        self._laws, self._world, self._check = laws, laws.world, laws.check
        self.status = LineStatus()
        self._held_since = None
        self._written_at = float("-inf")
        self._probes = {}
        self._held_for_nothing = 0

    def is_now(self, status, fibre):
        """A write to the line has taken effect."""
        now, was = self._world.hub.now, self.status
        if status.state is LineState.OPEN and fibre.process.place != "desk":
            self._opens(fibre)
        if status.held_by is not HeldBy.FAULT:
            self._held_for_nothing = 0
        if status.state is LineState.HELD and was.held_by is not status.held_by:
            self._held_since, self._probes = now, {}
        self.status, self._written_at = status, now

    def asks(self, fibre):
        """Somebody asks Classroom something."""
        if self.status.state is not LineState.HELD or fibre.started < self._held_since + LOOK:
            return
        self._check(
            self.status.held_by is HeldBy.FAULT, "what an operator holds is not probed", fibre.name
        )
        self._probes[fibre] = True
        held = self._world.hub.now - (self.status.since - START).total_seconds()
        self._check(
            len(self._probes) <= held / 60 + 0.001,
            "a held line is probed once a minute at most",
            f"{len(self._probes)} in {held:.0f} s",
        )

    def answered(self, fibre):
        """A delivery that met no trouble was answered."""
        heard = [each for _, each in fibre.heard]
        faults = [when for when, each in fibre.heard if isinstance(each, Misconfigured)]
        held = self.status.state is LineState.HELD
        self._check(
            not faults or held or self._written_at >= faults[0],
            "who meets a fault of ours holds the line",
            fibre.name,
        )
        if not faults and any(map(_is_about_the_request, heard)):
            self._sees_that_it_is_mended(fibre)

    def ticks(self):
        """`wake` is called, and can work."""
        if self.status.held_by is not HeldBy.FAULT or self._world.faults_now():
            return
        if any(self._could_show(each) for each in self._laws.there.values()):
            self._held_for_nothing += 1
        self._check(
            self._held_for_nothing <= TICKS,
            "a mended line is opened soon if anything waits",
            f"after {self._held_for_nothing} minutes",
        )

    def _opens(self, fibre):
        """Somebody else than a person opens the line."""
        self._check(
            self.status.held_by is not HeldBy.OPERATOR,
            "only a person ends an operator's hold",
            fibre.name,
        )
        lasts = self._world.lasting(FAULTS_THAT_HOLD.get(self.status.why), JUST_BEGUN)
        self._check(not lasts, "the line is not opened while its fault lasts", fibre.name)

    def _sees_that_it_is_mended(self, fibre):
        entry = self._laws.there.get(fibre.request)
        if entry is None or self.status.held_by is not HeldBy.FAULT:
            return
        only_to_us = self.status.why in TOLD_TO_NOBODY_ELSE and self._may_show(entry)
        self._check(
            not only_to_us or fibre.started <= self._held_since + LOOK,
            "who sees that the fault is mended opens the line",
            fibre.name,
        )

    def _could_show(self, entry):
        """Whether it is due, and would show that the line is mended."""
        now = START + timedelta(seconds=self._world.hub.now)
        if entry.state is not State.WAITING or entry.wake_at > now:
            return False
        if entry.last_reason is Reason.INTERNAL_ERROR:
            return False  # it ends before it is answered
        if self.status.why == Reason.NOT_ADMINISTRATOR:
            return False  # who is refused for a reason of his own says nothing of the role
        return self._may_show(entry)

    def _may_show(self, entry):
        return can_show(self.status, EnrollmentRequest.model_validate_json(entry.message).mode)


def _is_about_the_request(heard):
    """Whether it is an answer, or a word of Classroom's that is neither our fault nor passes by."""
    if isinstance(heard, Exception):
        return isinstance(heard, Refused | Unavailable) and heard.reason not in SHOWS_NOTHING
    return heard is not CreateAnswer.FORBIDDEN  # which may be the next fault
