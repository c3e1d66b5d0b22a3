"""Says how far a run is: a line that is rewritten on a terminal, a line now and then elsewhere."""

import sys
import time
from dataclasses import dataclass, field

PULSE = 2.0


@dataclass
class Ticker:
    """Says it on stderr, at most every other second."""

    total: int
    started: float = field(default_factory=time.monotonic)
    said: float = 0.0

    def say(self, done: int, deliveries: int, waiting: str = "") -> None:
        """So many messages are done, in so many deliveries, and this is waited for."""
        now = time.monotonic()
        if now - self.said < PULSE:
            return
        self.said = now
        text = (
            f"  {now - self.started:4.0f} s  {done:,} of {self.total:,} messages done, "
            f"{deliveries:,} deliveries{waiting and f', {waiting}'}"
        )
        end = "\r" if sys.stderr.isatty() else "\n"
        print(f"{text:<100}" if end == "\r" else text, end=end, file=sys.stderr, flush=True)
