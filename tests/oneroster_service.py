"""A OneRoster service on this machine: a token endpoint, users and classes, and what it is asked.

It knows what a test has put into it, counts every question, and fails as it is told to.
"""

import base64
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, unquote

from enrollment.sources.lookup import LookupPlace

CLIENT = "northside:a-made-up-secret=="
BASE = "/ims/oneroster/v1p1"


@dataclass
class Service:
    """What it knows, what it was asked, and what is wrong with it."""

    address: str = ""
    users: dict[str, Any] = field(default_factory=dict)
    classes: dict[str, Any] = field(default_factory=dict)
    expires_in: Any = 3600
    token: str = "token-1"
    tokens: list[dict[str, str]] = field(default_factory=list)  # what each was asked for with
    asked: list[str] = field(default_factory=list)  # the paths, after the base
    # A status instead of an answer: of the token endpoint, and of the rest.
    no_token: int | None = None
    failing: int | None = None
    failing_at: dict[str, list[int]] = field(default_factory=dict)  # an id's next answers
    body: bytes | None = None  # instead of what it knows
    headers: dict[str, str] = field(default_factory=dict)  # of a failure
    hold: threading.Event | None = None  # each answer waits for this
    entered: threading.Semaphore = field(default_factory=lambda: threading.Semaphore(0))
    accepted: set[str] = field(default_factory=lambda: {"token-1"})

    @property
    def place(self) -> LookupPlace:
        return LookupPlace(
            url=self.address + BASE, token_url=self.address + "/token", client="env://CLIENT"
        )

    def knows(self, user_id: str, **changes: Any) -> None:
        """From now on it knows a student."""
        usual = {"sourcedId": user_id, "status": "active", "role": "student", "enabledUser": "true",
                 "email": f"{user_id}@northside.example", "givenName": "Ada"}  # fmt: skip
        self.users[user_id] = usual | changes

    def has_class(self, class_id: str, **changes: Any) -> None:
        """From now on it knows a class."""
        usual = {"sourcedId": class_id, "status": "active", "classCode": "B7", "title": "Biology",
                 "course": {"sourcedId": "BIO"}, "terms": [{"sourcedId": "T1"}]}  # fmt: skip
        self.classes[class_id] = usual | changes

    def answer(self, path: str, authorization: str) -> tuple[int, bytes, dict[str, str]]:
        if self.failing:
            return self.failing, b"somebody's words", self.headers
        if authorization.removeprefix("Bearer ") not in self.accepted:
            return 401, b"", {}
        if self.body is not None:
            return 200, self.body, {}
        kind, _, sourced_id = path.strip("/").partition("/")
        if kind.endswith("?limit=1"):
            kind = kind.removesuffix("?limit=1")
            known = {"users": self.users, "classes": self.classes}[kind]
            return 200, json.dumps({kind: list(known.values())[:1]}).encode(), {}
        if self.failing_at.get(sourced_id):
            return self.failing_at[sourced_id].pop(0), b"somebody's words", {}
        known, name = {"users": (self.users, "user"), "classes": (self.classes, "class")}[kind]
        found = known.get(unquote(sourced_id))
        return (200, json.dumps({name: found}).encode(), {}) if found else (404, b"{}", {})

    def given(self, authorization: str, wanted: dict[str, str]) -> tuple[int, bytes]:
        """The answer to whoever wants a token."""
        self.tokens.append(wanted)
        if self.no_token:
            return self.no_token, b"somebody's words"
        if authorization != "Basic " + base64.b64encode(CLIENT.encode()).decode():
            return 401, b"{}"
        said = {"access_token": self.token, "token_type": "bearer", "expires_in": self.expires_in}
        return 200, json.dumps({k: v for k, v in said.items() if v is not None}).encode()


@contextmanager
def oneroster_service() -> Iterator[Service]:
    service = Service()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            path = self.path.removeprefix(BASE)
            service.asked.append(path)
            service.entered.release()
            if service.hold is not None:
                service.hold.wait(10)
            self.say(*service.answer(path, self.headers.get("authorization", "")))

        def do_POST(self) -> None:
            sent = self.rfile.read(int(self.headers["content-length"])).decode()
            wanted = {name: values[0] for name, values in parse_qs(sent).items()}
            self.say(*service.given(self.headers.get("authorization", ""), wanted), {})

        def say(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for name, value in {"content-length": str(len(body)), **headers}.items():
                self.send_header(name, value)
            self.end_headers()
            with suppress(ConnectionError):  # whoever asked has given up
                self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing is written to stderr."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        service.address = f"http://127.0.0.1:{server.server_port}"
        try:
            yield service
        finally:
            server.shutdown()
            thread.join()
