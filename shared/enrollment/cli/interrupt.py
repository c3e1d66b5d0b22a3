"""Ctrl-C at a safe point: the first one is remembered, the second one ends the process at once."""

import os
import signal
import threading
from types import FrameType
from typing import Self

INTERRUPTED = 130  # the exit code after Ctrl-C
NOTICE = b"\nstopping: what is under way is finished first (Ctrl-C again: at once)\n"
AT_ONCE = b"\nstopped at once: nothing is lost, the next run does again what was under way\n"


class Interruptible:
    """Keeps Ctrl-C from tearing a transaction; `check` raises KeyboardInterrupt where it suits."""

    def __init__(self) -> None:
        self._wanted = False

    def __enter__(self) -> Self:
        # Only the main thread may set a handler, and only it is interrupted.
        self._is_main = threading.current_thread() is threading.main_thread()
        if self._is_main:
            self._before = signal.signal(signal.SIGINT, self._remember)
        return self

    def __exit__(self, *_: object) -> None:
        if self._is_main:
            signal.signal(signal.SIGINT, self._before)

    def _remember(self, _number: int, _frame: FrameType | None) -> None:
        if self._wanted:
            # No exception: it would wait for every thread, and each for its call to Classroom.
            # The store takes it for a crash, which it survives: a transaction is all or nothing.
            os.write(2, AT_ONCE)
            os._exit(INTERRUPTED)
        self._wanted = True
        os.write(2, NOTICE)  # print is not safe in a signal handler

    def check(self) -> None:
        """Raise KeyboardInterrupt if Ctrl-C was pressed since the beginning."""
        if self._wanted:
            raise KeyboardInterrupt
