"""What a careful user writes besides the library: Classroom's call, its errors, a dead letter.

The errors are sorted as Google's pages for `students.create` and for handling errors have them:
409 is success, 401, 429 and 5xx are raised so that Pub/Sub brings the message again, and every
other 4xx is final. All of them share this file word for word.
"""

import base64
import json
import os
import threading

import httplib2
from google.cloud import pubsub_v1
from googleapiclient.discovery import build
from googleapiclient.errors import HttpError

SECONDS = 15  # of one call; httplib2 alone would wait for ever
RATE = ("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded")

_of_thread = threading.local()  # httplib2 is not safe to share
_publishing = threading.Lock()
_publisher = None


class Refused(Exception):
    """Asking again does not help; says why."""


def read_request(message):
    """The request in a Pub/Sub message. Raises Refused."""
    try:
        request = json.loads(base64.b64decode(message.get("data", "")))
        return {name: request[name] for name in ("request_id", "course_id", "student")}
    except (ValueError, KeyError, TypeError):
        raise Refused("malformed") from None


def add_student(request):
    """Put the student into the course. Raises Refused; all else is for another delivery."""
    call = (
        _classroom()
        .students()
        .create(courseId=request["course_id"], body={"userId": request["student"]})
    )
    try:
        call.execute()
    except HttpError as error:
        status = error.resp.status
        if status == 409:
            return "already enrolled"
        if status in (401, 429) or status >= 500 or any(each in str(error) for each in RATE):
            raise
        raise Refused(f"{status} {error.reason}") from None
    return "enrolled"


def dead_letter(message, refusal):
    """Publish the message as it came, with the reason, and wait until Pub/Sub has it."""
    topic = f"projects/{os.environ['GOOGLE_CLOUD_PROJECT']}/topics/enrollment-dead-letters"
    body = base64.b64decode(message.get("data", ""))
    attributes = {**(message.get("attributes") or {}), "reason": str(refusal)}
    _pubsub().publish(topic, body, **attributes).result(timeout=30)


def _classroom():
    if not hasattr(_of_thread, "courses"):
        _of_thread.courses = build(
            "classroom",
            "v1",
            http=httplib2.Http(timeout=SECONDS),
            client_options={"api_endpoint": os.environ["CLASSROOM_API_ENDPOINT"]},
        ).courses()
    return _of_thread.courses


def _pubsub():
    global _publisher  # noqa: PLW0603 - one for the process, made with the first letter
    with _publishing:
        if _publisher is None:
            _publisher = pubsub_v1.PublisherClient()
        return _publisher
