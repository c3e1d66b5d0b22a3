"""A raw server on loopback that does to each request what its script says, and counts."""

import socket
import struct
import threading
from contextlib import contextmanager, suppress

HANG_UP = struct.pack("ii", 1, 0)  # SO_LINGER on, for 0 s: close() sends RST instead of FIN


def reply(body=b"{}", status="200 OK", **headers):
    """A whole reply; `Content_Type="text/plain"` makes a header."""
    lines = [f"HTTP/1.1 {status}", f"Content-Length: {len(body)}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join([*lines, "", ""]).encode() + body


CLOSE, RESET, HANG = "close", "reset", "hang"


class Server:
    """Its steps, one for each request: bytes to send, or a way to end the connection.

    A tuple of the two sends first and ends then. When the script is at its end, it closes.
    """

    def __init__(self, *steps):
        self._steps = iter(steps)
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._ended = threading.Event()
        self._threads = []
        self._open = []
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}/v1"
        self.hits = []
        self.connections = 0

    def serve(self):
        with suppress(OSError):  # closed at the end of the test
            while True:
                connection, _ = self._listening.accept()
                if self._ended.is_set():
                    connection.close()
                    return
                self.connections += 1
                self._open.append(connection)
                thread = threading.Thread(target=self._answer, args=(connection,))
                thread.start()
                self._threads.append(thread)

    def _answer(self, connection):
        with connection, suppress(OSError):
            connection.settimeout(2)
            while (request := self._read(connection)) is not None:
                self.hits.append(request)
                step = next(self._steps, CLOSE)
                sent, end = step if isinstance(step, tuple) else (step, None)
                if isinstance(sent, bytes):
                    connection.sendall(sent)
                if HANG in (sent, end):
                    self._ended.wait(2)
                if RESET in (sent, end):
                    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, HANG_UP)
                if not isinstance(step, bytes):
                    return

    @staticmethod
    def _read(connection):
        request = b""
        while b"\r\n\r\n" not in request:
            piece = connection.recv(65536)
            if not piece:
                return None
            request += piece
        head, _, body = request.partition(b"\r\n\r\n")
        lengths = [line for line in head.lower().split(b"\r\n") if b"content-length:" in line]
        missing = int(lengths[0].partition(b":")[2]) - len(body) if lengths else 0
        while missing > 0:
            piece = connection.recv(missing)
            body, missing = body + piece, missing - len(piece)
        return head + b"\r\n\r\n" + body

    def close(self):
        self._ended.set()
        host = self._listening.getsockname()
        with suppress(OSError):  # wakes accept()
            socket.create_connection(host, timeout=1).close()
        self._listening.close()
        for connection in self._open:
            with suppress(OSError):  # ended already
                connection.shutdown(socket.SHUT_RDWR)


@contextmanager
def serving(*steps):
    """A server with this script."""
    server = Server(*steps)
    accepting = threading.Thread(target=server.serve)
    accepting.start()
    try:
        yield server
    finally:
        server.close()
        accepting.join()
        for thread in server._threads:
            thread.join()


def refused_port():
    """An address where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        return f"http://127.0.0.1:{taken.getsockname()[1]}/v1"
