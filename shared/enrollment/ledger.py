"""The memory of requests: an entry's life, and `decide`, the one rule about what a delivery may do.

(new) ──► claimed ──► settled        claimed: one worker has it, until its lease lapses
            │  ▲ ▲        │          waiting: to be tried again, not before a time
            ▼  │ └────────┘          settled: enrolled, already_enrolled, invited or rejected;
          waiting   replay, retry    only a rejection is ever reopened
"""

from dataclasses import dataclass, replace
from datetime import datetime

from enrollment.entry import Entry, Event, State, Stored
from enrollment.outcome import Outcome
from enrollment.request import EnrollmentRequest
from enrollment.timing import CLAIM_GRACE, LAPSES_MOST, LEASE

CORRECTIONS = 5  # remembered of one request; nobody has been seen to need a third


@dataclass(frozen=True, kw_only=True)
class Arrival:
    """A request that has arrived at a worker, with what the worker would claim it as."""

    request: EnrollmentRequest
    message: str
    student_key: str
    claim: str


@dataclass(frozen=True)
class Granted:
    """The worker may go on, once it has written this entry."""

    entry: Entry


@dataclass(frozen=True)
class Settled:
    """A duplicate: the outcome is known, nothing is to be done."""

    entry: Entry


@dataclass(frozen=True)
class Held:
    """Another worker has it until then.

    `remembered`: the ledger holds what the delivery asks for, not only an older replay of it.
    """

    until: datetime
    remembered: bool = True


@dataclass(frozen=True)
class Early:
    """It is waiting, and may not be tried before then."""

    until: datetime


@dataclass(frozen=True)
class Stale:
    """An earlier replay of what has been replayed since."""


@dataclass(frozen=True)
class Mismatch:
    """The id is known with other content."""


@dataclass(frozen=True)
class Crashed:
    """Its claim has lapsed too often: it is set aside, and not tried again by itself."""

    entry: Entry


Verdict = Granted | Settled | Held | Early | Stale | Mismatch | Crashed


def first_claim(arrival: Arrival, now: datetime) -> Entry:
    """The entry of a request that nobody has seen before, claimed."""
    request = arrival.request
    return _claimed(
        Entry(
            request_id=request.request_id,
            message=arrival.message,
            fingerprint=request.fingerprint,
            course_id=request.course_id,
            student_key=arrival.student_key,
            replay=request.replay,
            state=State.CLAIMED,
            claim=arrival.claim,
            first_seen_at=now,
        ),
        arrival,
        now,
    )


def decide(stored: Stored, arrival: Arrival, now: datetime) -> Verdict:
    """What a delivery of a known request may do. Pure: `now` is the ledger's own time."""
    entry, request = stored.entry, arrival.request
    if entry.expire_at is not None and entry.expire_at <= now:
        return Granted(first_claim(arrival, now))  # forgotten, only not yet deleted
    if request.replay < entry.replay and not _tries_again(entry, request, now):
        return Mismatch() if _never_said(entry, request) else Stale()
    if request.replay == entry.replay and request.fingerprint != entry.fingerprint:
        return Mismatch()
    match entry.state:
        case State.SETTLED:
            return _decide_settled(entry, arrival, now)
        case State.CLAIMED:
            return _decide_claimed(stored, arrival, now)
        case State.WAITING:
            early = entry.not_before is not None and now < entry.not_before
            if early and request.replay == entry.replay:
                assert entry.not_before is not None
                return Early(entry.not_before)
            return Granted(_taken_over(entry, arrival, now))


def _never_said(entry: Entry, request: EnrollmentRequest) -> bool:
    """Whether the entry never had this content: then it is another wish, not an overtaken one."""
    return request.fingerprint not in {entry.fingerprint, *entry.corrected_from}


def _decide_settled(entry: Entry, arrival: Arrival, now: datetime) -> Verdict:
    request = arrival.request
    if entry.outcome is not Outcome.REJECTED:
        return Settled(entry)
    if request.replay > entry.replay or _tries_again(entry, request, now):
        return Granted(_reopened(entry, arrival, now))
    return Settled(entry)


def _tries_again(entry: Entry, request: EnrollmentRequest, now: datetime) -> bool:
    """Whether tonight's roster asks again for what was rejected, by itself or as replayed.

    What a person has corrected is no longer what the roster says, and stays with that person.
    """
    return (
        request.retry
        and entry.outcome is Outcome.REJECTED
        and entry.settled_at is not None
        # A sender's clock that runs ahead must not reopen it again and again.
        and entry.settled_at < request.received_at <= now
        and entry.fingerprint == request.fingerprint
    )


def _decide_claimed(stored: Stored, arrival: Arrival, now: datetime) -> Verdict:
    entry = stored.entry
    lease_end = stored.updated_at + LEASE
    if now < lease_end:
        return Held(lease_end, remembered=arrival.request.replay <= entry.replay)
    # A lapsed claim may have reached Classroom before its worker died.
    lapsed = replace(entry, lapses=entry.lapses + 1, answer_lost=True)
    if arrival.request.replay > entry.replay:
        return Granted(_taken_over(lapsed, arrival, now))
    if lapsed.lapses > LAPSES_MOST:  # even looking it up ended the process
        return Crashed(lapsed)
    return Granted(_taken_over(lapsed, arrival, now))


def _taken_over(entry: Entry, arrival: Arrival, now: datetime) -> Entry:
    if arrival.request.replay > entry.replay:
        return _reopened(entry, arrival, now)
    return _claimed(entry, arrival, now)


def _reopened(entry: Entry, arrival: Arrival, now: datetime) -> Entry:
    """The entry with the newcomer's content and all its patience back; its history stays."""
    request, message = arrival.request, arrival.message
    same_wish = request.fingerprint == entry.fingerprint
    if request.replay < entry.replay:  # or what is stored would count as overtaken by itself
        request = request.model_copy(update={"replay": entry.replay})
        message = request.model_dump_json()
    what = "replayed" if request.replay > entry.replay else "retried"
    reopened = entry.noting(
        Event(at=now, attempt=entry.attempt, what=what),
        message=message,
        fingerprint=request.fingerprint,
        course_id=request.course_id,
        student_key=arrival.student_key,
        replay=request.replay,
        answer_lost=entry.answer_lost and same_wish,
        exists=False,
        attempt=0,
        lapses=0,
        returns=0,
        outcome=None,
        settled_at=None,
        expire_at=None,
        first_failed_at=None,
        held_seconds=0.0,
        last_reason=None,
        reason_since=None,
        reason_count=0,
    )
    if not same_wish:
        corrected_from = (*entry.corrected_from, entry.fingerprint)[-CORRECTIONS:]
        corrected = Event(at=now, attempt=entry.attempt, what="corrected")
        reopened = reopened.noting(corrected, corrected_from=corrected_from)
    return _claimed(reopened, arrival, now)


def _claimed(entry: Entry, arrival: Arrival, now: datetime) -> Entry:
    attempt = entry.attempt + 1
    return entry.noting(
        Event(at=now, attempt=attempt, what="claimed"),
        state=State.CLAIMED,
        claim=arrival.claim,
        attempt=attempt,
        reason=None,
        detail=None,
        not_before=None,
        wake_at=now + LEASE + CLAIM_GRACE,
    )
