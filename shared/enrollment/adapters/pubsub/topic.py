"""A topic in Pub/Sub."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from google.auth.exceptions import GoogleAuthError
from google.pubsub_v1 import PublisherClient
from google.pubsub_v1.types import PublishRequest

from enrollment.adapters.calls import TROUBLE, status, within
from enrollment.clock import Deadline
from enrollment.ports import Message, Unavailable
from enrollment.reasons import Reason
from enrollment.timing import PUBLISH_LIMIT

# Pub/Sub takes 1,000 messages and 10 MB in one request (its quotas page); the rest is the frame.
MOST_MESSAGES, MOST_BYTES = 1_000, 9_000_000
FRAME = 20  # bytes around each message and each attribute, at most


@dataclass(frozen=True)
class PubsubTopic:
    """One topic, by its path. Nothing is kept back to be sent in the background."""

    publisher: PublisherClient
    path: str

    def publish(self, messages: Sequence[Message], deadline: Deadline) -> None:
        """Return once every message is accepted for good. Raises Unavailable(topic_down)."""
        limit = Deadline(
            deadline.clock, deadline.clock.monotonic() + deadline.within(PUBLISH_LIMIT)
        )
        for request in self._requests(messages):
            self._publish(request, limit)

    def _publish(self, request: PublishRequest, deadline: Deadline) -> None:
        def one_try(seconds: float) -> None:
            self.publisher.publish(request=request, retry=None, timeout=seconds)

        try:
            within(
                deadline,
                one_try,
                reason=Reason.TOPIC_DOWN,
                limit=PUBLISH_LIMIT,
                one_try=PUBLISH_LIMIT,
            )
        except TROUBLE as error:
            raise Unavailable(Reason.TOPIC_DOWN, status(error)) from None

    def _requests(self, messages: Sequence[Message]) -> Iterator[PublishRequest]:
        request, room = PublishRequest(topic=self.path), MOST_BYTES
        for message in messages:
            size, inside = _size(message), PublishRequest.pb(request).messages
            if len(inside) == MOST_MESSAGES or (inside and size > room):
                yield request
                request, room = PublishRequest(topic=self.path), MOST_BYTES
                inside = PublishRequest.pb(request).messages
            inside.add(data=message.body, attributes=message.attributes)
            room -= size
        if PublishRequest.pb(request).messages:
            yield request


def open_publisher() -> PublisherClient:
    """A client of Pub/Sub, or of its emulator; nothing is sent yet.

    Raises Unavailable(topic_down) if there are no credentials.
    """
    try:
        return PublisherClient()  # it reads PUBSUB_EMULATOR_HOST by itself
    except GoogleAuthError as error:
        raise Unavailable(Reason.TOPIC_DOWN, status(error)) from None


def _size(message: Message) -> int:
    labels = sum(
        len(name.encode()) + len(value.encode()) + FRAME
        for name, value in message.attributes.items()
    )
    return len(message.body) + labels + FRAME
