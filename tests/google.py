"""A stand-in for Google's sign-in, on loopback: it gives codes, and takes each back once."""

import base64
import hashlib
import json
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, parse_qsl, urlsplit

from tests.tokens import jwks, token

CLIENT, SECRET = "a-client.apps.googleusercontent.com", "GOCSPX-made-up"


@dataclass
class Google:
    """Who signs in, and what the client asked for."""

    address: str
    account: dict[str, object] = field(default_factory=dict)  # claims about whoever signs in
    status: int = 200  # of the token endpoint, when it is not asked in vain
    asked: list[dict[str, str]] = field(default_factory=list)
    exchanged: list[dict[str, str]] = field(default_factory=list)
    _given: dict[str, dict[str, str]] = field(default_factory=dict)

    def sign_in(self, address: str, **account: object) -> str:
        """What a browser is sent back to, once a person has signed in at this address."""
        asked = dict(parse_qsl(urlsplit(address).query))
        self.asked.append(asked)
        self.account = account
        code = secrets.token_urlsafe(16)
        self._given[code] = asked
        return f"{asked['redirect_uri']}?state={asked['state']}&code={code}"

    def exchange(self, said: dict[str, str]) -> tuple[int, dict[str, object]]:
        """The ID token for a code, as the token endpoint answers it."""
        self.exchanged.append(said)
        if self.status != 200:
            return self.status, {"error": "server_error"}
        if said.get("client_secret") != SECRET or said.get("client_id") != CLIENT:
            return 401, {"error": "invalid_client"}
        asked = self._given.pop(said.get("code", ""), None)
        challenge = hashlib.sha256(said.get("code_verifier", "").encode()).digest()
        proof = base64.urlsafe_b64encode(challenge).rstrip(b"=").decode()
        if (
            asked is None
            or said.get("redirect_uri") != asked["redirect_uri"]
            or proof != asked["code_challenge"]
        ):
            return 400, {"error": "invalid_grant"}
        now = int(datetime.now(UTC).timestamp())
        claims = {"iss": "https://accounts.google.com", "aud": CLIENT, "nonce": asked["nonce"],
                  "iat": now, "exp": now + 3600, "sub": "1"}  # fmt: skip
        return 200, {"id_token": token(claims | self.account), "access_token": "of no use"}


@contextmanager
def a_google() -> Iterator[Google]:
    """Google on a free port."""

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if "code_challenge=" in self.path:  # a browser, on its way to sign in
                self._send_back(google.sign_in(self.path, **google.account))
            else:
                self._answer(200, jwks())

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            said = {name: values[0] for name, values in parse_qs(body).items()}
            status, answer = google.exchange(said)
            self._answer(status, json.dumps(answer).encode())

        def _answer(self, status: int, body: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def _send_back(self, address: str) -> None:
            self.send_response(303)
            self.send_header("Location", address)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_: object) -> None:
            """Nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    google = Google(f"http://127.0.0.1:{server.server_address[1]}")
    thread = Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    try:
        yield google
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
