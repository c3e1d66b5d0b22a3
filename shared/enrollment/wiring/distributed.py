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
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from enrollment.returned import Returns
from enrollment.settings import TO_ENROLL, Need, Settings, read_settings
from enrollment.timing import Waits
from enrollment.wake import Waker
from enrollment.wiring import usecases
from enrollment.wiring.cloud import CloudStore, open_store
from enrollment.wiring.unswept import unswept

Built = TypeVar("Built")

CLOCK = SystemClock()
JOURNAL = JsonLines(sys.stdout)


# Where credentials do not come, one look for them takes 12 s: whoever waits as long has little left
# of its 45 s, and who comes next need not try at once.
BUILD_WAIT, BUILD_REST = 10.0, 3.0


class Once(Generic[Built]):
    """Builds a thing when it is first called for, once for all threads.

    What was not available is not asked for again for a few seconds; any other failure is not kept,
    so that mended settings count at once.
    """

    def __init__(
        self, build: Callable[[], Built], wait: float = BUILD_WAIT, rest: float = BUILD_REST
    ) -> None:
        self._build, self._wait, self._rest = build, wait, rest
        self._lock = threading.Lock()
        self._built: Built | None = None
        self._trouble: Unavailable | None = None
        self._rests_until = 0.0

    def __call__(self) -> Built:
        """The thing. Raises Unavailable, also if another thread takes too long to build it."""
        if self._built is not None:
            return self._built
        if not self._lock.acquire(timeout=self._wait):
            raise Unavailable(Reason.LEDGER_DOWN, "another delivery is still connecting")
        try:
            if self._built is None:
                self._built = self._first()
            return self._built
        finally:
            self._lock.release()

    def _first(self) -> Built:
        if self._trouble is not None and CLOCK.monotonic() < self._rests_until:
            raise Unavailable(self._trouble.reason, self._trouble.detail)
        try:
            with unswept():  # a cold start is a twelfth shorter
                return self._build()
        except Unavailable as trouble:
            self._trouble, self._rests_until = trouble, CLOCK.monotonic() + self._rest
            raise


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
        line=around().line,
        clock=CLOCK,
        pseudonym_key=settings.pseudonym_key,
        new_claim=usecases.new_claim,
    )


def _waker() -> Waker:
    settings = _settings()
    looks = None
    if settings.forms_topic is not None:  # where no form is read, nothing of it is loaded
        from enrollment.wiring.forms import hourly_look

        looks = hourly_look(settings)
    # It sends for all instances of `enroll` together.
    pace = Pace(CLOCK, settings.share * settings.instances)
    return usecases.waker(around(), pace, looks)


def _settings(needs: Collection[Need] = frozenset()) -> Settings:
    return read_settings(needs={*needs, Need.PROJECT})


def _around() -> CloudStore:
    """Firestore and Pub/Sub, or their emulators where the environment names them."""
    return open_store(_settings(), CLOCK, _unreadable)


def _unreadable(record: str) -> None:
    JOURNAL.say("ERROR", "a record cannot be read", record=record)


around = Once(_around)
enroller = Once(_enroller)
collector = Once(_collector)
returns = Once(_returns)
waker = Once(_waker)
