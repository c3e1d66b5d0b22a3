"""The account of a run: what was sent, compared with the ledger and with the school itself.

Nothing here trusts a counter of the code under test: a request counts as enrolled when the ledger
says so and the school's own roster shows the student.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any, Protocol

from enrollment.clock import Clock, Deadline
from enrollment.entry import Entry, State
from enrollment.outcome import Outcome
from enrollment.ports import Ledger, Reviews
from enrollment.request import EnrollmentRequest
from enrollment.review_item import ItemState

Pair = tuple[str, str]
CREATE = "courses.students.create"
LOOKERS = 8  # look-ups at once: a remote memory takes milliseconds for each


class Memory(Protocol):
    """What either engine remembers."""

    @property
    def ledger(self) -> Ledger:
        """Its ledger."""

    @property
    def reviews(self) -> Reviews:
        """Its review items."""

    @property
    def clock(self) -> Clock:
        """Its clock."""


@dataclass(kw_only=True)
class Account:
    """What became of every request."""

    outcomes: Counter[str] = field(default_factory=Counter)
    # Requests that ended otherwise than the school has it: (expected, found) -> how many.
    surprises: Counter[tuple[str, str]] = field(default_factory=Counter)

    @property
    def requests(self) -> int:
        """Distinct accepted requests."""
        return self.outcomes.total()

    @property
    def falsely_rejected(self) -> int:
        """Requests that were rejected although the school would have taken them."""
        return sum(
            number
            for (expected, found), number in self.surprises.items()
            if found.startswith("rejected") and not expected.startswith("rejected")
        )


def account(
    memory: Memory,
    requests: Iterable[EnrollmentRequest],
    roster: dict[str, Any],
    aliases: dict[str, str],
    expected: dict[Pair, str],
) -> Account:
    """Look every request up in the ledger, in review and on the school's roster."""
    done, seated, invited = Account(), _pairs(roster["students"]), _pairs(roster["invitations"])
    for request, looked in _looked_up(memory, requests):
        pair = (aliases.get(request.course_id, request.course_id), request.student.lower())
        found = _found(looked, here=pair in seated, asked=pair in invited)
        done.outcomes[found] += 1
        if looked.entry is None or found == "lost":
            continue
        reason = looked.entry.reason
        wanted = expected.get((request.course_id, request.student.lower()))
        told = f"rejected:{reason}" if found == "rejected" else found
        if wanted is not None and not _as_expected(wanted, told):
            done.surprises[wanted, told] += 1
    return done


@dataclass(frozen=True)
class _Looked:
    """What a memory has of a request."""

    entry: Entry | None
    in_review: bool


def _looked_up(
    memory: Memory, requests: Iterable[EnrollmentRequest]
) -> Iterator[tuple[EnrollmentRequest, _Looked]]:
    def look(request: EnrollmentRequest) -> tuple[EnrollmentRequest, _Looked]:
        deadline = Deadline.starting_now(memory.clock)
        stored = memory.ledger.get(request.request_id, deadline)
        entry = stored.entry if stored else None
        rejected = entry is not None and entry.outcome is Outcome.REJECTED
        items = memory.reviews.of_request(request.request_id, deadline) if rejected else []
        return request, _Looked(entry, any(each.item.state is ItemState.OPEN for each in items))

    with ThreadPoolExecutor(LOOKERS) as pool:
        yield from pool.map(look, requests)


def _found(looked: _Looked, *, here: bool, asked: bool) -> str:
    entry = looked.entry
    if entry is None:
        return "lost"
    if entry.state is not State.SETTLED:
        return "waiting" if entry.wake_at is not None else "lost"
    match entry.outcome:
        case Outcome.ENROLLED | Outcome.ALREADY_ENROLLED:
            return entry.outcome.value if here else "lost"
        case Outcome.INVITED:
            return entry.outcome.value if asked else "lost"
        case Outcome.REJECTED:
            return entry.outcome.value if looked.in_review else "lost"
        case None:
            return "lost"


def _as_expected(wanted: str, told: str) -> bool:
    """A wish that came twice, or whose reply was lost, may find the student there already."""
    there = {"enrolled", "already_enrolled"}
    return wanted == told or {wanted, told} <= there


def _pairs(rows: Sequence[Sequence[str]]) -> set[Pair]:
    return {(course, address.lower()) for course, _, address, _ in rows}


def repeat_creates(calls: Iterable[dict[str, Any]], requests: Iterable[EnrollmentRequest]) -> int:
    """Creates that the school received after it had answered each of a pair's requests for good."""
    allowed = Counter((each.course_id, each.student.lower()) for each in requests)
    by_pair: dict[Pair, list[dict[str, Any]]] = {}
    for call in calls:
        if call["method"] == CREATE and call["user"]:
            by_pair.setdefault((call["course"], call["user"].lower()), []).append(call)
    return sum(_repeats(asked, allowed[pair]) for pair, asked in by_pair.items())


def _repeats(calls: list[dict[str, Any]], allowed: int) -> int:
    repeats = 0
    for call in calls:
        answered = sum(
            1
            for other in calls
            if other["conclusive"] and other["answered_at"] <= call["received_at"]
        )
        repeats += answered >= allowed
    return repeats
