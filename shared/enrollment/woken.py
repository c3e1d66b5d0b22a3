"""What was woken in the embedded engine: delivered from memory, beside the queue.

The queue delivers the oldest message first: behind a long one, what is due now would wait for
hours. Nothing is lost with the memory: the ledger knows each of these requests, and wakes it again.
"""

import heapq
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count

from enrollment.clock import Clock, Deadline
from enrollment.ports import Message, Unavailable
from enrollment.wake import Waker, Woken
from enrollment.wire import Delivery

WAKE_SECONDS = 60.0  # as the scheduler of the distributed engine; an idle engine wakes oftener


@dataclass(frozen=True, kw_only=True)
class Awake:
    """A delivery out of memory; it needs no ticket."""

    delivery: Delivery


@dataclass
class WokenTopic:
    """A topic and its one subscription in memory, as `ports.Topic` and as `Subscription`."""

    clock: Clock
    _heap: list[tuple[datetime, int, Delivery]] = field(default_factory=list, repr=False)
    _numbers: "count[int]" = field(default_factory=count, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def publish(self, messages: Sequence[Message], _deadline: Deadline) -> None:
        """Have the messages delivered at once."""
        for each in messages:
            self._put(self.clock.now(), Delivery(body=each.body, attributes=each.attributes))

    def pull(self, most: int, _deadline: Deadline) -> list[Awake]:
        """Take messages that are due, the oldest first."""
        now = self.clock.now()
        taken: list[Awake] = []
        with self._lock:
            while self._heap and self._heap[0][0] <= now and len(taken) < most:
                taken.append(Awake(delivery=heapq.heappop(self._heap)[2]))
        return taken

    def acknowledge(self, _queued: Awake, _deadline: Deadline) -> None:
        """The message is done with: it was forgotten when it was taken."""

    def give_back(self, queued: Awake, due: datetime | None, _deadline: Deadline) -> None:
        """Deliver the message again, at `due` or at once."""
        again = replace(queued.delivery, number=queued.delivery.number + 1)
        self._put(due or self.clock.now(), again)

    def depth(self, _deadline: Deadline) -> int:
        """How many messages wait here."""
        with self._lock:
            return len(self._heap)

    def next_visible(self, _deadline: Deadline) -> datetime | None:
        """When the next message is due."""
        with self._lock:
            return self._heap[0][0] if self._heap else None

    def emptied(self) -> list[Message]:
        """Take every message, due or not."""
        with self._lock:
            heap, self._heap = self._heap, []
        return [Message(each.body, each.attributes) for _, _, each in sorted(heap)]

    def _put(self, due: datetime, delivery: Delivery) -> None:
        with self._lock:
            heapq.heappush(self._heap, (due, next(self._numbers), delivery))


@dataclass
class Waking:
    """Wakes what is due: beside the work once a minute, and whenever there is nothing to do."""

    waker: Waker
    clock: Clock
    topic: WokenTopic = field(init=False)
    _here: Waker = field(init=False, repr=False)
    _under_way: Future[Woken] | None = field(default=None, init=False, repr=False)
    _last: float = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self.topic = WokenTopic(self.clock)
        self._here = replace(self.waker, requests=self.topic)
        self._last = self.clock.monotonic()

    @property
    def is_under_way(self) -> bool:
        """Whether it goes on beside the work, or what it raised has not been heard yet."""
        return self._under_way is not None

    def beside(self, pool: Executor, *, busy: bool, done: Callable[[], None]) -> None:
        """If a minute is over, wake beside the work. Raises a fault of ours of the last time."""
        if self._under_way and self._under_way.done():
            last, self._under_way = self._under_way, None
            with suppress(Unavailable):  # the work goes on as far as it can, and meets it itself
                last.result()
        over = self.clock.monotonic() - self._last >= WAKE_SECONDS
        if over and busy and not self._under_way:
            self._under_way = pool.submit(self.now)
            self._under_way.add_done_callback(lambda _: done())

    def now(self) -> Woken:
        """Wake what is due, unless what was woken before is still to be delivered."""
        self._last = self.clock.monotonic()
        deadline = Deadline.starting_now(self.clock)
        visible = self.topic.next_visible(deadline)
        if visible is not None and visible <= self.clock.now():
            return Woken()
        return self._here.run()

    def keep(self) -> None:
        """Leave what was woken and not delivered on the queue, for the next engine."""
        messages = self.topic.emptied()
        with suppress(Unavailable):  # then the ledger wakes it again
            if messages:
                self.waker.requests.publish(messages, Deadline.starting_now(self.clock))
