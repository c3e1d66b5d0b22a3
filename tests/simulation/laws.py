"""The laws: what must hold at every step, whatever happens.

They look at what reaches the services, never at what the code under test says of itself. `there` is
every entry as the store holds it, learned from the writes that took effect.
"""

import re
from collections import Counter, defaultdict, deque
from dataclasses import dataclass, field
from datetime import timedelta

from enrollment.entry import Entry, State
from enrollment.outcome import Outcome
from enrollment.ports import Unavailable
from enrollment.request import EnrollmentRequest
from enrollment.review_item import letter_id
from enrollment.timing import LEASE
from tests.simulation.final_laws import FinalLaws
from tests.simulation.hub import START
from tests.simulation.line_laws import LineLaws
from tests.simulation.patience import Patience
from tests.simulation.school import CODE, WRONG_CODE, PlannedFault

PRIVATE = re.compile(rf"\bs[0-9]+@|\b({CODE}|{WRONG_CODE})\b")


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
        self.lapses = Counter()  # of the claims of a request
        self.patience = Patience(self)
        self.letters_due = {}
        self.line = LineLaws(self)
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
            self.lapses[name] += lapsed
            settles = entry.state is State.SETTLED and before.state is not State.SETTLED
            self.check(
                not settles or before.claim == fibre.claim or lapsed,
                "only who holds the claim settles",
                f"{name}, by {fibre.name}",
            )
            self._lives_on(before, entry)
        self.patience.wrote(fibre, before, entry)
        if fibre.process.place == "collect" and entry.claim == fibre.claim:
            due = entry.wake_at - START <= timedelta(seconds=self.world.hub.now)
            self.check(due, "what is taken back is due at once", name)
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
        self.line.asks(fibre)
        if method == "create_student":
            self.patience.asks(fibre)

    def _keeps_quota(self, process, now):
        lately = self.permits[process.name]
        lately.append(now)
        while lately[0] <= now - 60:
            lately.popleft()
        share = self.world.plan.share
        self.check(len(lately) <= share, "an instance keeps its share of the quota", process.name)

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
            self.line.answered(fibre)
        entry = self.there.get(fibre.request)
        left = entry is not None and entry.state is State.CLAIMED and entry.claim == fibre.claim
        excused = fibre.troubled or isinstance(answer, Exception)
        self.check(
            not left or fibre.claim is None or excused,
            "nobody leaves a claim behind that he could have settled",
            f"{fibre.name}",
        )

    def reads(self, where, told):
        """Somebody reads what is written for everybody."""
        self.check(not PRIVATE.search(repr(told)), "no student is named in the open", where)
