"""A receiver of webhooks on loopback: the reference library judges each request, a test answers."""

import json
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

from standardwebhooks.webhooks import Webhook, WebhookVerificationError

ACCEPTED = (202, {}, {"request_id": "r1-1", "status": "accepted"})
AWAY = (503, {}, {})


def away(seconds):
    """A refusal for now, with the time to come back."""
    return (503, {"Retry-After": str(seconds)}, {})


def problem(*errors, status=422):
    """A refusal as the service writes it."""
    told = [dict(zip(("pointer", "code", "detail"), each, strict=True)) for each in errors]
    return (status, {}, {"title": "refused", "status": status, "errors": told})


class Receiver:
    """What arrived, and what it answers: the next of `answers`, or 202 when there is none."""

    def __init__(self, port, secrets):
        self.port = port
        self.secrets = list(secrets)
        self.answers = []
        self.requests = []  # every one
        self.accepted = []  # the bodies of those that were signed and answered 202

    @property
    def ids(self):
        return [headers["webhook-id"] for headers, _ in self.requests]

    def answer(self, path, headers, body):
        """Status, headers and body for one request."""
        self.requests.append((headers, body))
        if not any(self._knows(secret, headers, body) for secret in self.secrets):
            return 401, {}, {"title": "unauthorized", "status": 401}
        if path != "/office-form":
            return 404, {}, {"title": "not found", "status": 404}
        status, more, told = self.answers.pop(0) if self.answers else ACCEPTED
        if status == ACCEPTED[0]:
            self.accepted.append(json.loads(body))
        return status, more, told

    @staticmethod
    def _knows(secret, headers, body):
        try:
            Webhook(secret).verify(body, headers)
        except WebhookVerificationError:
            return False
        return True


@contextmanager
def receiving(*secrets):
    """A receiver that knows these secrets, while the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, more, told = receiver.answer(self.path, headers, body)
            text = json.dumps(told).encode()
            self.send_response(status)
            for name, value in (more | {"Content-Length": str(len(text))}).items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(text)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    receiver = Receiver(server.server_port, secrets)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        yield receiver
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
