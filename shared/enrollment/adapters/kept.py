"""Something fetched from elsewhere, kept for a while, and served on while no new one can be had."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic, NamedTuple, TypeVar

from enrollment.ports import Unavailable

T = TypeVar("T")
# Seconds. Nobody waits for a fetch that has just failed: what is kept is served, or the same
# trouble is told at once.
PAUSE = 10.0


class Fetched(NamedTuple, Generic[T]):
    """What was fetched, and for how many seconds it is good."""

    value: T
    good_for: float


class Gone(Exception):
    """Whoever has it says that it is not to be had: what is kept is not to be served either."""

    def __init__(self, trouble: Unavailable) -> None:
        super().__init__()
        self.trouble = trouble


@dataclass(frozen=True)
class _State(Generic[T]):
    """What is known at one time; never changed, so a reader needs no lock."""

    fetched: Fetched[T] | None
    asked_at: float
    due_at: float
    trouble: Unavailable | None


class Kept(Generic[T]):
    """For any number of threads, of which one at a time fetches.

    `fetch` raises Unavailable if it cannot be had now, or Gone.
    """

    def __init__(self, fetch: Callable[[], Fetched[T]], monotonic: Callable[[], float]) -> None:
        self._fetch, self._monotonic = fetch, monotonic
        self._fetching = threading.Lock()
        self._state: _State[T] = _State(None, float("-inf"), float("-inf"), None)

    def value(self) -> T:
        """It, or the one before while there is trouble. Raises Unavailable if there is none."""
        if self._monotonic() < self._state.due_at:
            return self._served()
        # Who can be served meanwhile does not wait for the thread that fetches.
        if self._fetching.acquire(blocking=self._state.fetched is None):
            try:
                if self._monotonic() >= self._state.due_at:
                    self._renew()
            finally:
                self._fetching.release()
        return self._served()

    def newer(self, than: float) -> T:
        """It as somebody has it now, unless it was asked for within `than` seconds.

        Raises Unavailable if the last attempt failed, whatever is kept.
        """
        with self._fetching:
            if self._monotonic() - self._state.asked_at >= than:
                self._renew()
        if self._state.trouble is not None:
            raise _again(self._state.trouble)
        return self._served()

    def _renew(self) -> None:
        kept = self._state.fetched
        try:
            fetched = self._fetch()
        except Gone as gone:
            now = self._monotonic()
            self._state = _State(None, now, now + PAUSE, gone.trouble)
        except Unavailable as trouble:
            now = self._monotonic()
            self._state = _State(kept, now, now + PAUSE, trouble)
        else:
            now = self._monotonic()
            self._state = _State(fetched, now, now + fetched.good_for, None)

    def _served(self) -> T:
        state = self._state
        if state.fetched is not None:
            return state.fetched.value
        assert state.trouble is not None  # neither only before the first attempt
        raise _again(state.trouble)


def _again(trouble: Unavailable) -> Unavailable:
    """The same trouble; one exception that several threads raise would gather their tracebacks."""
    return Unavailable(trouble.reason, trouble.detail)
