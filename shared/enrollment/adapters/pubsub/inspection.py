"""What is subscribed to a topic, and how: a look that changes nothing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, TypeVar

from google.api_core.exceptions import NotFound
from google.auth.exceptions import GoogleAuthError
from google.pubsub_v1 import PublisherClient, SubscriberClient
from google.pubsub_v1.types import Subscription

from enrollment.adapters.calls import TROUBLE, status, within
from enrollment.clock import Deadline
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from enrollment.subscription import Subscribed
from enrollment.timing import PUBLISH_LIMIT

Answer = TypeVar("Answer")


@dataclass(frozen=True)
class PubsubInspection:
    """The topics of one project."""

    project: str
    publisher: PublisherClient
    subscriber: SubscriberClient

    def subscribed(self, topic: str, deadline: Deadline) -> list[Subscribed] | None:
        """The subscriptions of a topic; None if there is no such topic.

        Raises Unavailable(topic_down).
        """
        path = f"projects/{self.project}/topics/{topic}"
        try:
            self._ask(self.publisher.get_topic, {"topic": path}, lambda topic: topic, deadline)
        except NotFound:
            return None
        ask = self.publisher.list_topic_subscriptions
        names: list[str] = self._ask(ask, {"topic": path}, list, deadline)
        found = (self._one(name, deadline) for name in names)
        return [each for each in found if each is not None]

    def _one(self, name: str, deadline: Deadline) -> Subscribed | None:
        ask = self.subscriber.get_subscription
        try:
            return self._ask(ask, {"subscription": name}, _subscribed, deadline)
        except NotFound:  # deleted since it was listed
            return None

    def _ask(
        self,
        method: Callable[..., Any],
        request: dict[str, str],
        read: Callable[[Any], Answer],
        deadline: Deadline,
    ) -> Answer:
        """What is read from an answer. Raises NotFound, or Unavailable(topic_down)."""

        def one_try(seconds: float) -> Answer:
            return read(method(request=request, retry=None, timeout=seconds))

        limits = {"limit": PUBLISH_LIMIT, "one_try": PUBLISH_LIMIT}
        try:
            return within(deadline, one_try, reason=Reason.TOPIC_DOWN, **limits)
        except NotFound:
            raise
        except TROUBLE as error:
            raise Unavailable(Reason.TOPIC_DOWN, status(error)) from None

    def close(self) -> None:
        """Close the connections."""
        self.publisher.transport.close()
        self.subscriber.transport.close()


def open_inspection(project: str) -> PubsubInspection:
    """Clients of Pub/Sub, or of its emulator; nothing is sent yet.

    Raises Unavailable(topic_down) if there are no credentials.
    """
    try:
        return PubsubInspection(project, PublisherClient(), SubscriberClient())
    except GoogleAuthError as error:
        raise Unavailable(Reason.TOPIC_DOWN, status(error)) from None


def _subscribed(found: Subscription) -> Subscribed:
    plain = Subscription.pb(found)
    letters, retry = plain.dead_letter_policy, plain.retry_policy
    pauses = (retry.minimum_backoff.ToTimedelta(), retry.maximum_backoff.ToTimedelta())
    return Subscribed(
        name=_short(plain.name),
        ack_deadline=timedelta(seconds=plain.ack_deadline_seconds),
        dead_letter_topic=_short(letters.dead_letter_topic) or None,
        max_delivery_attempts=letters.max_delivery_attempts,
        retry=pauses if plain.HasField("retry_policy") else None,
        filtered=bool(plain.filter),
        works=not plain.detached and plain.state != Subscription.State.RESOURCE_ERROR,
    )


def _short(path: str) -> str:
    return path.rpartition("/")[2]
