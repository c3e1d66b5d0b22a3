"""What every door has in common: a deadline from the first moment, an honest status at the end."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO

import flask

from enrollment.clock import Deadline
from enrollment.journal import Line
from enrollment.ports import Unavailable
from enrollment.push import as_delivery
from enrollment.settings import SettingsError
from enrollment.sources.undeclarable import DeclarationError
from enrollment.wire import Delivery
from enrollment.wiring.distributed import CLOCK, JOURNAL

Reply = tuple[str, int, dict[str, str]]
DONE, NOT_NOW, OUR_FAULT = 200, 503, 500
TEXT, JSON = "text/plain; charset=utf-8", "application/json"
LOOKS = frozenset({"GET", "HEAD", "OPTIONS"})

# A request has 64 KiB at most. What is longer than this is none, and takes up to six times its
# length while it is read and set aside: one at a time, or 32 of 10 MB would end the instance.
LARGE = 1_048_576
PIECE = 65_536
_room_for_large = threading.Semaphore(1)


class NotNow(Exception):
    """The delivery cannot be worked on now and must come again; the message says why."""


def reply(status: int, text: str, content_type: str = TEXT) -> Reply:
    """A reply that no browser takes for a page."""
    headers = {"Content-Type": content_type, "X-Content-Type-Options": "nosniff"}
    return text, status, headers


def answered(work: Callable[[Deadline], Reply]) -> Reply:
    """The work's reply; 503 when it cannot be done now, 500 for a fault of ours.

    A fault is journalled by its kind and its places: its message may hold an address, and so might
    the framework's own traceback.
    """
    try:
        return work(Deadline.starting_now(CLOCK))
    except Unavailable as trouble:
        JOURNAL.say("WARNING", "not now", reason=trouble.reason, detail=trouble.detail)
        return reply(NOT_NOW, f"not now: {trouble.reason}")
    except NotNow as trouble:
        JOURNAL.say("WARNING", "not now", detail=str(trouble))
        return reply(NOT_NOW, f"not now: {trouble}")
    except SettingsError as wrong:
        JOURNAL.say("CRITICAL", str(wrong))
        return reply(OUR_FAULT, "the settings are not complete: see the log")
    except DeclarationError as wrong:  # it names keys and never their values
        JOURNAL.say("CRITICAL", f"SOURCES_FILE cannot be used: {wrong}")
        return reply(OUR_FAULT, "the declared sources cannot be used: see the log")
    except Exception as fault:  # noqa: BLE001 - whatever it is, the message must come again
        line = Line()
        line.fault(fault)
        JOURNAL.record(line)
        return reply(OUR_FAULT, f"a fault of ours: {type(fault).__name__}")


def delivered(request: flask.Request, work: Callable[[Delivery], Reply]) -> Reply:
    """The work's reply to the delivery in a push request; as `answered` says if there is none.

    Whoever only looks, with an empty GET, HEAD or OPTIONS, is told what this is.
    """

    def read_and_work(deadline: Deadline) -> Reply:
        with _room(request):
            body = _received(request)
            if not body and request.method in LOOKS:
                return reply(DONE, "this takes what Pub/Sub pushes")
            delivery = as_delivery(body, deadline)
            del body  # a large one is not kept twice
            return work(delivery)

    return answered(read_and_work)


@contextmanager
def _room(request: flask.Request) -> Iterator[None]:
    """Room for the request's body until the work is done. Raises NotNow if it is a large one more.

    What the framework would still read after the reply is taken away here: it would keep all of it.
    """
    length = request.content_length
    large = length > LARGE if length is not None else "Transfer-Encoding" in request.headers
    try:
        if large and not _room_for_large.acquire(blocking=False):
            _drop(request)
            raise NotNow("another large message is being worked on")
        try:
            yield
        finally:
            if large:
                _room_for_large.release()
    finally:
        request.stream = BytesIO()


def _received(request: flask.Request) -> bytes:
    """The whole body. Raises NotNow if it broke off: half a request is not for a person to see."""
    try:
        body = request.get_data(cache=False)
    except Exception:  # noqa: BLE001 - the server's and the socket's, which have no common kind
        raise NotNow("the message broke off on its way") from None
    if request.content_length not in (None, len(body)):
        raise NotNow("the message broke off on its way")
    return body


def _drop(request: flask.Request) -> None:
    """Let the sender finish: it reads no reply before."""
    with suppress(Exception):
        while request.stream.read(PIECE):
            pass
