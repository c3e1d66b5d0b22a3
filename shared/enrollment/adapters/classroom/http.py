"""An `httplib2.Http` that sends a request once, and says whether the answer may have been lost.

httplib2 by itself sends a POST a second time when the server closes the connection before a status
line, and nobody hears of it (httplib2 source, `Http._conn_request`; measured in the classroom-api
facts, §9). Here that is an `AnswerLost`, so that one attempt stays one call.
"""

import http.client
import io
import select
import socket
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import httplib2

from enrollment.adapters.classroom.proxy import TunnelledHttps
from enrollment.adapters.clock import monotonic

# Google closes an idle connection after some minutes; a call on one that is closed in that moment
# would look like a lost answer.
IDLE_SECONDS = 30.0


class Unreached(Exception):
    """The request was never sent: no connection could be made."""


class AnswerLost(Exception):
    """The request may have been received, but no whole answer came back."""


class ErrorAnswer(Exception):
    """An answer with an error, as it came."""

    def __init__(self, http: int, content: bytes, retry_after: str | None = None) -> None:
        super().__init__(http)
        self.http, self.content, self.retry_after = http, content, retry_after


class _Until(io.RawIOBase):
    """A socket to read from until a time: a timeout alone begins anew with every byte."""

    def __init__(self, sock: socket.socket, ends: float) -> None:
        self._sock, self._ends = sock, ends
        self._raw = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = self._ends - monotonic()
        if left <= 0:
            raise TimeoutError
        self._sock.settimeout(left)
        return self._raw.readinto(buffer)

    def close(self) -> None:
        self._raw.close()
        super().close()


class _ResponseUntil(http.client.HTTPResponse):
    """A response that is whole by a time, or is none."""

    def __init__(self, sock: socket.socket, *, ends: float, **named: Any) -> None:
        super().__init__(sock, **named)
        self.fp.close()
        self.fp = io.BufferedReader(_Until(sock, ends))


class _Once:
    """A connection whose troubles httplib2 does not recognise, and so does not repeat.

    `ends`: until when the call may take that it is used for, with the connecting.
    """

    ends: float

    def connect(self) -> None:
        try:
            self._allow()
            super().connect()  # type: ignore[misc] # a mixin: the connection class comes after it
        except OSError as error:
            self.close()  # type: ignore[attr-defined] # as above
            raise Unreached(type(error).__name__) from error

    def request(self, *arguments: Any, **named: Any) -> None:
        try:
            self._allow()  # nothing is sent when it is too late
        except OSError as error:
            raise Unreached(type(error).__name__) from error
        # For this connection only; http.client calls it with the socket.
        vars(self)["response_class"] = partial(_ResponseUntil, ends=self.ends)
        try:
            super().request(*arguments, **named)  # type: ignore[misc] # as above
        except (OSError, http.client.HTTPException) as error:
            raise AnswerLost(type(error).__name__) from error

    def getresponse(self) -> http.client.HTTPResponse:
        try:
            return super().getresponse()  # type: ignore[misc,no-any-return] # as above
        except (OSError, http.client.HTTPException) as error:
            raise AnswerLost(type(error).__name__) from error

    def _allow(self) -> None:
        """Let the next step take what is left. Raises TimeoutError if that is nothing."""
        left = self.ends - monotonic()
        if left <= 0:
            raise TimeoutError
        vars(self)["timeout"] = left  # what http.client and httplib2 look at
        sock: socket.socket | None = self.sock  # type: ignore[attr-defined] # as above
        if sock is not None:
            sock.settimeout(left)


class _OnceHttp(_Once, httplib2.HTTPConnectionWithTimeout):
    pass


class _OnceHttps(_Once, TunnelledHttps):
    pass


class OneShotHttp(httplib2.Http):
    """Sends once. For one thread; the timeout may differ from call to call."""

    def __init__(self, timeout: float) -> None:
        super().__init__(timeout=timeout, proxy_info=None)  # the connection sees to proxies
        self.follow_redirects = False
        self.allow(timeout)
        self._last_used = monotonic()

    def request(  # noqa: PLR0917 - httplib2's own order
        self,
        uri: str,
        method: str = "GET",
        body: Any = None,
        headers: Any = None,
        redirections: int = httplib2.DEFAULT_MAX_REDIRECTS,
        connection_type: Any = None,
    ) -> Any:
        """Send one request. Raises Unreached or AnswerLost."""
        self._drop_idle()
        kind = connection_type or (_OnceHttps if urlsplit(uri).scheme == "https" else _OnceHttp)
        try:
            return super().request(uri, method, body, headers, redirections, kind)
        except (OSError, http.client.HTTPException, httplib2.HttpLib2Error) as error:
            self.close()
            raise AnswerLost(type(error).__name__) from error
        except BaseException:
            self.close()  # half an answer on a kept connection would be read as the next one
            raise
        finally:
            self._last_used = monotonic()

    def allow(self, seconds: float) -> None:
        """Let the next call take this many seconds from now, with all that belongs to it."""
        self.timeout, self._ends = seconds, monotonic() + seconds

    def _conn_request(self, conn: Any, *arguments: Any) -> Any:
        """What httplib2 does with a connection that it has found or made."""
        conn.ends = self._ends
        return super()._conn_request(conn, *arguments)  # type: ignore[misc] # httplib2's own

    def _drop_idle(self) -> None:
        idle = monotonic() - self._last_used > IDLE_SECONDS
        if idle or any(_closed(each.sock) for each in self.connections.values()):
            self.close()


def _closed(sock: socket.socket | None) -> bool:
    """Whether the other side has closed, or said something that nobody asked for."""
    if sock is None:
        return False
    waiting = select.poll()
    waiting.register(sock, select.POLLIN)
    return bool(waiting.poll(0))


class Calling:
    """What google-api-python-client takes for an http: a connection, and who calls.

    Errors never reach that library: it logs the body of a 403, which may name a person, puts the
    person's address into its exception, and stumbles over shapes that it does not expect.
    """

    def __init__(self, http: OneShotHttp, headers: dict[str, str]) -> None:
        self._http, self._headers = http, headers

    def request(self, uri: str, method: str, *, body: Any, headers: dict[str, str]) -> Any:
        """Send one request. Raises Unreached, AnswerLost or ErrorAnswer."""
        reply, content = self._http.request(uri, method, body, headers | self._headers)
        if reply.status >= 300:
            raise ErrorAnswer(reply.status, content, reply.get("retry-after"))
        return reply, content
