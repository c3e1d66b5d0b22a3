"""gcp-pubsub-idempotency by its `lock()`, against its README's advice for poison.

A final refusal leaves the `with` block, which gives the key back: so a request may be replayed
under its own id, and each copy of a refused one is asked again.
"""

import os
from datetime import timedelta
from functools import cache

import functions_framework
from by_hand import Refused, add_student, dead_letter, read_request
from gcp_pubsub_idempotency import DatastoreLock, Duplicate, InProgress, lock

LEASE = timedelta(seconds=90)  # longer than the function may run
TTL = timedelta(days=7)  # as long as the subscription keeps a message


@cache
def backend():
    """Built with the first delivery."""
    return DatastoreLock(project=os.environ["GOOGLE_CLOUD_PROJECT"], ttl=TTL)


@functions_framework.http
def pubsub_lock(http):
    """Add the student, at most once for a key."""
    message = http.get_json()["message"]
    try:
        request = read_request(message)
        with lock("enroll:" + request["request_id"], backend=backend(), lease=LEASE):
            add_student(request)
    except Refused as refusal:
        dead_letter(message, refusal)
    except Duplicate:
        return "duplicate", 200
    except InProgress:
        return "in progress elsewhere", 503
    return "", 200
