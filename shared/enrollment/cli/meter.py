"""What a run looks like from outside: calls a minute, what is done, how long the rest takes."""

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta

from enrollment.adapters.sqlite import Queued
from enrollment.advice import advice
from enrollment.cli.durations import spoken
from enrollment.cli.progress import Progress
from enrollment.cli.standing import standing
from enrollment.cli.tables import note
from enrollment.embedded import Engine, Tally
from enrollment.journal import Journal, Line
from enrollment.outcome import Outcome
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from enrollment.wiring.embedded import Store

WINDOW = 60.0  # as the quota's
YOUNG = 5.0  # seconds; a rate over less is a guess


@dataclass
class Meter:
    """A journal that counts calls on their way to another journal. Thread-safe."""

    journal: Journal
    _calls: deque[tuple[float, int]] = field(default_factory=deque, init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False)
    _started: float = field(default_factory=time.monotonic, init=False)

    def record(self, line: Line) -> None:
        """Count the delivery's calls and pass the line on."""
        if line.calls:
            with self._lock:
                self._calls.append((time.monotonic(), line.calls))
        self.journal.record(line)

    def alert(self, message: str, reason: Reason) -> None:
        """Tell the operator, and pass it on."""
        told = advice(reason)
        note(f"{message}: {told.sentence} {told.next_step}")
        self.journal.alert(message, reason)

    @property
    def per_minute(self) -> int:
        """Calls in the last minute; scaled up while there has been less than one."""
        now = time.monotonic()
        with self._lock:
            while self._calls and self._calls[0][0] < now - WINDOW:
                self._calls.popleft()
            calls = sum(number for _, number in self._calls)
        return round(calls * WINDOW / min(WINDOW, max(YOUNG, now - self._started)))

    @contextmanager
    def watching(self, store: Store, engine: Engine[Queued]) -> Iterator[Callable[[Tally], None]]:
        """A function that shows how far an engine has come."""
        with Progress() as progress:

            def tell(tally: Tally) -> None:
                if progress.due:
                    progress.tell(self._told(store, engine, tally))

            yield tell

    def _told(self, store: Store, engine: Engine[Queued], tally: Tally) -> str:
        try:
            now, rate = standing(store, reviews=False), self.per_minute
        except Unavailable as trouble:  # the engine decides how long that is waited for
            return f"the store cannot be used ({trouble.detail}); it is tried again"
        told = (
            f"settled {now.outcomes.total():,} ({now.outcomes[Outcome.REJECTED]:,} rejected)"
            f"  waiting {now.waiting:,}  on the queue {tally.left:,}"
        )
        if now.held:
            return f"{told}  THE LINE IS HELD"
        if not rate:
            return told
        left = timedelta(minutes=tally.left / min(rate, engine.enroller.pace.per_minute))
        return f"{told}  {rate:,} calls a minute" + (
            f"  about {spoken(left)} left" if tally.left else ""
        )
