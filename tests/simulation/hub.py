"""Simulated time, and work that stops at every step: one thread, and one schedule.

A fibre is one piece of work in one process: a delivery, a run of `wake`. It runs until it waits,
and the hub then runs whatever is due first. Nothing else decides the order of things.
"""

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from heapq import heappop, heappush

from greenlet import getcurrent, greenlet

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)


class Dead(BaseException):
    """The process has ended here: no `except Exception` sees it."""


class Hub:
    """What happens when. `now` is in seconds since the story began."""

    def __init__(self):
        self.now = 0.0
        self.current = None
        self.main = getcurrent()
        self._events = []
        self._number = 0

    def at(self, when, do, *arguments):
        """Have something done; what is due at the same time is done in the order it was asked."""
        self._number += 1
        heappush(self._events, (max(when, self.now), self._number, do, arguments))

    @property
    def next_time(self):
        """When the next thing happens; None if nothing ever will."""
        return self._events[0][0] if self._events else None

    def step(self):
        """Let the next thing happen."""
        self.now, _, do, arguments = heappop(self._events)
        do(*arguments)

    def pass_until(self, when):
        """Nothing happens until then."""
        self.now = max(self.now, when)


class Process:
    """A process: its memory ends with it. `offset` is what its clock is wrong by, in seconds."""

    def __init__(self, hub, name, offset=0.0):
        self.hub, self.name, self.offset = hub, name, offset
        self.place, self.times = name, 1  # which of the machines it is on, and the how-manieth
        self.dead = False
        self.frozen_until = 0.0
        self.fibres = {}

    def kill(self):
        """End it now. What it had under way gets nowhere."""
        if self.dead:
            return
        self.dead = True
        self.hub.at(self.hub.now, self._bury)

    def _bury(self):
        for fibre in list(self.fibres):
            fibre.end()

    def freeze(self, seconds):
        """Let it stand still: a machine that is suspended, a collection of garbage, a full disk."""
        self.frozen_until = max(self.frozen_until, self.hub.now + seconds)
        for fibre in self.fibres:
            fibre.troubled = True


class Fibre:
    """One piece of work in a process.

    `done` hears what it came to, and `lost` that it came to nothing, for its process has died.
    """

    def __init__(self, process, name, work: Callable, done: Callable, lost=lambda: None):
        self.process, self.hub, self.name = process, process.hub, name
        self.started = None  # when the work itself began; a frozen process begins late
        self.claim = self.request = None
        self.heard = []  # what Classroom answered it, each with the time
        self.troubled = False  # whether it met something that may have kept it from finishing
        self._work, self._done, self._lost = work, done, lost
        self._greenlet = greenlet(self._run)
        process.fibres[self] = True
        self.hub.at(self.hub.now, self._resume)

    def sleep(self, seconds):
        """Let time pass, and others go on."""
        self.hub.at(self.hub.now + seconds, self._resume)
        self.park()

    def park(self):
        """Wait until somebody calls `wake`."""
        self.hub.main.switch()
        if self.process.dead:
            raise Dead

    def wake(self):
        """Let it go on."""
        self.hub.at(self.hub.now, self._resume)

    def end(self):
        """Its process has died: unwind it, so that nothing of it is left."""
        if self._greenlet:
            self._enter(self._greenlet.throw, Dead)
        self.process.fibres.pop(self, None)
        self._lost()

    def _resume(self):
        if self.process.dead:
            return
        if self.process.frozen_until > self.hub.now:
            self.hub.at(self.process.frozen_until, self._resume)
            return
        self._enter(self._greenlet.switch)

    def _enter(self, go, *arguments):
        before, self.hub.current = self.hub.current, self
        try:
            go(*arguments)
        finally:
            self.hub.current = before

    def _run(self):
        self.started = self.hub.now
        try:
            answer = self._work()
        except Dead:
            return
        except Exception as fault:  # noqa: BLE001 - what a server makes of it is its matter
            answer = fault
        self.process.fibres.pop(self, None)
        self._done(answer)


class StepLock:
    """A lock among the fibres of one process, held across their steps, in the order of asking."""

    def __init__(self, hub):
        self._hub, self._holder, self._waiting = hub, None, deque()

    def __enter__(self):
        while self._holder is not None:
            self._waiting.append(self._hub.current)
            self._hub.current.park()
        self._holder = self._hub.current

    def __exit__(self, *_):
        self._holder = None
        if self._waiting:
            self._waiting.popleft().wake()


class SimulatedClock:
    """The clocks of one process: the time of day may be wrong and jump, the other one never."""

    def __init__(self, process):
        self._process, self._hub = process, process.hub

    def now(self):
        return START + timedelta(seconds=self._hub.now + self._process.offset)

    def monotonic(self):
        return self._hub.now

    def sleep(self, seconds):
        self._hub.current.sleep(max(0.0, seconds))


class ServersClock:
    """The store's own clock, which is right."""

    def __init__(self, hub):
        self._hub = hub

    def now(self):
        return START + timedelta(seconds=self._hub.now)

    def monotonic(self):
        return self._hub.now

    def sleep(self, _seconds):
        raise AssertionError("the store never waits")
