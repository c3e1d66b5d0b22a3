"""The laws: what must hold at every step, whatever happens.

They look at what reaches the services, never at what the code under test says of itself. `there` is
every entry as the store holds it, learned from the writes that took effect.
"""

import re
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from datetime import timedelta

from enrollment.entry import Entry, State
from enrollment.line import may_probe
from enrollment.outcome import Outcome
from enrollment.ports import HeldBy, LineState, LineStatus, Misconfigured, Refused, Unavailable
from enrollment.reasons import Reason
from enrollment.request import EnrollmentRequest
from enrollment.review_item import letter_id
from enrollment.timing import LEASE, LINE_LOOK
from tests.simulation.final_laws import FinalLaws
from tests.simulation.hub import START
from tests.simulation.patience import Patience
from tests.simulation.school import CODE, WRONG_CODE, PlannedFault

# What holds the line, and the outage that brings it about.
FAULTS_THAT_HOLD = {
    "credentials_rejected": "key wrong",
    "api_disabled": "project off",
    "not_administrator": "role lost",
}
# With these faults nobody is told anything about a course or a person.
TOLD_TO_NOBODY_ELSE = {"credentials_rejected", "api_disabled"}
PASSING = {
    Reason.CLASSROOM_DOWN,
    Reason.NO_ANSWER,
    Reason.RATE_LIMITED,
    Reason.UNKNOWN_ANSWER,
    Reason.NO_PERMIT,
}
PRIVATE = re.compile(rf"s[0-9]+@|{CODE}|{WRONG_CODE}")
JUST_BEGUN = 30.0  # seconds; what was answered before may still be on its way


@dataclass
class Accepted:
    """What was accepted under one id, and what it may come to by what is true of the school."""

    requests: list = field(default_factory=list)
    truth: set = field(default_factory=set)
    reused: bool = False

    @property
    def corrected_twice(self):
        """Whether two people have replayed it at once, and not alike: the second is told so."""
        contents = {(each.replay, each.fingerprint) for each in self.requests if each.replay}
        return len(contents) > len({replay for replay, _ in contents})

    @property
    def corrected(self):
        return len({each.fingerprint for each in self.requests if each.replay}) > 1 or any(
            each.replay and each.fingerprint != self.requests[0].fingerprint
            for each in self.requests
        )

    @property
    def newest(self):
        return max(each.replay for each in self.requests)


class Laws:
    """Watches one run. The first broken law ends it."""

    def __init__(self, world):
        self.world = world
        self.broken = None
        self.there: dict[str, Entry] = {}
        self.updated_at, self.settled_at = {}, {}
        self.accepted = defaultdict(Accepted)
        self.set_aside = {}  # by hash, what no worker can do anything about, and why
        self.mended = set()
        self.mended_at = {}
        self.patience = Patience(self)
        self.letters_due = {}
        self.line = LineStatus()
        self.line_since = None
        self.line_written_at = float("-inf")
        self.probes = {}
        self.moved = Counter()
        self.permits = defaultdict(deque)

    def check(self, holds, law, detail=""):
        if not holds and self.broken is None:
            self.broken = f"{law}: {detail}" if detail else law
            self.world.tell("the law", f"is broken: {self.broken}")

    def accepts(self, request: EnrollmentRequest, truth):
        there = self.accepted[request.request_id]
        there.requests.append(request)
        there.truth |= truth

    def wrote(self, fibre, entry, updated_at):
        """A write to the ledger has taken effect."""
        before, was = self.there.get(entry.request_id), self.updated_at.get(entry.request_id)
        self.there[entry.request_id], self.updated_at[entry.request_id] = entry, updated_at
        name = entry.request_id
        if entry.state is State.SETTLED:
            self.settled_at.setdefault(name, self.world.hub.now)
        if before is not None and before.expire_at is not None and before.expire_at <= updated_at:
            before = None  # forgotten; the id begins a new life
        if before is not None:
            live = before.state is State.CLAIMED and updated_at < was + LEASE
            self.check(
                not live or before.claim == fibre.claim,
                "a live claim is changed only by its holder",
                f"{name}, by {fibre.name}",
            )
            lapsed = before.state is State.CLAIMED and not live
            settles = entry.state is State.SETTLED and before.state is not State.SETTLED
            self.check(
                not settles or before.claim == fibre.claim or lapsed,
                "only who holds the claim settles",
                f"{name}, by {fibre.name}",
            )
            self._lives_on(before, entry)
        self.patience.wrote(fibre, before, entry)
        if fibre.process.place == "wake" and entry.state is not State.SETTLED:
            self.moved[name] += 1
        self.check(
            entry.expire_at is None or entry.state is State.SETTLED,
            "nothing is forgotten before it is settled",
            name,
        )
        if entry.outcome is Outcome.REJECTED:
            key = letter_id(name, entry.replay, entry.fingerprint)
            self.letters_due[key] = name, entry.replay, entry.reason

    def _lives_on(self, before, entry):
        name = entry.request_id
        if before.outcome is not None and before.outcome.success:
            self.check(entry.outcome is before.outcome, "a success is final", name)
        self.check(entry.replay >= before.replay, "a replay is never undone", name)
        if before.outcome is Outcome.REJECTED and entry.outcome is None:
            asked = [each for each in self.accepted[name].requests if each.retry]
            again = any(before.settled_at < each.received_at for each in asked)
            self.check(
                entry.replay > before.replay or again,
                "a rejection is reopened only by a replay or a retry",
                name,
            )

    def calls(self, fibre, method):
        """A call to Classroom starts."""
        now = self.world.hub.now
        entry = self.there.get(fibre.request)
        holds = (
            entry is not None
            and entry.state is State.CLAIMED
            and entry.claim == fibre.claim
            and START + timedelta(seconds=now) < self.updated_at[fibre.request] + LEASE
        )
        self.check(holds, "only who holds the lease calls Classroom", f"{fibre.name}")
        self._keeps_quota(fibre.process, now)
        if self.line.state is LineState.HELD and fibre.started >= self.line_since + 5:
            self._probes(fibre, now)
        if method == "create_student":
            self.patience.asks(fibre)

    def _keeps_quota(self, process, now):
        lately = self.permits[process.name]
        lately.append(now)
        while lately[0] <= now - 60:
            lately.popleft()
        share = self.world.plan.share
        self.check(len(lately) <= share, "an instance keeps its share of the quota", process.name)

    def _probes(self, fibre, now):
        self.check(
            self.line.held_by is HeldBy.FAULT, "what an operator holds is not probed", fibre.name
        )
        self.probes[fibre] = True
        held = now - (self.line.since - START).total_seconds()
        self.check(
            len(self.probes) <= held / 60 + 0.001,
            "a held line is probed once a minute at most",
            f"{len(self.probes)} in {held:.0f} s",
        )

    def line_is(self, status, fibre):
        """A write to the line has taken effect."""
        if status.state is LineState.OPEN and fibre.process.place != "desk":
            self._opens(fibre)
        self.line_written_at = self.world.hub.now
        self.patience.line_is(status)
        if status.state is LineState.HELD and (
            self.line.state is LineState.OPEN or self.line.held_by is not status.held_by
        ):
            self.line_since, self.probes = self.world.hub.now, {}
        self.line = status

    def _opens(self, fibre):
        """Somebody else than a person opens the line."""
        self.check(
            self.line.held_by is not HeldBy.OPERATOR,
            "only a person ends an operator's hold",
            fibre.name,
        )
        lasts = self.world.lasting(FAULTS_THAT_HOLD.get(self.line.why), JUST_BEGUN)
        self.check(not lasts, "the line is not opened while its fault lasts", fibre.name)

    def wakes(self, messages):
        """`wake` sends requests again."""
        for each in messages:
            name = each.attributes["request_id"]
            self.moved[name] -= 1
            self.check(self.moved[name] >= 0, "wake sends only what it has moved ahead", name)

    def at_the_end(self):
        FinalLaws(self).check_all()

    def answered(self, fibre, answer):
        """A delivery was answered, or raised."""
        if isinstance(answer, Exception):
            planned = isinstance(answer, PlannedFault | Unavailable)
            self.check(planned, "no fault of ours", f"{fibre.name}: {answer!r}")
        if not fibre.troubled and not isinstance(answer, Exception):
            self._hold_follows(fibre)
            self._mending_is_seen(fibre)
        entry = self.there.get(fibre.request)
        left = entry is not None and entry.state is State.CLAIMED and entry.claim == fibre.claim
        excused = fibre.troubled or isinstance(answer, Exception)
        self.check(
            not left or fibre.claim is None or excused,
            "nobody leaves a claim behind that he could have settled",
            f"{fibre.name}",
        )

    def _hold_follows(self, fibre):
        faults = [when for when, heard in fibre.heard if _met_a_fault([heard])]
        held = self.line.state is LineState.HELD
        self.check(
            not faults or held or self.line_written_at >= faults[0],
            "who meets a fault of ours holds the line",
            fibre.name,
        )

    def _mending_is_seen(self, fibre):
        entry = self.there.get(fibre.request)
        if entry is None or self.line.held_by is not HeldBy.FAULT:
            return
        mode = EnrollmentRequest.model_validate_json(entry.message).mode
        told_only_to_us = self.line.why in TOLD_TO_NOBODY_ELSE and may_probe(self.line, mode)
        heard = [each for _, each in fibre.heard]
        shown = any(map(_is_about_the_request, heard)) and not _met_a_fault(heard)
        self.check(
            not (told_only_to_us and shown and fibre.started > self.line_since + 5),
            "who sees that the fault is mended opens the line",
            fibre.name,
        )

    def reads(self, where, told):
        """Somebody reads what is written for everybody."""
        self.check(not PRIVATE.search(repr(told)), "no student is named in the open", where)


def _met_a_fault(heard):
    """Whether anything that was heard is a fault of ours."""
    return any(isinstance(each, Misconfigured) for each in heard)


def _is_about_the_request(heard):
    """Whether it is an answer, or a word of Classroom's that is neither our fault nor passes by."""
    if isinstance(heard, Exception):
        return isinstance(heard, Refused | Unavailable) and heard.reason not in PASSING
    return True


assert LINE_LOOK.total_seconds() == 5
