"""No idempotency at all: call, acknowledge."""

import functions_framework
from by_hand import Refused, add_student, dead_letter, read_request


@functions_framework.http
def naive(http):
    """Add the student; an error that is raised brings the message again."""
    message = http.get_json()["message"]
    try:
        add_student(read_request(message))
    except Refused as refusal:
        dead_letter(message, refusal)
    return "", 200
