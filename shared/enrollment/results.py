"""What became of a claimed entry, written down and told: a success, a rejection, a wait, a hold."""

import random
from collections.abc import Callable, Collection
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from enrollment.budget import Budget
from enrollment.claims import Claimed, Claims, LostClaim
from enrollment.clock import Deadline
from enrollment.entry import Entry, Event, Letter, State, Stored
from enrollment.job import Answer, Job
from enrollment.journal import Journal
from enrollment.letters import Letters
from enrollment.line import LineKeeper
from enrollment.outcome import Outcome
from enrollment.ports import Misconfigured, Refused, Unavailable
from enrollment.reasons import Reason
from enrollment.timing import LETTER_GRACE, REMEMBERED, Waits


@dataclass(frozen=True, kw_only=True)
class Results:
    """Writes results. Each method raises Unavailable or LostClaim when it could not."""

    claims: Claims
    letters: Letters
    line: LineKeeper
    journal: Journal
    waits: Waits
    chance: Callable[[], float] = random.random

    def success(self, claimed: Claimed, outcome: Outcome, job: Job) -> Answer:
        """The wish came true. If review was ever told otherwise, that is owed to be put right."""
        now, entry = claimed.time.now(), claimed.stored.entry
        owes = entry.letter is not None
        settled = _settled(
            entry,
            outcome,
            None,
            "",
            now,
            letter=Letter.OWED if owes else None,
            wake_at=now + LETTER_GRACE if owes else None,
            expire_at=None if owes else now + REMEMBERED,
        )
        stored = self.claims.write(claimed.stored, settled, job.deadline)
        if owes:
            self._send_owed(stored, now, job.deadline)
        return Answer(acknowledge=True, what=outcome.value)

    def rejection(self, claimed: Claimed, entry: Entry, refusal: Refused, job: Job) -> Answer:
        """It cannot come true: settled with the letter owed, then the letter, then a note of it."""
        now = claimed.time.now()
        owing = _settled(
            entry,
            Outcome.REJECTED,
            refusal.reason,
            refusal.detail,
            now,
            letter=Letter.OWED,
            wake_at=now + LETTER_GRACE,
        )
        stored = self.claims.write(claimed.stored, owing, job.deadline)
        self._send_owed(stored, now, job.deadline)
        return Answer(acknowledge=True, what=Outcome.REJECTED.value, reason=refusal.reason)

    def wait(
        self, claimed: Claimed, trouble: Unavailable, job: Job, *, exists: bool = False
    ) -> Answer:
        """Not now: the next time is set, or patience is at its end.

        `exists`: Classroom has said that the person is in the course; it is not asked again.
        """
        now = claimed.time.now()
        entry = replace(claimed.stored.entry, exists=exists)
        budget = Budget(waits=self.waits, now=now, held_in_all=job.held_in_all, chance=self.chance)
        spent = budget.spend(entry, trouble)
        if isinstance(spent, Refused):
            return self.rejection(claimed, entry, spent, job)
        assert spent.not_before is not None
        answer = job.due(spent.not_before, now, "waiting", trouble.reason, soon=self.waits.soon)
        if job.request.replay < entry.replay:  # redelivered, it would count as overtaken
            answer = replace(answer, acknowledge=True)
        if answer.acknowledge:  # nobody redelivers it, so `wake` must not wait for that
            spent = replace(spent, wake_at=spent.not_before)
        self.claims.write(claimed.stored, spent, job.deadline)
        return answer

    def hold(
        self,
        claimed: Claimed,
        fault: Misconfigured,
        job: Job,
        *,
        exists: bool = False,
        suspects: Collection[str] = (),
    ) -> Answer:
        """We are at fault: the line is held, and the request put back without being charged.

        `suspects`: the courses that were refused without a cause, and led to the hold.
        """
        if self.line.hold_for_fault(fault.reason, job.deadline, suspects):
            self.journal.alert("the line is held", fault.reason)
        entry = replace(claimed.stored.entry, exists=exists, lapses=0)
        back = parked(entry, claimed.time.now(), fault.reason)
        self.claims.write(claimed.stored, back, job.deadline)
        return Answer(acknowledge=True, what="line held", reason=fault.reason)

    def _send_owed(self, stored: Stored, now: datetime, deadline: Deadline) -> None:
        try:
            self.letters.send_owed(stored, now, deadline, by="enroll")
        except (Unavailable, LostClaim):
            return  # it stays owed; `wake` sends it


def parked(entry: Entry, now: datetime, reason: Reason) -> Entry:
    """A claimed entry put back as if never tried: due at once when the line is open."""
    return entry.noting(
        Event(at=now, attempt=entry.attempt, what="parked", reason=reason),
        state=State.WAITING,
        reason=reason,
        attempt=max(0, entry.attempt - 1),
        not_before=now,
        wake_at=now,
    )


def _settled(
    entry: Entry, outcome: Outcome, reason: Reason | None, detail: str, now: datetime, **more: Any
) -> Entry:
    return entry.noting(
        Event(at=now, attempt=entry.attempt, what=outcome.value, reason=reason),
        state=State.SETTLED,
        outcome=outcome,
        reason=reason,
        detail=detail or None,
        settled_at=now,
        not_before=None,
        lapses=0,
        **more,
    )
