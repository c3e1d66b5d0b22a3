"""A port as one process uses it: every call is a step, and between two steps anything may happen.

A call travels to its service, takes effect there at one moment, and its answer travels back.
Trouble strikes before the effect, after it, or both.
"""

from functools import partial
from types import MappingProxyType

from enrollment.clock import Deadline
from enrollment.ports import (
    AlreadyExists,
    CreateAnswer,
    Misconfigured,
    Overtaken,
    Trouble,
    Unavailable,
)
from enrollment.reasons import Reason
from enrollment.timing import CLASSROOM_LIMIT, LEDGER_LIMIT, PUBLISH_LIMIT
from tests.simulation.hub import Dead
from tests.simulation.school import PlannedFault

# What Google answers at once, whatever was asked; nothing takes effect.
ANSWERS = {
    "503": lambda: Unavailable(Reason.CLASSROOM_DOWN),
    "429": lambda: Unavailable(Reason.RATE_LIMITED),
    "aborted": lambda: Unavailable(Reason.CLASSROOM_DOWN),
    "unknown answer": lambda: Unavailable(Reason.UNKNOWN_ANSWER),
    "401": lambda: Misconfigured(Reason.CREDENTIALS_REJECTED),
}
# Whoever meets these may be unable to finish; a lost reply alone is no excuse.
DELAYING = {"refused", "answer lost", "late", "slow", "freezes"}
NOT_TAKEN = (AlreadyExists, Overtaken, Trouble, PlannedFault)


class Port:
    """One port of one process. `effect(fibre, method, arguments)` is what the service does."""

    away = None  # the outage that its service may have
    seconds = 0.004  # that a call travels each way
    limit = LEDGER_LIMIT.total_seconds()
    reason = Reason.LEDGER_DOWN

    def __init__(self, world, process, name, effect):
        self.world, self.process, self.name, self.effect = world, process, name, effect

    def __getattr__(self, method):
        if method.startswith("_"):
            raise AttributeError(method)
        call = partial(self._step, method)
        setattr(self, method, call)
        return call

    def _step(self, method, *arguments):
        world, fibre = self.world, self.world.hub.current
        if self.process.dead:
            raise Dead
        point = f"{self.name}.{method}"
        trouble = world.trouble_at(point)
        if self.patience(arguments) <= 0:
            raise Unavailable(self.reason, "no time is left")
        self.starts(fibre, method, arguments)
        if trouble is None:
            what, seconds = self.usual()
        else:
            what, seconds = trouble.what, trouble.seconds
            world.tell(fibre.process.name, f"{point} ({fibre.name}): {what}", seconds)
        fibre.troubled |= what in DELAYING
        if what == "401" and arguments[0].enrollment_code:
            what = None  # it would be the student's own access, and no passing trouble
        handle = self._troubles.get(what)
        if handle is None:
            return self.answers(what, method, arguments, fibre)
        return handle(self, fibre, method, arguments, seconds)

    def usual(self):
        """What a step meets if nothing is planned for it alone: an outage, or nothing."""
        return ("refused" if self.world.away_until(self.away) else None), 0.0

    def starts(self, fibre, method, arguments):
        """A call begins."""

    def patience(self, arguments):
        """Seconds until whoever calls gives up."""
        (deadline,) = (each for each in arguments if isinstance(each, Deadline))
        return min(self.limit, deadline.remaining())

    def unavailable(self, *, lost=False):
        """What the caller hears when no answer comes."""
        del lost
        return Unavailable(self.reason, "planned")

    def answers(self, what, method, arguments, fibre):
        """A service that gives an answer of its own."""
        raise NotImplementedError(what)

    def _plain(self, fibre, method, arguments, _seconds=0.0):
        fibre.sleep(self.world.jitter(self.seconds))
        try:
            answer = self.effect(fibre, method, arguments)
        except Dead:
            self.world.kill(self.process, f"{self.name}.{method} ends it")
            raise
        except Exception:
            fibre.sleep(self.world.jitter(self.seconds))
            raise
        fibre.sleep(self.world.jitter(self.seconds))
        return answer

    def _taken(self, fibre, method, arguments):
        """It takes effect, if it may; nobody hears the answer."""
        try:
            self.effect(fibre, method, arguments)
        except NOT_TAKEN:
            return
        except Dead:
            self.world.kill(self.process, f"{self.name}.{method} ends it")

    def _slow(self, fibre, method, arguments, seconds):
        fibre.sleep(min(seconds, self.patience(arguments) - 0.1))
        return self._plain(fibre, method, arguments)

    def _refused(self, fibre, _method, arguments, _seconds):
        fibre.sleep(min(self.world.jitter(0.5), self.patience(arguments)))
        raise self.unavailable()

    def _reply_lost(self, fibre, method, arguments, _seconds):
        """The client asks again by itself, as Google's do."""
        fibre.sleep(self.world.jitter(self.seconds))
        self._taken(fibre, method, arguments)
        fibre.sleep(self.world.jitter(self.seconds))
        return self._plain(fibre, method, arguments)

    def _answer_lost(self, fibre, method, arguments, _seconds):
        patience = self.patience(arguments)
        fibre.sleep(self.world.jitter(self.seconds))
        self._taken(fibre, method, arguments)
        fibre.sleep(patience)
        raise self.unavailable(lost=True)

    def _late(self, fibre, method, arguments, seconds):
        """It arrives when nobody waits for it any more."""
        hub = self.world.hub
        hub.at(hub.now + seconds, self._taken, fibre, method, arguments)
        fibre.sleep(self.patience(arguments))
        raise self.unavailable(lost=True)

    def _dies_before(self, _fibre, method, _arguments, _seconds):
        self.world.kill(self.process, f"before {self.name}.{method}")
        raise Dead

    def _dies_after(self, fibre, method, arguments, _seconds):
        fibre.sleep(self.world.jitter(self.seconds))
        self._taken(fibre, method, arguments)
        self.world.kill(self.process, f"after {self.name}.{method}")
        raise Dead

    def _freezes(self, fibre, method, arguments, seconds):
        self.process.freeze(seconds)
        return self._plain(fibre, method, arguments)

    _troubles = MappingProxyType(
        {
            None: _plain,
            "slow": _slow,
            "refused": _refused,
            "reply lost": _reply_lost,
            "answer lost": _answer_lost,
            "late": _late,
            "dies before": _dies_before,
            "dies after": _dies_after,
            "freezes": _freezes,
        }
    )


class StorePort(Port):
    """The ledger, the reviews or the line: documents in one store."""

    away = "store away"

    def usual(self):
        what, seconds = super().usual()
        if what is None and self.world.away_until("store slow"):
            return "slow", 8 * self.world.chance.random()
        return what, seconds


class TopicPort(Port):
    """A topic to publish on."""

    away = "topics away"
    seconds = 0.01
    limit = PUBLISH_LIMIT.total_seconds()
    reason = Reason.TOPIC_DOWN

    def starts(self, fibre, method, arguments):
        if fibre.process.place == "wake" and self.name == "requests":
            self.world.laws.wakes(arguments[0])


class ClassroomPort(Port):
    """Classroom; nothing asks twice by itself here, so a lost reply is a lost answer."""

    away = "classroom silent"
    seconds = 0.15
    limit = CLASSROOM_LIMIT.total_seconds()
    reason = Reason.NO_ANSWER

    def _step(self, method, *arguments):
        fibre = self.world.hub.current
        try:
            answer = super()._step(method, *arguments)
        except Exception as trouble:
            fibre.heard.append((self.world.hub.now, trouble))
            raise
        fibre.heard.append((self.world.hub.now, answer))
        return answer

    def starts(self, fibre, method, arguments):
        self.world.laws.calls(fibre, method)
        self.world.tell(fibre.process.name, f"asks Classroom: {method} ({fibre.name})")

    def patience(self, arguments):
        return min(self.limit, arguments[-1])

    def unavailable(self, *, lost=False):
        return Unavailable(self.reason, "planned", answer_lost=lost)

    def answers(self, what, method, arguments, fibre):
        fibre.sleep(self.world.jitter(self.seconds))
        if what == "404":  # Google reports valid addresses as missing, and courses never
            if self.world.faults_now():  # and not to whom it does not let in
                return self._plain(fibre, method, arguments)
            return CreateAnswer.NOT_FOUND
        answer = ANSWERS[what]
        raise answer()

    def _silent(self, fibre, _method, arguments, _seconds):
        fibre.sleep(self.patience(arguments))
        raise self.unavailable(lost=True)

    _troubles = MappingProxyType(
        {**Port._troubles, "reply lost": Port._answer_lost, "refused": _silent}
    )
