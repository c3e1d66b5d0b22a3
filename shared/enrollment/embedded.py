"""The embedded engine: one process that delivers, collects and wakes until nothing more is due."""

import threading
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Generic, Protocol, TypeVar

from enrollment.clock import Clock, Deadline
from enrollment.collect import Collector
from enrollment.enroll import Enroller
from enrollment.job import Answer
from enrollment.ports import HeldBy, LineState, Message, Unavailable
from enrollment.subscription import Queued, Subscription, Ticketed
from enrollment.wake import Waker
from enrollment.wire import Delivery
from enrollment.woken import Awake, Waking

WORKERS = 16  # 20 calls a second at Google's 0.5 s each keep ten busy
AGAIN = timedelta(seconds=1)  # before a message that was refused without a time is delivered again
DOUBLED = 10  # times at most; 17 minutes are longer than a run usually stays
IDLE_SECONDS = 0.2
STORE_AWAY_SECONDS = 300.0
LOOKED_LATELY = 120.0  # seconds; the calls of one turn give up before that
PATIENT_SECONDS = 5.0  # what would wait longer for a permit is left in the queue
PULSE = timedelta(seconds=1)

Taken = TypeVar("Taken", bound=Ticketed)


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
    """Runs the use-cases on one machine. `wait`: how long to stay for what is due later.

    `adopted`: what a dead engine had under way; each is tried alone, before anything else.
    """

    enroller: Enroller
    collector: Collector
    waker: Waker
    requests: Subscription[Queued]
    dead_letters: Subscription[Queued]
    agenda: Agenda
    clock: Clock
    wait: timedelta
    workers: int = WORKERS
    adopted: Sequence[Message] = ()
    damaged: type[Unavailable] | None = None  # the trouble of a store that time does not mend
    tally: Tally = field(default_factory=Tally, init=False)
    _busy: set[Future[None]] = field(default_factory=set, init=False, repr=False)
    _freed: threading.Event = field(default_factory=threading.Event, init=False, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, init=False, repr=False)
    _store_away: tuple[float, float] | None = field(default=None, init=False)  # since, looked at
    _waking: Waking = field(init=False, repr=False)
    _woken_first: bool = field(default=False, init=False, repr=False)
    _to_adopt: deque[Message] = field(init=False, repr=False)
    _alone: bool = field(default=False, init=False, repr=False)

    def __post_init__(self) -> None:
        self._waking = Waking(self.waker, self.clock)
        self._to_adopt = deque(self.adopted)

    def run(self, progress: Callable[[Tally], None]) -> Tally:
        """Work until nothing is due within `wait`. After Ctrl-C, what is under way is finished."""
        told = self.clock.monotonic()
        try:
            # One thread more than deliver, for waking.
            with ThreadPoolExecutor(self.workers + 1, thread_name_prefix="enroll") as pool:
                while self._steady(pool):
                    if self.clock.monotonic() - told >= PULSE.total_seconds():
                        told = self.clock.monotonic()
                        self._look_ahead()
                        progress(self.tally)
        finally:
            self._waking.keep()
        self._look_ahead()
        progress(self.tally)
        return self.tally

    def _steady(self, pool: ThreadPoolExecutor) -> bool:
        """One turn; a store that cannot be reached is waited for, for some minutes."""
        try:
            going_on = self._turn(pool)
        except Unavailable as trouble:
            if self.damaged is not None and isinstance(trouble, self.damaged):
                raise
            if self._store_is_away_for(self.clock.monotonic()) > STORE_AWAY_SECONDS:
                raise
            self.clock.sleep(PULSE.total_seconds())
            return True
        self._store_away = None
        return going_on

    def _store_is_away_for(self, now: float) -> float:
        """Seconds; while the machine is suspended nobody looks, and they do not count."""
        since, looked_at = self._store_away or (now, now)
        since = now if now - looked_at > LOOKED_LATELY else since
        self._store_away = since, now
        return now - since

    def _turn(self, pool: ThreadPoolExecutor) -> bool:
        """Start what is due; False when there is nothing to wait for."""
        busy = bool(self._busy)  # what ends from here on makes room that this turn may not see
        self._waking.beside(pool, busy=busy, done=self._freed.set)
        started = self._deliver(pool) + self._collect()
        if started:
            return True
        if busy or self._waking.is_under_way:
            self._freed.wait(IDLE_SECONDS)
            self._freed.clear()
            return True
        woken = self._waking.now()
        if woken.letters or woken.sent or woken.probes:
            return True
        return self._wait_for_next()

    def _deliver(self, pool: ThreadPoolExecutor) -> int:
        """Start what is due, the woken first in every other turn, so that neither starves."""
        with self._lock:
            free = self.workers - len(self._busy)
        if free <= 0 or self.enroller.pace.wait > PATIENT_SECONDS:
            return 0
        if self._to_adopt or (self._alone and self._busy):
            return self._start_alone(pool)
        self._alone = False
        woken = self._waking.topic
        self._woken_first = not self._woken_first
        if self._woken_first:
            started = self._start(pool, woken, free)
            return started + self._start(pool, self.requests, free - started)
        started = self._start(pool, self.requests, free)
        return started + self._start(pool, woken, free - started)

    def _start(self, pool: ThreadPoolExecutor, subscription: Subscription[Taken], most: int) -> int:
        batch = subscription.pull(most, self._deadline()) if most else []
        for queued in batch:
            self._submit(pool, subscription, queued)
        return len(batch)

    def _start_alone(self, pool: ThreadPoolExecutor) -> int:
        """Start one adopted request, if nothing else is under way."""
        if self._busy:
            return 0
        self._alone, message = True, self._to_adopt.popleft()
        alone = Awake(delivery=Delivery(body=message.body, attributes=message.attributes))
        self._submit(pool, self._waking.topic, alone)
        return 1

    def _submit(
        self, pool: ThreadPoolExecutor, subscription: Subscription[Taken], queued: Taken
    ) -> None:
        future = pool.submit(self._work, subscription, queued)
        with self._lock:
            self._busy.add(future)
        future.add_done_callback(self._done)

    def _done(self, future: Future[None]) -> None:
        with self._lock:
            self._busy.discard(future)
        self._freed.set()

    def _work(self, subscription: Subscription[Taken], queued: Taken) -> None:
        try:
            answer = self.enroller.handle(queued.delivery)
        except Exception:  # noqa: BLE001 - a fault of ours, journalled; the others go on
            self._fault(subscription, queued)
            return
        with self._lock:
            self.tally.count(answer)
        with suppress(Unavailable):  # then it is delivered again at the ack deadline
            if answer.acknowledge:
                subscription.acknowledge(queued, self._deadline())
            else:
                due = self._later(answer.due, queued.delivery.number)
                subscription.give_back(queued, due, self._deadline())

    def _fault(self, subscription: Subscription[Taken], queued: Taken) -> None:
        with self._lock:
            self.tally.faults += 1
        with suppress(Unavailable):
            subscription.give_back(queued, self._later(None, 1), self._deadline())

    def _later(self, due: datetime | None, number: int) -> datetime:
        """When to deliver again; without a time it was the store's trouble, which may last."""
        now = self.clock.now()
        return max(due, now) if due else now + AGAIN * 2 ** min(number - 1, DOUBLED)

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
            self._waking.topic.next_visible(deadline),
            self.dead_letters.next_visible(deadline),
            self.agenda.next_due(deadline),
        ]
        self.tally.next_due = min((each for each in times if each), default=None)
        woken = self._waking.topic.depth(deadline)
        self.tally.left = self.requests.depth(deadline) + woken

    def _deadline(self) -> Deadline:
        return Deadline.starting_now(self.clock)
