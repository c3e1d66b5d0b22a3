"""Calls to Google Cloud: never longer than they may take, tried again, and their trouble told."""

import random
from collections.abc import Callable
from datetime import timedelta
from typing import TypeVar

import grpc
from google.api_core import exceptions
from google.auth.exceptions import GoogleAuthError

from enrollment.clock import Deadline
from enrollment.ports import Unavailable
from enrollment.reasons import Reason

Answer = TypeVar("Answer")

TROUBLE = (exceptions.GoogleAPIError, GoogleAuthError, grpc.RpcError)
# What may be gone a moment later. A write that was tried again may meet its own first try: whoever
# writes under a precondition knows how to tell.
PASSING = (
    exceptions.Aborted,
    exceptions.DeadlineExceeded,
    exceptions.InternalServerError,
    exceptions.ResourceExhausted,
    exceptions.ServiceUnavailable,
)
PAUSE_FIRST, PAUSE_MOST = 0.1, 1.0  # as in Google's own clients, but sooner at an end


def within(
    deadline: Deadline,
    call: Callable[[float], Answer],
    *,
    reason: Reason,
    limit: timedelta,
    one_try: timedelta,
) -> Answer:
    """What the call answers, tried again while its trouble may pass and time is left.

    `call` is told the seconds that a try may take. Raises Unavailable(reason) without Google's
    words, which repeat what was sent; only what will not pass by itself is left to the caller.
    """
    clock = deadline.clock
    mine = Deadline(clock, clock.monotonic() + deadline.within(limit))
    if not mine.remaining():
        raise Unavailable(reason, "no time is left")
    pause = PAUSE_FIRST
    while True:
        try:
            return call(mine.within(one_try))
        except PASSING as error:
            if mine.remaining() <= pause:
                raise Unavailable(reason, status(error)) from None
        clock.sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - spreads tries, guards nothing
        pause = min(2 * pause, PAUSE_MOST)


def status(error: Exception) -> str:
    """The name of an error's status, such as UNAVAILABLE; nothing that was sent is in it."""
    code = getattr(error, "grpc_status_code", None)
    if code is None and callable(asked := getattr(error, "code", None)):
        code = asked()
    return str(getattr(code, "name", type(error).__name__))
