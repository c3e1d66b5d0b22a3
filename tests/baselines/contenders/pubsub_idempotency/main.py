"""gcp-pubsub-idempotency as its README advises: a business key, and poison caught and reported."""

import os
from datetime import timedelta

import functions_framework
from by_hand import Refused, add_student, dead_letter, read_request
from gcp_pubsub_idempotency import DatastoreLock, idempotent, message_id

LEASE = timedelta(seconds=90)  # longer than the function may run
TTL = timedelta(days=7)  # as long as the subscription keeps a message


def backend():
    """Built with the first delivery."""
    return DatastoreLock(project=os.environ["GOOGLE_CLOUD_PROJECT"], ttl=TTL)


def key_of(event):
    """The request's own id, so that a republished request is known; else the message's."""
    attributes = event.data["message"].get("attributes") or {}
    return "enroll:" + (attributes.get("request_id") or message_id(event))


@idempotent(backend=backend, key=key_of, lease=LEASE)
@functions_framework.cloud_event
def pubsub_idempotency(event):
    """Add the student, at most once for a key."""
    message = event.data["message"]
    try:
        add_student(read_request(message))
    except Refused as refusal:  # README, "Poison": catch it, tell somebody, return normally
        dead_letter(message, refusal)
