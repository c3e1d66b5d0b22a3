"""The machine's own clock."""

import time
from datetime import UTC, datetime

# A lease lapses while the machine is suspended, and this clock says so. On Linux the usual one
# stands still then (clock_gettime(2)); on macOS it is Python's choice that does, not this one.
_COUNTS_ON = getattr(time, "CLOCK_BOOTTIME", getattr(time, "CLOCK_MONOTONIC", None))


def monotonic() -> float:
    """Seconds that never go back, and count on while the machine is suspended."""
    return time.monotonic() if _COUNTS_ON is None else time.clock_gettime(_COUNTS_ON)


class SystemClock:
    """What the time is here and now."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go back, and count on while the machine is suspended."""
        return monotonic()

    def sleep(self, seconds: float) -> None:
        """Return after this many seconds."""
        time.sleep(max(0.0, seconds))
