"""Pub/Sub's client, loaded and made when the first message is sent.

Most deliveries send none, and a new instance of `enroll` gives its first answer without it: loading
and making it takes 170 ms of CPU.
"""

import threading
from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from enrollment.clock import Deadline
from enrollment.ports import Message, Unavailable
from enrollment.reasons import Reason
from enrollment.timing import PUBLISH_LIMIT

if TYPE_CHECKING:
    from google.pubsub_v1 import PublisherClient


class LaterPublisher:
    """One client for all threads, made when it is first asked for."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._made: PublisherClient | None = None

    def get(self, deadline: Deadline) -> "PublisherClient":
        """The client. Raises Unavailable(topic_down), also if another thread takes too long."""
        if self._made is not None:
            return self._made
        if deadline.within(PUBLISH_LIMIT) <= 0:
            raise Unavailable(Reason.TOPIC_DOWN, "no time is left to connect")
        if not self._lock.acquire(timeout=deadline.within(PUBLISH_LIMIT)):
            raise Unavailable(Reason.TOPIC_DOWN, "another delivery is still connecting")
        try:
            if self._made is None:
                from enrollment.adapters.pubsub import open_publisher

                self._made = open_publisher()
            return self._made
        finally:
            self._lock.release()

    def close(self) -> None:
        """Close the connection, if there is one."""
        if self._made is not None:
            self._made.transport.close()


@dataclass(frozen=True)
class LaterTopic:
    """One topic, by its path."""

    publisher: LaterPublisher
    path: str

    def publish(self, messages: Sequence[Message], deadline: Deadline) -> None:
        """Return once every message is accepted for good. Raises Unavailable(topic_down)."""
        publisher = self.publisher.get(deadline)
        from enrollment.adapters.pubsub import PubsubTopic

        PubsubTopic(publisher, self.path).publish(messages, deadline)
