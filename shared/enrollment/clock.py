"""Time as an argument: the clock that a use-case is given, and the deadline of its work."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

from enrollment.timing import DELIVERY


class Clock(Protocol):
    """What the time is, and how to let some pass."""

    def now(self) -> datetime:
        """The time of day, in UTC."""

    def monotonic(self) -> float:
        """Seconds that never go back; only differences mean something."""

    def sleep(self, seconds: float) -> None:
        """Return after this many seconds."""


@dataclass(frozen=True)
class Deadline:
    """The end of one piece of work, on the worker's monotonic clock."""

    clock: Clock
    ends: float

    @classmethod
    def starting_now(cls, clock: Clock, length: timedelta = DELIVERY) -> "Deadline":
        """A deadline `length` from now."""
        return cls(clock, clock.monotonic() + length.total_seconds())

    def at_most(self, length: timedelta) -> "Deadline":
        """The same end, or an earlier one `length` from now."""
        return Deadline(self.clock, min(self.ends, self.clock.monotonic() + length.total_seconds()))

    def earlier(self, length: timedelta) -> "Deadline":
        """A deadline that ends so much before this one."""
        return Deadline(self.clock, self.ends - length.total_seconds())

    def remaining(self) -> float:
        """Seconds left, never negative."""
        return max(0.0, self.ends - self.clock.monotonic())

    def within(self, limit: timedelta) -> float:
        """Seconds that an outside call may take: the smaller of its limit and what remains."""
        return min(limit.total_seconds(), self.remaining())


@dataclass(frozen=True)
class ServerTime:
    """The ledger's clock as a worker knows it: the time of one reply, plus what has passed since.

    No worker's own time of day decides anything, so a wrong clock on one machine harms nobody.
    """

    clock: Clock
    told: datetime
    at: float

    @classmethod
    def told_now(cls, clock: Clock, told: datetime) -> "ServerTime":
        """The server has just said that it is `told`."""
        return cls(clock, told, clock.monotonic())

    def now(self) -> datetime:
        """The server's time, now."""
        return self.told + timedelta(seconds=self.clock.monotonic() - self.at)
