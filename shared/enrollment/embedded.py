"""The embedded engine: one process that delivers, collects and wakes until nothing more is due."""

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from enrollment.clock import Clock, Deadline
from enrollment.enroll import Enroller
from enrollment.job import Answer
from enrollment.ports import HeldBy, LineState, Unavailable
from enrollment.review import Collector
from enrollment.wake import Waker
from enrollment.wire import Delivery

WORKERS = 16  # 20 calls a second at Google's 0.5 s each keep ten busy
AGAIN = timedelta(seconds=1)  # before a message that was refused without a time is delivered again
IDLE_SECONDS = 0.2
STORE_AWAY_SECONDS = 300.0
PATIENT_SECONDS = 5.0  # what would wait longer for a permit is left in the queue
PULSE = timedelta(seconds=1)


class Ticketed(Protocol):
    """A delivery, and what acknowledges it."""

    @property
    def delivery(self) -> Delivery:
        """The delivery."""


Queued = TypeVar("Queued", bound=Ticketed)


class Subscription(Protocol[Queued]):
    """A topic's deliveries, each this engine's until it is acknowledged or given back."""

    def pull(self, most: int, deadline: Deadline) -> list[Queued]:
        """Take messages that are due, the oldest first."""

    def acknowledge(self, queued: Queued, deadline: Deadline) -> None:
        """The message is done with."""

    def give_back(self, queued: Queued, due: datetime | None, deadline: Deadline) -> None:
        """Deliver the message again, at `due` or at once."""

    def depth(self, deadline: Deadline) -> int:
        """How many messages are not acknowledged yet."""

    def next_visible(self, deadline: Deadline) -> datetime | None:
        """When the next message is due."""


class Agenda(Protocol):
    """When the ledger next wants to be looked at."""

    def next_due(self, deadline: Deadline) -> datetime | None:
        """The earliest `wake_at` of all, or None."""


@dataclass
class Tally:
    """What the engine has done so far."""

    deliveries: int = 0
    answers: dict[str, int] = field(default_factory=dict)
    faults: int = 0
    left: int = 0
    next_due: datetime | None = None

    def count(self, answer: Answer) -> None:
        """Count one answer."""
        self.deliveries += 1
        self.answers[answer.what] = self.answers.get(answer.what, 0) + 1


@dataclass(kw_only=True)
class Engine(Generic[Queued]):
    """Runs the use-cases on one machine. `wait`: how long to stay for what is due later."""

    enroller: Enroller
    collector: Collector
    waker: Waker
    requests: Subscription[Queued]
    dead_letters: Subscription[Queued]
    agenda: Agenda
    clock: Clock
    wait: timedelta
    workers: int = WORKERS
    tally: Tally = field(default_factory=Tally, init=False)
    _busy: set[Future[None]] = field(default_factory=set, init=False, repr=False)
    _freed: threading.Event = field(default_factory=threading.Event, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _store_away_since: float | None = field(default=None, init=False)

    def run(self, progress: Callable[[Tally], None]) -> Tally:
        """Work until nothing is due within `wait`. After Ctrl-C, what is under way is finished."""
        told = self.clock.monotonic()
        with ThreadPoolExecutor(self.workers, thread_name_prefix="enroll") as pool:
            while self._steady(pool):
                if self.clock.monotonic() - told >= PULSE.total_seconds():
                    told = self.clock.monotonic()
                    self._look_ahead()
                    progress(self.tally)
        self._look_ahead()
        progress(self.tally)
        return self.tally

    def _steady(self, pool: ThreadPoolExecutor) -> bool:
        """One turn; a store that cannot be reached is waited for, for some minutes."""
        try:
            going_on = self._turn(pool)
        except Unavailable:
            now = self.clock.monotonic()
            self._store_away_since = self._store_away_since or now
            if now - self._store_away_since > STORE_AWAY_SECONDS:
                raise
            self.clock.sleep(PULSE.total_seconds())
            return True
        self._store_away_since = None
        return going_on

    def _turn(self, pool: ThreadPoolExecutor) -> bool:
        """Start what is due; False when there is nothing to wait for."""
        started = self._deliver(pool) + self._collect()
        if started:
            return True
        if self._busy:
            self._freed.wait(IDLE_SECONDS)
            self._freed.clear()
            return True
        woken = self.waker.run()
        if woken.letters or woken.sent or woken.probes:
            return True
        return self._wait_for_next()

    def _deliver(self, pool: ThreadPoolExecutor) -> int:
        with self._lock:
            free = self.workers - len(self._busy)
        if free <= 0 or self.enroller.pace.wait > PATIENT_SECONDS:
            self._freed.wait(IDLE_SECONDS)
            self._freed.clear()
            return 0
        batch = self.requests.pull(free, self._deadline())
        for queued in batch:
            future = pool.submit(self._work, queued)
            with self._lock:
                self._busy.add(future)
            future.add_done_callback(self._done)
        return len(batch)

    def _done(self, future: Future[None]) -> None:
        with self._lock:
            self._busy.discard(future)
        self._freed.set()

    def _work(self, queued: Queued) -> None:
        try:
            answer = self.enroller.handle(queued.delivery)
        except Exception:  # noqa: BLE001 - a fault of ours, journalled; the others go on
            self._fault(self.requests, queued)
            return
        with self._lock:
            self.tally.count(answer)
        with suppress(Unavailable):  # then it is delivered again at the ack deadline
            if answer.acknowledge:
                self.requests.acknowledge(queued, self._deadline())
            else:
                self.requests.give_back(queued, self._later(answer.due), self._deadline())

    def _fault(self, subscription: Subscription[Queued], queued: Queued) -> None:
        with self._lock:
            self.tally.faults += 1
        with suppress(Unavailable):
            subscription.give_back(queued, self._later(None), self._deadline())

    def _later(self, due: datetime | None) -> datetime:
        return max(due, self.clock.now()) if due else self.clock.now() + AGAIN

    def _collect(self) -> int:
        batch = self.dead_letters.pull(self.workers, self._deadline())
        for queued in batch:
            try:
                self.collector.collect(queued.delivery)
            except Unavailable:
                raise
            except Exception:  # noqa: BLE001 - one letter that cannot be filed; the others go on
                self._fault(self.dead_letters, queued)
            else:
                self.dead_letters.acknowledge(queued, self._deadline())
        return len(batch)

    def _wait_for_next(self) -> bool:
        self._look_ahead()
        due, now = self.tally.next_due, self.clock.now()
        if due is None or due > now + self.wait:
            return False
        if not self._line_may_open(now):
            # What is in the queue is still remembered; nothing else goes on.
            visible = self.requests.next_visible(self._deadline())
            return visible is not None and visible <= now
        seconds = (due - now).total_seconds()
        self.clock.sleep(min(max(seconds, IDLE_SECONDS), PULSE.total_seconds()))
        return True

    def _line_may_open(self, now: datetime) -> bool:
        """Whether it is open, or its fault may still be mended within `wait`."""
        line = self.waker.line.look(self._deadline()).status
        if line.state is LineState.OPEN:
            return True
        assert line.since is not None
        return line.held_by is HeldBy.FAULT and now < line.since + self.wait

    def _look_ahead(self) -> None:
        """Note what is left; what cannot be looked up now stays as it was noted last."""
        with suppress(Unavailable):
            self._note_what_is_left()

    def _note_what_is_left(self) -> None:
        deadline = self._deadline()
        times = [
            self.requests.next_visible(deadline),
            self.dead_letters.next_visible(deadline),
            self.agenda.next_due(deadline),
        ]
        self.tally.next_due = min((each for each in times if each), default=None)
        self.tally.left = self.requests.depth(deadline)

    def _deadline(self) -> Deadline:
        return Deadline.starting_now(self.clock)
