"""The embedded engine at work on a scene, with progress on stderr."""

import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random

from enrollment.clock import Deadline
from enrollment.embedded import Tally
from enrollment.reasons import Reason
from enrollment.settings import Settings, read_settings
from enrollment.timing import Waits
from enrollment.wiring import embedded as wiring
from infra.local.account import Account, account, repeat_creates
from infra.local.messages import Sending, sending
from infra.local.options import Options
from infra.local.scene import Scene
from infra.local.school import RunningSchool

# Longer than any of the product's waits at the default scale, 72 hours being 72 s; and no end of
# waiting where somebody asked for the real ones.
PATIENCE = timedelta(hours=80)
PULSE = 2.0


@dataclass(frozen=True, kw_only=True)
class Result:
    """A run, accounted for."""

    account: Account
    sending: Sending
    deliveries: int
    review: Counter[Reason]
    misspelt: str | None  # an item that another address mends
    calls: int
    repeats: int

    @property
    def in_review(self) -> int:
        """Items that wait for a person."""
        return self.review.total()


@dataclass
class Ticker:
    """Says how far it is: a line that is rewritten on a terminal, a line now and then elsewhere."""

    total: int
    started: float = field(default_factory=time.monotonic)
    said: float = 0.0

    def __call__(self, tally: Tally) -> None:
        """Say it, at most every other second."""
        now = time.monotonic()
        if now - self.said < PULSE:
            return
        self.said = now
        text = (
            f"  {now - self.started:4.0f} s  {self.total - tally.left:,} of {self.total:,} "
            f"messages done, {tally.deliveries:,} deliveries{_next(tally)}"
        )
        end = "\r" if sys.stderr.isatty() else "\n"
        print(f"{text:<100}" if end == "\r" else text, end=end, file=sys.stderr, flush=True)


def _next(tally: Tally) -> str:
    waiting = tally.left == 0 and tally.next_due is not None
    return ", waiting for what is due later" if waiting else ""


def play(scene: Scene, options: Options, school: RunningSchool, path: Path) -> Result:
    """Send the scene's messages, let the engine work, and account for all of it."""
    settings = stack_settings(scene, options, school, path)
    store = wiring.open_store(str(path))
    try:
        sent = sending(scene.requests, Random(options.seed), faults=options.faults != "none")
        store.requests.publish(sent.messages, Deadline.starting_now(store.clock))
        waits = Waits().scaled(options.time_scale)
        patience = max(PATIENCE * options.time_scale, timedelta(minutes=2))
        with wiring.engine(store, settings, wait=patience, waits=waits) as engine:
            tally = engine.run(Ticker(len(sent.messages)))
        return _result(store, scene, sent, tally, school)
    finally:
        store.database.close()


def stack_settings(scene: Scene, options: Options, school: RunningSchool, path: Path) -> Settings:
    """The settings of the engine: the fake school's, and nothing of the caller's environment."""
    return read_settings(
        store=f"sqlite:///{path}",
        administrator=scene.administrator,
        endpoint=school.endpoint,
        quota=options.quota,
        sources_file=scene.sources_file,
    )


def _result(
    store: wiring.Store, scene: Scene, sent: Sending, tally: Tally, school: RunningSchool
) -> Result:
    calls = school.ask("log")["calls"]
    aliases = {
        alias: course["id"]
        for course in school.ask("school")["courses"]
        for alias in course["aliases"]
    }
    deadline = Deadline.starting_now(store.clock)
    items = [stored.item for stored in store.reviews.open_items(deadline)]
    found = account(store, sent.requests, school.ask("roster"), aliases, scene.expected)
    return Result(
        account=found,
        sending=sent,
        deliveries=tally.deliveries + tally.faults,
        review=Counter(item.reason for item in items),
        misspelt=next((i.letter_id for i in items if i.reason is Reason.STUDENT_UNKNOWN), None),
        calls=len(calls),
        repeats=repeat_creates(calls, sent.requests),
    )
