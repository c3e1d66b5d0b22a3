"""HTTP/1.1 on one connection: read a request, send a reply, or end the way a fault wants."""

import contextlib
import socket
import struct
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from http import HTTPStatus

from infra.fake_classroom.log import Receipt

JSON_TYPE = "application/json; charset=UTF-8"
MOST_HEADER_BYTES = 64 * 1024
MOST_BODY_BYTES = 64 * 1024 * 1024  # a school of 100,000 students is about 15 MB of JSON
_HANG_UP = struct.pack("ii", 1, 0)  # SO_LINGER on, for 0 s: close() sends RST instead of FIN


class Malformed(Exception):
    """What came over the connection is not an HTTP/1.1 request with a Content-Length."""


class Ending(StrEnum):
    """How a reply leaves."""

    WHOLE = "whole"
    CLOSED = "closed"
    RESET = "reset"
    HANG = "hang"


@dataclass(frozen=True, kw_only=True)
class Request:
    """One request, header names in lower case."""

    verb: str
    path: str
    query: str = ""
    headers: Mapping[str, str]
    body: bytes = b""

    @property
    def is_last(self) -> bool:
        """True if the client wants the connection closed after the reply."""
        return self.headers.get("connection", "").lower() == "close"


@dataclass(frozen=True, kw_only=True)
class Reply:
    """One reply, and how and when it leaves."""

    status: int = 200
    body: bytes = b"{}"
    content_type: str = JSON_TYPE
    ending: Ending = Ending.WHOLE
    wait: float = 0.0
    receipt: Receipt | None = None

    def encoded(self) -> bytes:
        """Head and body as one piece, for one send: two would wait 40 ms for a delayed ACK."""
        head = (
            f"HTTP/1.1 {self.status} {HTTPStatus(self.status).phrase}\r\n"
            f"Content-Type: {self.content_type}\r\nContent-Length: {len(self.body)}\r\n"
            "Server: ESF\r\nCache-Control: private\r\n\r\n"
        )
        return head.encode("latin-1") + self.body


class Connection:
    """Serves one client until either side has enough."""

    def __init__(self, sock: socket.socket, answer: Callable[[Request], Reply]) -> None:
        self._sock = sock
        self._answer = answer
        self._buffer = b""

    def serve(self) -> None:
        """Answer request after request; returns when the connection is over."""
        receipt: Receipt | None = None
        try:
            while (request := self._read()) is not None:
                reply = self._answer(request)
                receipt = reply.receipt
                if not self._send(reply) or request.is_last:
                    return
        except Malformed:
            with contextlib.suppress(OSError):  # it may not wait for our opinion
                self._send(Reply(status=400, body=b"Bad Request", content_type="text/plain"))
        except OSError:  # reset by the client: the kernel does so if it died with our reply unread
            if receipt is not None:
                receipt.unread()

    def _send(self, reply: Reply) -> bool:
        """Do what the reply wants; False if the connection must end."""
        if reply.ending is Ending.HANG:
            self._is_left_within(None)
            return False
        if self._is_left_within(reply.wait) or reply.ending is Ending.CLOSED:
            return False
        if reply.ending is Ending.RESET:
            self._sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _HANG_UP)
            return False
        return self._write(reply)

    def _write(self, reply: Reply) -> bool:
        if reply.receipt is None:
            self._sock.sendall(reply.encoded())
            return True
        reply.receipt.writing()
        whole = False
        try:
            self._sock.sendall(reply.encoded())
            whole = True
        finally:
            reply.receipt.written(at=time.time(), whole=whole)
        return True

    def _is_left_within(self, seconds: float | None) -> bool:
        """Wait (None: for ever); True as soon as the client has closed its end, or half of it."""
        self._sock.settimeout(seconds)
        try:
            return self._sock.recv(1, socket.MSG_PEEK) == b""
        except (BlockingIOError, TimeoutError):
            return False
        finally:
            self._sock.settimeout(None)

    def _read(self) -> Request | None:
        """The next request; None if the client has closed the connection between two."""
        while b"\r\n\r\n" not in self._buffer:
            if len(self._buffer) > MOST_HEADER_BYTES:
                raise Malformed
            if not self._receive():
                return None
        head, _, self._buffer = self._buffer.partition(b"\r\n\r\n")
        request_line, *lines = head.decode("latin-1").split("\r\n")
        try:
            verb, target, _ = request_line.split(" ")
            pairs = (line.split(":", 1) for line in lines)
            headers = {name.strip().lower(): value.strip() for name, value in pairs}
            length = int(headers.get("content-length", "0"))
        except ValueError:
            raise Malformed from None
        if "transfer-encoding" in headers or not 0 <= length <= MOST_BODY_BYTES:
            raise Malformed
        body = self._body(length)
        path, _, query = target.partition("?")
        return Request(verb=verb, path=path, query=query, headers=headers, body=body)

    def _body(self, length: int) -> bytes:
        pieces = [self._buffer]
        missing = length - len(self._buffer)
        while missing > 0:
            piece = self._sock.recv(min(missing, 1 << 20))
            if not piece:
                raise Malformed
            pieces.append(piece)
            missing -= len(piece)
        whole = b"".join(pieces)
        self._buffer = whole[length:]
        return whole[:length]

    def _receive(self) -> bool:
        piece = self._sock.recv(65536)
        self._buffer += piece
        return piece != b""
