"""A wish, the messages that carry it, and what Pub/Sub would do with each."""

import json
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime

from google.api_core.exceptions import DeadlineExceeded
from google.pubsub_v1 import PubsubMessage
from google.pubsub_v1.types import PullRequest

from enrollment.request import EnrollmentRequest
from enrollment.timing import MAX_DELIVERY_ATTEMPTS
from enrollment.wire import encode

# Pub/Sub's pauses of 10 to 600 s (infra/topology.json), twenty times shorter.
FIRST_PAUSE, LONGEST_PAUSE = 0.5, 30.0
BY_PUBSUB = {
    "CloudPubSubDeadLetterSourceDeliveryCount": str(MAX_DELIVERY_ATTEMPTS),
    "CloudPubSubDeadLetterSourceSubscription": "enrollment-requests-enroll",
}


@dataclass(frozen=True)
class Asked:
    """What one request of a person names."""

    course_id: str
    student: str


@dataclass
class Wish:
    """One student who is to be in one course, and every body that ever asked for it."""

    request_id: str | None
    course: str | None = None
    student: str | None = None
    bodies: set[bytes] = field(default_factory=set)
    # What people asked for; Classroom may answer each once.
    asked: list["Asked"] = field(default_factory=list)

    def message(self):
        """The message that asks for it."""
        request = EnrollmentRequest(
            schema_version="1",
            request_id=self.request_id,
            action="enroll",
            source="sis",
            course_id=self.course,
            student=self.student,
            received_at=datetime.now(UTC),
        )
        encoded = encode(request)
        self.bodies.add(encoded.body)
        self.asked.append(Asked(self.course, self.student))
        return PubsubMessage(data=encoded.body, attributes=dict(encoded.attributes))


@dataclass
class Sent:
    """A message on the subscription."""

    message: PubsubMessage
    wish: Wish
    attempt: int = 0
    due: float = 0.0
    acked: bool = False
    given_up: bool = False

    @property
    def open(self):
        return not (self.acked or self.given_up)

    def again(self, *, hurry):
        """It was not acknowledged: it comes again, or becomes a dead letter of Pub/Sub's."""
        if self.attempt >= MAX_DELIVERY_ATTEMPTS:
            self.given_up = True
        pause = min(LONGEST_PAUSE, FIRST_PAUSE * 2 ** min(self.attempt - 1, 10))
        self.due = time.monotonic() + (0 if hurry else pause)


def pulled(pubsub, name):
    """What is on a subscription now, acknowledged."""
    taken = []
    while True:
        subscription = pubsub.subscription(name)
        request = PullRequest(subscription=subscription, max_messages=100, return_immediately=True)
        try:
            found = list(pubsub.subscriber.pull(request=request, timeout=5).received_messages)
        except DeadlineExceeded:
            return taken
        if not found:
            return taken
        ids = [each.ack_id for each in found]
        pubsub.subscriber.acknowledge(subscription=subscription, ack_ids=ids)
        taken += [each.message for each in found]


def fields_of(body):
    """What a body says, if it is JSON."""
    try:
        said = json.loads(body)
    except ValueError:
        return {}
    return said if isinstance(said, dict) else {}
