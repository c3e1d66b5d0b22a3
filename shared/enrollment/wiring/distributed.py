"""What the functions run: the use-cases on Pub/Sub and Firestore, built once a process, when asked.

Nothing is built at import: a function starts, and says what is missing, whatever its environment.
"""

import sys
import threading
from collections.abc import Callable, Collection
from typing import Generic, TypeVar

from enrollment.adapters.clock import SystemClock
from enrollment.adapters.journal import JsonLines
from enrollment.collect import Collector
from enrollment.enroll import Enroller
from enrollment.pace import Pace
from enrollment.returned import Returns
from enrollment.settings import TO_ENROLL, Need, Settings, read_settings
from enrollment.timing import Waits
from enrollment.wake import Waker
from enrollment.wiring import usecases
from enrollment.wiring.cloud import open_store
from enrollment.wiring.usecases import Outside

Built = TypeVar("Built")

CLOCK = SystemClock()
JOURNAL = JsonLines(sys.stdout)


class Once(Generic[Built]):
    """Builds a thing when it is first called for, once for all threads; a failure is not kept."""

    def __init__(self, build: Callable[[], Built]) -> None:
        self._build = build
        self._lock = threading.Lock()
        self._built: Built | None = None

    def __call__(self) -> Built:
        """The thing."""
        if self._built is None:
            with self._lock:
                if self._built is None:
                    self._built = self._build()
        return self._built


def _enroller() -> Enroller:
    from enrollment.wiring.school import classroom  # only this function speaks to Classroom

    settings = _settings(TO_ENROLL)
    return usecases.enroller(
        around(),
        settings,
        classroom(settings),
        pace=Pace(CLOCK, settings.share),
        waits=Waits().scaled(settings.time_scale).with_scaled_clock(settings.time_scale),
        journal=JOURNAL,
    )


def _collector() -> Collector:
    return Collector(around().reviews, around().ledger, CLOCK)


def _returns() -> Returns:
    settings = _settings({Need.PSEUDONYM_KEY})
    return Returns(
        collector=collector(),
        claims=around().claims,
        clock=CLOCK,
        pseudonym_key=settings.pseudonym_key,
        new_claim=usecases.new_claim,
    )


def _waker() -> Waker:
    settings = _settings()
    # It sends for all instances of `enroll` together.
    return usecases.waker(around(), Pace(CLOCK, settings.share * settings.instances))


def _settings(needs: Collection[Need] = frozenset()) -> Settings:
    return read_settings(needs={*needs, Need.PROJECT})


def _around() -> Outside:
    """Firestore and Pub/Sub, or their emulators where the environment names them."""
    return open_store(_settings(), CLOCK).outside


around = Once(_around)
enroller = Once(_enroller)
collector = Once(_collector)
returns = Once(_returns)
waker = Once(_waker)
