"""How many deliveries an instance takes of one sender, so that none of them crowds out the rest."""

import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from enrollment.clock import Clock

# Many times what one instance accepts (its bench) and what Classroom grants; only a sender that
# runs wild meets it.
A_SECOND = 500.0
BURST = 2_000.0
MOST_NAMES = 10_000  # remembered at a time; whoever comes from as many addresses meets other limits


@dataclass
class Rate:
    """So many a second for each name, and as many at once as have been saved up. Thread-safe."""

    clock: Clock
    a_second: float = A_SECOND
    burst: float = BURST
    _left: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def take(self, name: str) -> float:
        """Take one. 0 if there was one, else the seconds until there is."""
        now = self.clock.monotonic()
        with self._lock:
            left, at = self._left.get(name, (self.burst, now))
            left = min(self.burst, left + (now - at) * self.a_second)
            self._left[name] = left, now
            self._left.move_to_end(name)
            if len(self._left) > MOST_NAMES:
                self._left.popitem(last=False)
            if left < 1:
                return (1 - left) / self.a_second
            self._left[name] = left - 1, now
            return 0.0
