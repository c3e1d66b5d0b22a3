"""Entries, arrivals and items with sensible values, and many threads at the same moment."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime
from threading import Barrier

from enrollment.entry import Entry, State
from enrollment.ledger import Arrival, first_claim
from enrollment.ports import AlreadyExists, Overtaken
from enrollment.reasons import Reason
from enrollment.request import EnrollmentRequest
from enrollment.review_item import ReviewItem

NOON = datetime(2026, 8, 20, 12, 0, tzinfo=UTC)
REQUEST_ID = "fall26:sis:88121:v3"
STUDENT = "ada@northside.example"


def an_arrival(claim: str = "mine", *, request_id: str = REQUEST_ID, **rest) -> Arrival:
    """Ada's request for one course, at a worker that would claim it under this name."""
    fields = {
        "schema_version": "1",
        "request_id": request_id,
        "action": "enroll",
        "source": "infinite-campus",
        "course_id": "d:MATH-101-3",
        "student": STUDENT,
        "received_at": NOON,
    }
    request = EnrollmentRequest.model_validate(fields | rest)
    return Arrival(
        request=request,
        message=request.model_dump_json(),
        student_key="0f" * 16,
        claim=claim,
    )


def an_entry(claim: str = "mine", *, request_id: str = REQUEST_ID, **changes) -> Entry:
    """A claimed entry, but for the changes."""
    return replace(first_claim(an_arrival(claim, request_id=request_id), NOON), **changes)


def a_waiting_entry(number: int, wake_at: datetime | None) -> Entry:
    """One of many entries that wait."""
    return an_entry(
        request_id=f"waiting-{number:04}", state=State.WAITING, wake_at=wake_at, not_before=wake_at
    )


def an_item(letter_id: str = "a" * 64, **changes) -> ReviewItem:
    """An open item about a student whom nobody knows."""
    fields = {
        "letter_id": letter_id,
        "reason": Reason.STUDENT_UNKNOWN,
        "detail": "404 NOT_FOUND",
        "body": b"{}",
        "attempts": 3,
        "replay": 0,
        "filed_at": NOON,
        "request_id": REQUEST_ID,
    }
    return ReviewItem(**(fields | changes))


def all_at_once(number, act):
    """What `act(0)`, `act(1)`, … gave to threads that started in the same moment.

    A lost race is an answer; any other exception is raised.
    """
    start = Barrier(number)

    def one(n):
        start.wait(10)
        try:
            return act(n)
        except (AlreadyExists, Overtaken) as lost:
            return lost

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(one, range(number)))
