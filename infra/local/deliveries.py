"""What a relay pushed to its function, counted."""

import threading
import time
from collections import Counter
from dataclasses import dataclass, field

NOT_ANSWERED, TOO_LATE = "not answered", "too late"


@dataclass
class Deliveries:
    """What was pushed to a function; safe to read at any time."""

    pushes: int = 0
    answers: Counter[str] = field(default_factory=Counter)  # by status, or why there was none
    given_up: int = 0  # messages that Pub/Sub makes dead letters of
    under_way: int = 0
    most_at_once: int = 0
    acknowledged: set[str] = field(default_factory=set, repr=False)
    last: float = field(default_factory=time.monotonic)  # when something last began or ended
    _open: set[str] = field(default_factory=set, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    @property
    def open(self) -> int:
        """Messages that were pushed and not acknowledged yet."""
        with self._lock:
            return len(self._open)

    @property
    def done(self) -> int:
        """Messages that do not come again."""
        with self._lock:
            return len(self.acknowledged) + self.given_up

    @property
    def reached(self) -> int:
        """Pushes that reached the function."""
        with self._lock:
            return self.answers.total() - self.answers[NOT_ANSWERED]

    @property
    def quiet_for(self) -> float:
        """Seconds since a push began or ended."""
        return 0.0 if self.under_way else time.monotonic() - self.last

    def begin(self, message_id: str) -> None:
        """A push begins."""
        with self._lock:
            self.last = time.monotonic()
            self.pushes += 1
            self.under_way += 1
            self.most_at_once = max(self.most_at_once, self.under_way)
            if message_id not in self.acknowledged:
                self._open.add(message_id)

    def end(self, message_id: str, answer: str, *, acknowledged: bool, last: bool) -> None:
        """A push ended with an answer, or without; `last`: Pub/Sub does not try again."""
        with self._lock:
            self.last = time.monotonic()
            self.under_way -= 1
            self.answers[answer] += 1
            if acknowledged:
                self.acknowledged.add(message_id)
            elif last:
                self.given_up += 1
            if acknowledged or last:
                self._open.discard(message_id)
