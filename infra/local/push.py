"""One push: the request that Pub/Sub's push service makes of a function, and what its answer means.

Facts: the push page of Pub/Sub's documentation (payload, acknowledging statuses).
"""

import json
import select
import time
from base64 import b64encode
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from http.client import HTTPConnection, HTTPException
from typing import Any

from google.pubsub_v1 import PubsubMessage

ACKNOWLEDGING = frozenset({102, 200, 201, 202, 204})
HEADERS = {"Content-Type": "application/json", "User-Agent": "APIs-Google"}
# gunicorn closes what is idle for 2 s; a connection that it is about to close is not used.
MOST_IDLE = 1.0
# Cloud Run keeps a request for at least as long while it starts an instance.
INSTANCE_WAIT = 10.0

Address = tuple[str, int]


class NotAnswered(Exception):
    """No answer, and it is known at once: no instance, or the connection broke."""


class TooLate(Exception):
    """No answer within the ack deadline; the function may still be at it."""


def envelope(subscription: str, message: PubsubMessage, attempt: int | None) -> bytes:
    """The body of the push, as the service writes it; `attempt` with a dead-letter policy only."""
    published = message.publish_time.rfc3339() if message.publish_time else ""
    told: dict[str, Any] = {
        "messageId": message.message_id,
        "message_id": message.message_id,
        "publishTime": published,
        "publish_time": published,
    }
    if message.data:
        told["data"] = b64encode(message.data).decode()
    if message.attributes:
        told["attributes"] = dict(message.attributes)
    if message.ordering_key:
        told["orderingKey"] = message.ordering_key
    pushed: dict[str, Any] = {"message": told, "subscription": subscription}
    if attempt is not None:
        pushed["deliveryAttempt"] = attempt
    return json.dumps(pushed).encode()


@dataclass
class Pusher:
    """A connection to a function that is kept between pushes; for one thread."""

    address: Callable[[float], Address | None]  # waits that many seconds for an instance
    _connection: HTTPConnection | None = field(default=None, repr=False)
    _to: Address | None = None
    _used: float = 0.0

    def push(self, body: bytes, give_up: float) -> int:
        """POST it and return the status. Raises NotAnswered, and TooLate at `give_up`."""
        try:
            connection = self._connected(give_up)
            connection.request("POST", "/", body, HEADERS)
            self._allow(connection, give_up)
            reply = connection.getresponse()
            reply.read()
        except TimeoutError:
            self.close()
            if time.monotonic() >= give_up:
                raise TooLate from None
            raise NotAnswered from None
        except (OSError, HTTPException):
            self.close()
            raise NotAnswered from None
        self._used = time.monotonic()
        if reply.will_close or reply.status < 200:
            self.close()
        return reply.status

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._connection is not None:
            with suppress(OSError):
                self._connection.close()
            self._connection = None

    def _connected(self, give_up: float) -> HTTPConnection:
        remaining = give_up - time.monotonic()
        address = self.address(min(INSTANCE_WAIT, remaining))
        if address is None:
            raise NotAnswered
        if self._connection is not None and (address != self._to or self._is_stale()):
            self.close()
        if self._connection is None:
            host, port = self._to = address
            self._connection = HTTPConnection(host, port, timeout=max(0.001, remaining))
            self._connection.connect()
        else:
            self._allow(self._connection, give_up)
        return self._connection

    def _is_stale(self) -> bool:
        """Whether the function has closed it, or is about to."""
        assert self._connection is not None
        sock = self._connection.sock
        if sock is None or time.monotonic() - self._used > MOST_IDLE:
            return True
        return bool(select.select([sock], [], [], 0)[0])  # nothing to read but its end

    @staticmethod
    def _allow(connection: HTTPConnection, give_up: float) -> None:
        if connection.sock is not None:
            connection.sock.settimeout(max(0.001, give_up - time.monotonic()))
