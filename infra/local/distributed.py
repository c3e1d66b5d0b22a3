"""The distributed engine at work on a scene, until everything that was accepted is settled."""

import time
from collections import deque
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from random import Random

from enrollment.clock import Deadline
from enrollment.entry import State
from enrollment.ports import Unavailable
from enrollment.wiring.usecases import Outside
from infra.local.embedded import PATIENCE
from infra.local.messages import sending
from infra.local.options import Options
from infra.local.process import NotStarted
from infra.local.progress import Ticker
from infra.local.result import Result, result_of
from infra.local.scene import Scene
from infra.local.school import RunningSchool
from infra.local.stack import Stack

LOOK_SECONDS = 0.5
LOOKED_AT = 250  # unsettled requests, each time
IDLE = 4  # pushes under way or fewer: there is time to look
QUIET_SECONDS = 1.5  # without a push: a message on a topic is pushed within milliseconds
LONGEST_RETRY = timedelta(minutes=10)  # Pub/Sub's longest pause, which nothing here shortens


def play(scene: Scene, options: Options, school: RunningSchool, stack: Stack) -> Result:
    """Publish the scene's messages, let the functions work, and account for all of it."""
    sent = sending(scene.requests, Random(options.seed), faults=options.faults != "none")
    stack.outside.requests.publish(sent.messages, Deadline.starting_now(stack.outside.clock))
    watch = Watch(stack, len(sent.messages), (each.request_id for each in sent.requests))
    watch.until_done(PATIENCE * options.time_scale + LONGEST_RETRY)
    deliveries = stack.deliveries["enroll"].reached
    return result_of(stack.outside, scene, sent, school, deliveries=deliveries)


@dataclass
class Unsettled:
    """The requests that the ledger does not show as settled yet."""

    outside: Outside
    ids: deque[str]

    def look(self) -> None:
        """Look some of them up."""
        deadline = Deadline.starting_now(self.outside.clock)
        with suppress(Unavailable):  # then it is looked again
            for _ in range(min(LOOKED_AT, len(self.ids))):
                stored = self.outside.ledger.get(self.ids[0], deadline)
                if stored is not None and stored.entry.state is State.SETTLED:
                    self.ids.popleft()
                else:
                    self.ids.rotate(-1)


@dataclass
class Watch:
    """Sees how far a stack is with what was published."""

    stack: Stack
    published: int
    requests: Iterable[str]
    ticker: Ticker = field(init=False)
    unsettled: Unsettled = field(init=False)

    def __post_init__(self) -> None:
        self.ticker = Ticker(self.published)
        self.unsettled = Unsettled(self.stack.outside, deque(self.requests))

    def until_done(self, patience: timedelta) -> None:
        """Return when all is settled and collected, or when so long nothing was.

        Raises NotStarted if a function cannot be kept running.
        """
        last, seen = time.monotonic(), self._state()
        while not self._is_done():
            time.sleep(LOOK_SECONDS)
            for function in self.stack.functions.values():
                if function.failed:
                    raise NotStarted(f"the function {function.name} {function.failed}")
            self._tell()
            if self._state() != seen:
                last, seen = time.monotonic(), self._state()
            elif time.monotonic() - last > patience.total_seconds():
                return

    def _is_done(self) -> bool:
        enroll, collect = self.stack.deliveries["enroll"], self.stack.deliveries["collect"]
        if enroll.under_way < IDLE:
            self.unsettled.look()
        # What `wake` has sent comes on top of what was published.
        if enroll.done < self.published + self.stack.scheduler.done["sent"]:
            return False
        return not self.unsettled.ids and all(
            each.open == 0 and each.quiet_for >= QUIET_SECONDS for each in (enroll, collect)
        )

    def _state(self) -> tuple[int, ...]:
        """Something that changes whenever there is progress."""
        return len(self.unsettled.ids), *(each.done for each in self.stack.deliveries.values())

    def _tell(self) -> None:
        enroll = self.stack.deliveries["enroll"]
        self.ticker.say(
            min(self.published, enroll.done),
            enroll.reached,
            self._waiting(enroll.open - enroll.under_way),
        )

    def _waiting(self, given_back: int) -> str:
        """What is waited for: messages that Pub/Sub will bring again, and what `wake` will send."""
        told = [f"{given_back:,} come again"] if given_back > 0 else []
        if self.published <= self.stack.deliveries["enroll"].done:
            told.append(f"{len(self.unsettled.ids):,} wait for their shortened hours")
        return ", ".join(told)
