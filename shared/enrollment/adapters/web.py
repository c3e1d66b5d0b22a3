"""One small question to an address that sources.toml names, by the standard library.

A question without a session needs no HTTP client, and a function that asks nothing does not pay for
loading one. Nothing is asked twice, nobody is followed elsewhere, and no answer grows without end.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from email.message import Message
from http.client import HTTPException, HTTPResponse
from typing import Any
from urllib.error import HTTPError
from urllib.request import (
    BaseHandler,
    HTTPRedirectHandler,
    OpenerDirector,
    ProxyHandler,
    Request,
    build_opener,
)

from enrollment.adapters.clock import monotonic
from enrollment.verify.options import here

MOST_BYTES = 64 * 1024  # Google's two keys take 1.5 KiB, a token 3
CHUNK = 8 * 1024
# Python's own name is turned away by some of the walls that stand before such addresses.
ASKED_BY = {"User-Agent": "classroom-enrollment", "Accept": "application/json"}


@dataclass(frozen=True)
class Answer:
    """What was answered, whatever its status; at most `MOST_BYTES`."""

    status: int
    headers: Message = field(repr=False)
    body: bytes = field(repr=False)


class NoAnswer(Exception):
    """There is no answer that could be used; the message holds nothing of it."""


class _NoRedirects(HTTPRedirectHandler):
    """The address is written in sources.toml, and nobody else may name another."""

    def http_error_302(self, *_: Any, **__: Any) -> None:
        """Leave it to whoever asked; what may be no address at all is not even read."""

    http_error_301 = http_error_303 = http_error_307 = http_error_308 = http_error_302


def ask(
    address: str,
    seconds: float,
    *,
    data: bytes | None = None,
    headers: Mapping[str, str] | None = None,
    through: OpenerDirector | None = None,
) -> Answer:
    """The answer of an http or https address to GET, or to POST with data. Raises NoAnswer.

    Whoever asks often keeps an `opener` of its own: a new one loads the machine's certificates.
    """
    ends = monotonic() + seconds
    asked = Request(address, data, {**ASKED_BY, **(headers or {})})  # noqa: S310 - as declared
    try:
        with (through or _opener(address)).open(asked, timeout=seconds) as answer:
            return Answer(answer.status, answer.headers, _whole(answer, ends))
    except HTTPError as error:
        with error:
            return Answer(error.code, error.headers, b"")
    except (OSError, HTTPException) as error:  # whose text may hold what was answered
        raise NoAnswer(f"there is no answer ({_kind(error)})") from None


def opener(*handlers: BaseHandler) -> OpenerDirector:
    """What opens addresses, and follows nobody to another."""
    return build_opener(_NoRedirects, *handlers)


def _whole(answer: HTTPResponse, ends: float) -> bytes:
    document = b""
    while piece := answer.read1(CHUNK):
        document += piece
        if len(document) > MOST_BYTES:
            raise NoAnswer(f"what is there is larger than {MOST_BYTES // 1024} KiB")
        if monotonic() > ends:  # the timeout alone begins anew with every piece
            raise TimeoutError
    return document


def _opener(address: str) -> OpenerDirector:
    """Through the proxy that the environment names, but never to this machine itself."""
    elsewhere = here(address) is not None
    return opener(ProxyHandler(None if elsewhere else {}))


def _kind(error: Exception) -> str:
    """What went wrong; urllib wraps it once."""
    reason = getattr(error, "reason", None)
    return type(reason if isinstance(reason, Exception) else error).__name__
