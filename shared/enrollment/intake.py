"""Accepting wishes: each becomes a published request, or the sender hears why not."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from enrollment.clock import Deadline
from enrollment.ports import Topic
from enrollment.request import EnrollmentRequest
from enrollment.wire import encode

BATCH = 500  # messages to a publish; Pub/Sub takes 1,000 (quotas page)


@dataclass(frozen=True)
class Intake:
    """Publishes requests. A request is accepted once the topic holds it, not before."""

    topic: Topic

    def accept(self, request: EnrollmentRequest, deadline: Deadline) -> None:
        """Publish one request. Raises Unavailable(topic_down): then nothing was promised."""
        self.topic.publish([encode(_fresh(request))], deadline)

    def accept_all(
        self, requests: Iterable[EnrollmentRequest], deadline: Deadline
    ) -> Iterator[int]:
        """Publish many, and yield how many are accepted so far. Raises Unavailable(topic_down)."""
        waiting, accepted = iter(requests), 0
        while batch := [encode(_fresh(each)) for each in islice(waiting, BATCH)]:
            self.topic.publish(batch, deadline)
            accepted += len(batch)
            yield accepted


def _fresh(request: EnrollmentRequest) -> EnrollmentRequest:
    """Only review may replay: whoever asks from outside asks for the first time."""
    return request.model_copy(update={"replay": 0}) if request.replay else request
