"""A server on this machine that answers as somebody elsewhere would."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass
class Answer:
    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    length: int | None = None  # if another one is announced
    slowly: threading.Event | None = None  # after the first byte it waits for this


@dataclass
class Elsewhere:
    """What it answers, and what it was asked: path and Authorization."""

    answer: Answer = field(default_factory=Answer)
    asked: list[tuple[str, str | None]] = field(default_factory=list)
    address: str = ""


@contextmanager
def elsewhere() -> Iterator[Elsewhere]:
    there = Elsewhere()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            answer = there.answer
            there.asked.append((self.path, self.headers.get("authorization")))
            self.send_response(answer.status)
            length = len(answer.body) if answer.length is None else answer.length
            for name, value in {"content-length": str(length), **answer.headers}.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(ConnectionError):  # whoever asked has given up
                self.wfile.write(answer.body[:1])
                if answer.slowly is not None:
                    answer.slowly.wait(10)
                self.wfile.write(answer.body[1:])

        def log_message(self, *_: object) -> None:
            """Nothing is written to stderr."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        there.address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield there
        finally:
            server.shutdown()
            thread.join()
