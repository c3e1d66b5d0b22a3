"""The machine's own clock."""

import time
from datetime import UTC, datetime


class SystemClock:
    """What the time is here and now."""

    def now(self) -> datetime:
        """The time of day, in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Seconds that never go back."""
        return time.monotonic()

    def sleep(self, seconds: float) -> None:
        """Return after this many seconds."""
        time.sleep(max(0.0, seconds))
