"""The stand-in for Cloud Scheduler: POSTs to a function at a fixed interval."""

import json
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from http.client import HTTPConnection, HTTPException

from enrollment.timing import SHORTEST_MINUTE
from infra.local.push import Address

EVERY_MINUTE = "* * * * *"
MINUTE = timedelta(minutes=1)
GRACE = 3.0


def interval(cron: str, time_scale: float) -> timedelta:
    """How often a schedule calls where the product's waits are scaled. Raises ValueError."""
    if cron != EVERY_MINUTE:
        raise ValueError(f"the schedule {cron!r} is not known here: teach infra/local/scheduler.py")
    return max(SHORTEST_MINUTE, MINUTE * time_scale)


@dataclass
class Scheduler:
    """Calls one function every so often; never twice at once, as `max_instances` 1 has it."""

    address: Callable[[float], Address | None]
    every: timedelta
    timeout: timedelta
    done: Counter[str] = field(default_factory=Counter)  # sums of what the function says it did
    answers: Counter[str] = field(default_factory=Counter)
    _stopped: threading.Event = field(default_factory=threading.Event, repr=False)
    _thread: threading.Thread = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._thread = threading.Thread(target=self._keep_calling, name="scheduler", daemon=True)

    def start(self) -> None:
        """Begin to call."""
        self._thread.start()

    def stop(self) -> None:
        """Call no more; a call under way gets a moment."""
        self._stopped.set()
        self._thread.join(GRACE)

    def _keep_calling(self) -> None:
        every = self.every.total_seconds()
        due = time.monotonic() + every
        while not self._stopped.wait(max(0.0, due - time.monotonic())):
            self._call()
            due = max(due + every, time.monotonic())

    def _call(self) -> None:
        try:
            self.answers[self._post()] += 1
        except (OSError, HTTPException):
            self.answers["not answered"] += 1  # the next minute makes up for it

    def _post(self) -> str:
        address = self.address(self.every.total_seconds())
        if address is None:
            return "not answered"
        connection = HTTPConnection(*address, timeout=self.timeout.total_seconds())
        try:
            connection.request("POST", "/", b"{}", {"Content-Type": "application/json"})
            reply = connection.getresponse()
            text = reply.read()
        finally:
            connection.close()
        if reply.status == 200:
            self._add_up(text)
        return str(reply.status)

    def _add_up(self, text: bytes) -> None:
        try:
            said = json.loads(text)
        except ValueError:
            return
        counts = said.items() if isinstance(said, dict) else ()
        self.done.update({name: number for name, number in counts if isinstance(number, int)})


@contextmanager
def running_scheduler(scheduler: Scheduler) -> Iterator[Scheduler]:
    """Call until the end of the block."""
    scheduler.start()
    try:
        yield scheduler
    finally:
        scheduler.stop()
