"""A port on loopback with a thread for each connection, and an end that leaves nothing behind."""

import contextlib
import socket
import threading
from collections.abc import Callable

from infra.fake_classroom.wire import Connection, Reply, Request

LOOPBACK = "127.0.0.1"  # never anything else: the fake lets everybody in


class FakeHasABug(Exception):
    """Something in the fake itself failed; the message has no values, which may be addresses."""


class Listener:
    """Answers HTTP on a loopback port from `start` to `close`."""

    def __init__(self, answer: Callable[[Request], Reply], *, port: int, name: str) -> None:
        self._answer = answer
        self._name = name
        self._server = socket.create_server((LOOPBACK, port), backlog=128)
        self._closing = False
        self._open: dict[threading.Thread, socket.socket] = {}  # written by the acceptor only
        self._acceptor = threading.Thread(target=self._accept, name=f"{name}-accept", daemon=True)
        self.port: int = self._server.getsockname()[1]
        self.url = f"http://{LOOPBACK}:{self.port}/"

    def start(self) -> None:
        """Begin to accept connections."""
        self._acceptor.start()

    def close(self) -> None:
        """Stop accepting, end every connection, and return when all threads have ended."""
        self._closing = True
        if self._acceptor.is_alive():
            with contextlib.suppress(OSError):  # wakes accept(), which close() does not
                socket.create_connection((LOOPBACK, self.port), timeout=1).close()
            self._acceptor.join()
        self._server.close()
        for sock in self._open.values():
            with contextlib.suppress(OSError):  # the client may have been quicker
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self._open:
            thread.join()

    def _accept(self) -> None:
        while True:
            try:
                sock, _ = self._server.accept()
            except ConnectionAbortedError:  # the client gave up while it was waiting here
                continue
            if self._closing:
                sock.close()
                return
            thread = threading.Thread(target=self._serve, args=(sock,), name=self._name)
            thread.daemon = True
            thread.start()
            self._open = {t: s for t, s in self._open.items() if t.is_alive()} | {thread: sock}

    def _serve(self, sock: socket.socket) -> None:
        try:
            with sock:
                with contextlib.suppress(OSError):  # the client may have left already
                    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                Connection(sock, self._answer).serve()
        except Exception as bug:  # noqa: BLE001 - raised again, less what it may say of people
            message = f"{type(bug).__name__} in the fake itself"
            raise FakeHasABug(message).with_traceback(bug.__traceback__) from None
