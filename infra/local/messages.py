"""What is put on the topic: requests, some of them again and again, and a few that are none."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random

from enrollment.ports import Message
from enrollment.request import EnrollmentRequest
from enrollment.wire import encode

REPEATED = 0.1  # of the requests arrive twice or more, as at-least-once delivery has it
MOST_REPEATS = 3
ENOUGH = 50  # requests, so that the first is long settled when the last message comes
SECOND_ROUTES = 10  # wishes that come by a second route, under an id of their own


@dataclass(frozen=True, kw_only=True)
class Sending:
    """The messages in their order, the requests in them, and how many are of which kind."""

    messages: list[Message]
    requests: list[EnrollmentRequest]
    second_routes: int
    unreadable: int
    repeated: int


def sending(requests: Sequence[EnrollmentRequest], rng: Random, *, faults: bool) -> Sending:
    """Mix the requests with repeats, and with `faults` second routes and messages that are none."""
    second = _second_routes(requests, rng) if faults else []
    accepted = [*requests, *second]
    messages = [encode(each) for each in accepted]
    chosen = rng.sample(accepted, k=-(-len(accepted) // 10)) if accepted else []
    for each in chosen:
        for _ in range(rng.randint(1, MOST_REPEATS)):
            messages.insert(rng.randrange(len(messages) + 1), encode(each))
    bad = _unreadable(accepted) if faults else []
    messages += bad  # at the end: whoever comes first owns an id, and one of them is a thief
    return Sending(
        messages=messages,
        requests=accepted,
        second_routes=len(second),
        unreadable=len(bad),
        repeated=len(chosen),
    )


def _second_routes(requests: Sequence[EnrollmentRequest], rng: Random) -> list[EnrollmentRequest]:
    chosen = rng.sample(list(requests), k=min(SECOND_ROUTES, len(requests)))
    return [
        each.model_copy(update={"request_id": f"form-2:{number:04}", "source": "form"})
        for number, each in enumerate(chosen)
    ]


def _unreadable(accepted: Sequence[EnrollmentRequest]) -> list[Message]:
    """One message of each kind that goes to review unread."""
    if not accepted:
        return []
    first, other = accepted[0], accepted[-1].model_copy(update={"course_id": "d:SOMEWHERE-ELSE"})
    newer = json.loads(first.model_dump_json()) | {
        "schema_version": "2",
        "request_id": "newer:0001",
    }
    long_ago = first.model_copy(
        update={"request_id": "stale:0001", "received_at": datetime.now(UTC) - timedelta(days=90)}
    )
    me = json.loads(first.model_dump_json()) | {"student": "me", "request_id": "myself:0001"}
    reused = other.model_copy(update={"request_id": first.request_id})
    bad = [
        Message(b'{"schema_version": "1", "request_id": '),
        Message(json.dumps(newer).encode()),
        Message(json.dumps(me).encode()),
        encode(long_ago),
    ]
    return [*bad, encode(reused)] if len(accepted) >= ENOUGH else bad
