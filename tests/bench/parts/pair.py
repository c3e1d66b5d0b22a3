"""`create`, then `update` under the version that it made, with Google's own Firestore client.

The document holds what the ledger holds of an enrollment.
"""

import uuid
from datetime import UTC, datetime, timedelta

# As long as the message of a wish of the bench is.
MESSAGE = "x" * 480


def operation():
    """One pair; the client is loaded here, for a worker of another part does without."""
    from google.cloud import firestore

    client = firestore.Client()
    collection = client.collection("pairs")
    run = uuid.uuid4().hex
    server_time, gone = firestore.SERVER_TIMESTAMP, firestore.DELETE_FIELD

    def pair(number):
        now, name = datetime.now(UTC), f"{run}{number:032}"
        document = collection.document(name)
        written = document.create(claimed(name, now, server_time))
        version = client.write_option(last_update_time=written.update_time)
        document.update(settled(now, gone, server_time), option=version)

    return pair


def claimed(name, now, server_time):
    return {
        "request_id": name[:32],
        "request": MESSAGE,
        "fingerprint": name,
        "course_id": "d:course-1",
        "student_key": "0f" * 16,
        "replay": 0,
        "state": "claimed",
        "claim": name[32:],
        "first_seen_at": now,
        "attempt": 1,
        "lapses": 0,
        "exists": False,
        "answer_lost": False,
        "wake_at": now + timedelta(minutes=4),
        "held_seconds": 0.0,
        "reason_count": 0,
        "returns": 0,
        "history": [event(now, "claimed")],
        "history_count": 1,
        "updated_at": server_time,
    }


def settled(now, gone, server_time):
    return {
        "state": "settled",
        "outcome": "enrolled",
        "wake_at": gone,
        "settled_at": now,
        "expire_at": now + timedelta(days=400),
        "history": [event(now, "claimed"), event(now, "enrolled")],
        "history_count": 2,
        "updated_at": server_time,
    }


def event(now, what):
    return {"at": now, "attempt": 1, "what": what, "by": "enroll"}
