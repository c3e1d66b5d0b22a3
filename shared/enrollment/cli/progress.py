"""Progress on stderr: a line that renews itself; in a log, where each line stays, a few of them."""

import sys
import time
from typing import Self

EVERY_SECONDS = 0.2
PLAIN_EVERY_SECONDS = 10.0


class Progress:
    """One line about work that is under way; used as a context, it clears up after itself."""

    def __init__(self) -> None:
        self._terminal = sys.stderr.isatty()
        self._every = EVERY_SECONDS if self._terminal else PLAIN_EVERY_SECONDS
        self._said_at = time.monotonic()
        self._shown = False

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.clear()

    @property
    def due(self) -> bool:
        """Whether it is time for another line."""
        return time.monotonic() - self._said_at >= self._every

    def tell(self, text: str) -> None:
        """Show a line in the place of the last one, if it is time."""
        if not self.due:
            return
        self._said_at = time.monotonic()
        if self._terminal:
            print(f"\r\x1b[K{text}", end="", file=sys.stderr, flush=True)
            self._shown = True
        else:
            print(text, file=sys.stderr, flush=True)

    def clear(self) -> None:
        """Take the line away, so that something else can be written."""
        if self._shown:
            print("\r\x1b[K", end="", file=sys.stderr, flush=True)
            self._shown = False
