"""The pace of calls to Classroom: the quota used to the brim, and not beyond.

Google counts calls per acting administrator in a moving window of 60 seconds (usage limits page).
"""

import threading
from collections import deque
from dataclasses import dataclass, field
from datetime import timedelta

from enrollment.clock import Clock
from enrollment.ports import Unavailable
from enrollment.reasons import Reason

WINDOW = 60.0
BRIM = 0.99  # of the share; the rest absorbs the jitter between our send and Google's receipt
HALVED_AT_MOST_EVERY = 10.0  # one storm of refusals is one sign, not twenty
RESTORED_IN = 60.0  # seconds of success from nothing to full rate
FAILURES_IN_A_ROW = 20
OUTAGE_GAP = 5.0
NO_GAP = 0.005  # shorter than that between calls at any quota that Google grants
NO_PERMIT_RETRY = timedelta(seconds=5)


class Permit:
    """The right to make one call; to be given back, or told how the call went, exactly once."""


@dataclass
class Pace:
    """Permits for calls, at most `share` in any 60 seconds. Thread-safe.

    A permit comes back 60 seconds after its call was answered, so that a slow call cannot make the
    window overflow; calls keep a gap, so that a new instance starts without a burst.
    """

    clock: Clock
    share: int
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _free_at: float = field(init=False)
    _out: set[Permit] = field(default_factory=set, init=False, repr=False)
    _answered: deque[float] = field(default_factory=deque, init=False, repr=False)
    _factor: float = field(default=1.0, init=False)
    _halved_at: float = field(default=float("-inf"), init=False)
    _restored_at: float = field(init=False)
    _failures: int = field(default=0, init=False)
    _outage_gap: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        if self.share < 1:
            fault = f"a share of {self.share} calls a minute leaves none; raise the quota"
            raise ValueError(fault)
        self._free_at = self._restored_at = self.clock.monotonic()

    @property
    def gap(self) -> float:
        """Seconds between two calls at the present rate."""
        return max(WINDOW / (BRIM * self.share * self._factor), self._outage_gap)

    @property
    def per_minute(self) -> float:
        """Calls a minute at the present rate."""
        return WINDOW / self.gap

    def take(self, patience: float) -> Permit:
        """A permit, waited for at most `patience` seconds. Raises Unavailable(no_permit)."""
        permit, give_up_at = Permit(), self.clock.monotonic() + patience
        while True:
            now = self.clock.monotonic()
            with self._lock:
                window_free = self._window_free_at(now)
                starts = max(now, self._free_at, window_free)
                if starts > give_up_at:
                    raise Unavailable(Reason.NO_PERMIT, retry_after=NO_PERMIT_RETRY)
                if window_free <= now:
                    # A late caller may catch up one gap, no more: that is no burst.
                    self._free_at = max(self._free_at, now - self.gap) + self.gap
                    self._out.add(permit)
                    break
            self.clock.sleep(starts - now)
        if starts > now:
            self.clock.sleep(starts - now)
        return permit

    @property
    def wait(self) -> float:
        """Seconds until the next permit could be had."""
        now = self.clock.monotonic()
        with self._lock:
            return max(0.0, self._free_at - now, self._window_free_at(now) - now)

    def broke(self, permit: Permit) -> None:
        """The call ended by a fault of ours, which says nothing about Classroom."""
        with self._lock:
            self._answer(permit, self.clock.monotonic())

    def give_back(self, permit: Permit) -> None:
        """Return a permit of which no call was made."""
        with self._lock:
            self._out.remove(permit)
            self._free_at -= self.gap

    def succeeded(self, permit: Permit) -> None:
        """Classroom answered, with whatever verdict: the rate is restored slowly."""
        now = self.clock.monotonic()
        with self._lock:
            self._answer(permit, now)
            self._failures = 0
            self._outage_gap = self._outage_gap / 2 if self._outage_gap > NO_GAP else 0.0
            if self._factor < 1.0:
                self._factor = min(1.0, self._factor + (now - self._restored_at) / RESTORED_IN)
            self._restored_at = now

    def limited(self, permit: Permit) -> None:
        """Classroom said that the quota is used up: the rate is halved, once per ten seconds."""
        now = self.clock.monotonic()
        with self._lock:
            self._answer(permit, now)
            if now - self._halved_at >= HALVED_AT_MOST_EVERY:
                self._factor = max(self._factor / 2, 1 / 64)
                self._halved_at = self._restored_at = now

    def failed(self, permit: Permit) -> None:
        """Classroom failed or did not answer: twenty in a row are taken for an outage."""
        with self._lock:
            self._answer(permit, self.clock.monotonic())
            self._failures += 1
            if self._failures >= FAILURES_IN_A_ROW:
                self._outage_gap = OUTAGE_GAP
                self._failures = 0

    def _answer(self, permit: Permit, now: float) -> None:
        self._out.remove(permit)
        self._answered.append(now)

    def _window_free_at(self, now: float) -> float:
        while self._answered and self._answered[0] + WINDOW <= now:
            self._answered.popleft()
        if len(self._out) + len(self._answered) < self.share:
            return now
        # All permits may be out with calls that are not answered: look again in a moment.
        return self._answered[0] + WINDOW if self._answered else now + 0.1
