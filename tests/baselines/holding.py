"""A proxy that can stop time: it holds a call, or the reply to one, until a test lets it go."""

import threading
import time

from tests.grpc_proxy import Proxy

LOOK_EVERY = 0.02
LONGEST = 300.0  # seconds that anything is held


class HoldingProxy(Proxy):
    """Counts as `Proxy` does; `hold_calls_once` and `hold_next_reply` keep a worker waiting.

    A held call is not passed on before it is let go, and never if its client is gone by then. A
    held reply is that of a call that has taken effect.
    """

    def __init__(self, target):
        super().__init__(target)
        self.held = threading.Event()
        self._let_go = threading.Event()
        self._when = None
        self._reply_of = None

    def hold_calls_once(self, true):
        """From the moment that `true()` holds, keep every call back."""
        self._when = true

    def hold_next_reply(self, method="Commit"):
        """Keep the reply of the next call of a method back."""
        self._reply_of = method

    def let_go(self):
        """Pass on what is held, and hold nothing more."""
        self._when = self._reply_of = None
        self._let_go.set()

    def _pass_on(self, path, headers, requests, context):
        if self._when and self._when() and not self._wait(context):
            return
        name = path.rpartition("/")[2]
        replies = super()._pass_on(path, headers, requests, context)
        if name != self._reply_of:
            yield from replies
            return
        self._reply_of = None
        kept = list(replies)
        if self._wait(context):
            yield from kept

    def _wait(self, context):
        self.held.set()
        give_up = time.monotonic() + LONGEST
        while not self._let_go.wait(LOOK_EVERY) and time.monotonic() < give_up:
            if not context.is_active():
                return False
        return True
