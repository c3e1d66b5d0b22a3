"""How long a request may wait: an `Unavailable` becomes a next time, or the end of patience."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from enrollment.entry import Entry, Event, State
from enrollment.ports import Refused, Unavailable
from enrollment.reasons import Reason
from enrollment.timing import (
    BACKOFF_FIRST,
    BACKOFF_MOST,
    BUG_TRIES,
    CONFLICT_TRIES,
    FORBIDDEN_TRIES,
    NOT_FOUND_GAPS,
    WAKE_AGAIN,
    Waits,
)

# These say something about the request itself; the others (a full quota, an outage) only pass by
# and must not restart a count of days.
TELLING = frozenset(
    {
        Reason.NOT_FOUND,
        Reason.ACCOUNT_MISSING,
        Reason.ACCOUNT_PENDING,
        Reason.NOT_PERMITTED,
        Reason.JOIN_LIMIT,
        Reason.INVITATION_LIMIT,
        Reason.CONFLICT_UNCLEAR,
        Reason.UNKNOWN_ANSWER,
        Reason.INTERNAL_ERROR,
    }
)
# No call was made, so nothing has failed again.
NO_CALL = frozenset({Reason.NO_PERMIT, Reason.LINE_HELD})


@dataclass(frozen=True, kw_only=True)
class Budget:
    """The patience for one request at one time.

    `held_in_all` is the line's total of held seconds; `chance` gives numbers from 0 to 1.
    """

    waits: Waits
    now: datetime
    held_in_all: float
    chance: Callable[[], float]

    def spend(self, entry: Entry, trouble: Unavailable) -> Entry | Refused:
        """The entry as it waits for its next try, or the refusal when there is none."""
        blamed = self._blamed(entry, trouble)
        spent = self._spent(blamed, trouble)
        return spent if spent is not None else self._waiting(blamed, trouble)

    def _blamed(self, entry: Entry, trouble: Unavailable) -> Entry:
        entry = replace(
            entry,
            reason=trouble.reason,
            detail=trouble.detail or None,
            answer_lost=entry.answer_lost or trouble.answer_lost,
            # Any other result shows that it can be worked on.
            lapses=entry.lapses if trouble.reason is Reason.CRASHING else 0,
        )
        if entry.first_failed_at is None:
            entry = replace(entry, first_failed_at=self.now, held_seconds=self.held_in_all)
        if trouble.reason not in TELLING:
            return entry
        if entry.last_reason is trouble.reason:
            return replace(entry, reason_count=entry.reason_count + 1)
        if (entry.last_reason, trouble.reason) == (Reason.NOT_FOUND, Reason.ACCOUNT_MISSING):
            # The same trouble, known better: its 48 hours began with the first 404.
            return replace(entry, last_reason=trouble.reason, reason_count=1)
        return replace(entry, last_reason=trouble.reason, reason_since=self.now, reason_count=1)

    def _spent(self, entry: Entry, trouble: Unavailable) -> Refused | None:
        reason = trouble.reason
        if reason is Reason.CONFLICT_UNCLEAR and entry.reason_count >= CONFLICT_TRIES:
            return Refused(reason, trouble.detail)
        if reason is Reason.INTERNAL_ERROR and entry.reason_count >= BUG_TRIES:
            return Refused(reason, trouble.detail)
        if reason is Reason.UNKNOWN_ANSWER and self._since(entry) >= self.waits.unknown_answer:
            return Refused(Reason.EXHAUSTED, f"last: {reason} {trouble.detail}".rstrip())
        if reason not in NO_CALL and self._failing_for(entry) >= self.waits.give_up:
            return self._given_up(entry, trouble)
        return None

    def _given_up(self, entry: Entry, trouble: Unavailable) -> Refused:
        """What a person is told: what is known of the request, before what happened to it last."""
        waited, waits = self._since(entry), self.waits
        # Outages may fill the last hours of a patience that has been told enough by then.
        if entry.last_reason is Reason.ACCOUNT_MISSING and waited >= waits.account_missing:
            return Refused(Reason.STUDENT_UNKNOWN, trouble.detail)
        if entry.last_reason is Reason.ACCOUNT_PENDING and waited >= waits.account_pending:
            return Refused(Reason.OUTSIDE_DOMAIN, trouble.detail)
        return Refused(Reason.EXHAUSTED, f"last: {trouble.reason} {trouble.detail}".rstrip())

    def _since(self, entry: Entry) -> timedelta:
        return self.now - (entry.reason_since or self.now)

    def _failing_for(self, entry: Entry) -> timedelta:
        """Since the first failure, the time that the line was held not counted."""
        assert entry.first_failed_at is not None
        held = timedelta(seconds=max(0.0, self.held_in_all - entry.held_seconds))
        return self.now - entry.first_failed_at - held

    def _waiting(self, entry: Entry, trouble: Unavailable) -> Entry:
        delay = self._delay(entry, trouble)
        not_before = self.now + delay
        return entry.noting(
            Event(at=self.now, attempt=entry.attempt, what="waiting", reason=trouble.reason),
            state=State.WAITING,
            not_before=not_before,
            wake_at=not_before + WAKE_AGAIN if delay <= self.waits.soon else not_before,
        )

    def _delay(self, entry: Entry, trouble: Unavailable) -> timedelta:
        waits = self.waits
        match trouble.reason:
            case Reason.NOT_FOUND:
                return NOT_FOUND_GAPS[min(entry.reason_count, len(NOT_FOUND_GAPS)) - 1]
            case Reason.ACCOUNT_MISSING:
                return waits.account_missing_gap
            case Reason.ACCOUNT_PENDING:
                return waits.account_pending_gap
            case Reason.NOT_PERMITTED if entry.reason_count > FORBIDDEN_TRIES:
                return waits.not_permitted_gap
            case Reason.JOIN_LIMIT | Reason.INVITATION_LIMIT:
                # Spread over a tenth more, so that a class does not come back in one second.
                return waits.next_day * (1 + self.chance() / 10)
            case _:
                return self._backoff_after(entry, trouble)

    def _backoff_after(self, entry: Entry, trouble: Unavailable) -> timedelta:
        telling = trouble.reason in TELLING
        jittered = self._backoff(entry.reason_count if telling else _passing(entry) + 1)
        return max(jittered, trouble.retry_after or timedelta(0))

    def _backoff(self, in_a_row: int) -> timedelta:
        """Full jitter: anything up to 2 s, 4 s, 8 s … 10 min."""
        doublings = min(in_a_row - 1, 16)
        return min(BACKOFF_MOST, BACKOFF_FIRST * (1 << doublings)) * self.chance()


def _passing(entry: Entry) -> int:
    """How often in a row it has waited for something that only passed by."""
    waited = [each for each in entry.history if each.what == "waiting"]
    count = 0
    while count < len(waited) and waited[-1 - count].reason not in TELLING:
        count += 1
    return count
