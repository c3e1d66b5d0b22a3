"""The line: while we are misconfigured, or an operator says so, no request goes to Classroom."""

import threading
from collections.abc import Collection
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from enrollment.clock import Clock, Deadline, ServerTime
from enrollment.ports import (
    HeldBy,
    Line,
    LineState,
    LineStatus,
    Overtaken,
    StoredLine,
    Unavailable,
)
from enrollment.reasons import Reason
from enrollment.request import Mode
from enrollment.timing import LINE_LOOK, PROBE_EVERY

OPEN = LineStatus()
LEFT_OVER = 3 * PROBE_EVERY  # more than `wake` and the delivery of what it sends take together
TROUBLE_FRESH = timedelta(seconds=1)
SUSPECTS = 100  # courses remembered; more would only fill the document
# Faults that every call meets, whoever it is made as.
PROJECTS_OWN = frozenset(
    {
        Reason.API_DISABLED,
        Reason.SCOPES_MISSING,
        Reason.DELEGATION_REFUSED,
        Reason.SIGNING_REFUSED,
        Reason.NO_CREDENTIALS,
    }
)
# Said to those who may not come in as well; and a student's token is refused before Classroom.
TOLD_TO_ANYBODY = frozenset(
    {
        Reason.STUDENT_ACCESS,
        Reason.NOT_FOUND,
        Reason.COURSE_UNKNOWN,
        Reason.NOT_PERMITTED,
        Reason.COURSE_NOT_PERMITTED,
    }
)
# Classroom's own words about a course or a person, which it has for nobody whom it does not let in.
# Without them, a line would stay held for as long as nothing waits but requests that cannot succeed
# yet.
ABOUT_THE_REQUEST = frozenset(
    {
        Reason.ACCOUNT_MISSING,
        Reason.ACCOUNT_PENDING,
        Reason.JOIN_LIMIT,
        Reason.INVITATION_LIMIT,
        Reason.CONFLICT_UNCLEAR,
    }
)


def held_in_all(status: LineStatus, now: datetime) -> float:
    """Seconds for which the line has ever been held, up to now."""
    running = 0.0
    if status.state is LineState.HELD and status.since is not None:
        running = max(0.0, (now - status.since).total_seconds())
    return status.held_seconds + running


def held_for_fault(
    status: LineStatus, reason: Reason, now: datetime, suspects: Collection[str] = ()
) -> LineStatus:
    """The line after a fault of ours; one that is held already only learns of more suspects."""
    known = set(status.suspects)
    more = (*status.suspects, *(each for each in sorted(suspects) if each not in known))
    if status.held_by is HeldBy.OPERATOR:
        return status
    if status.state is LineState.HELD:
        return replace(status, suspects=more[-SUSPECTS:])
    return replace(
        status,
        state=LineState.HELD,
        suspects=more[-SUSPECTS:],
        held_by=HeldBy.FAULT,
        why=reason.value,
        since=now,
        next_probe=now + PROBE_EVERY,
    )


def held_by_operator(status: LineStatus, why: str, now: datetime) -> LineStatus:
    """The line after an operator's `hold`; it takes over from a fault."""
    since = status.since if status.state is LineState.HELD else now
    return replace(
        status,
        state=LineState.HELD,
        held_by=HeldBy.OPERATOR,
        why=why,
        since=since,
        next_probe=None,
        suspects=(),
    )


def opened(status: LineStatus, now: datetime) -> LineStatus:
    """The line open again, with the time it was held added up."""
    return replace(OPEN, held_seconds=held_in_all(status, now))


def probe_due(status: LineStatus, now: datetime) -> bool:
    """Whether a request may be sent to see if the fault is mended; never for an operator."""
    return (
        status.state is LineState.HELD
        and status.held_by is HeldBy.FAULT
        and (status.next_probe is None or status.next_probe <= now)
    )


def can_show(status: LineStatus, mode: Mode) -> bool:
    """Whether a request of this mode can show that the fault is mended.

    A student's call says nothing of the administrator's account, but all of the project's access.
    """
    return mode is Mode.ADMIN or status.why in PROJECTS_OWN


def may_probe(status: LineStatus, mode: Mode, now: datetime) -> bool:
    """Whether a request of this mode may be sent now although the line is held.

    A probe that nobody has taken for so long shows that nobody waits who can show anything. The
    others then come to their turn, or they would wait for as long as nobody else asks.
    """
    if not probe_due(status, now):
        return False
    left_over = status.next_probe is not None and status.next_probe + LEFT_OVER <= now
    return left_over or can_show(status, mode)


def shows_access(status: LineStatus, reason: Reason, *, answered: bool) -> bool:
    """Whether an attempt that came to this shows that the fault which holds the line is mended.

    `answered`: some call of it was. That there is no such course, or a bare 403, is told to those
    who are no administrators as well.
    """
    if reason in ABOUT_THE_REQUEST:
        return True
    return answered and status.why != Reason.NOT_ADMINISTRATOR


@dataclass
class LineKeeper:
    """One instance's view of the line, at most five seconds old. Thread-safe."""

    line: Line
    clock: Clock
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _seen: StoredLine | None = field(default=None, init=False)
    _asked_at: float = field(default=float("-inf"), init=False)  # what it saw may be as old
    _told_at: float = field(default=float("-inf"), init=False)
    _trouble: Unavailable | None = field(default=None, init=False, repr=False)
    _trouble_at: float = field(default=float("-inf"), init=False)

    def look(self, deadline: Deadline) -> StoredLine:
        """The line, read again if the last look is older than five seconds."""
        came_at = self.clock.monotonic()
        with self._lock:
            return self._looked(deadline, came_at)

    def look_now(self, deadline: Deadline) -> tuple[StoredLine, ServerTime]:
        """The line, and what its server's time is now, however long ago it was read."""
        came_at = self.clock.monotonic()
        with self._lock:
            seen = self._looked(deadline, came_at)
            return seen, ServerTime(self.clock, seen.read_at, self._told_at)

    def hold_for_fault(
        self, reason: Reason, deadline: Deadline, suspects: Collection[str] = ()
    ) -> bool:
        """Hold the line; True for the one instance that did, which alerts."""
        seen = self._fresh(deadline)
        status = held_for_fault(seen.status, reason, seen.read_at, suspects)
        written = status != seen.status and self._write(seen, status, deadline)
        return written and seen.status.state is LineState.OPEN

    def take_probe(self, deadline: Deadline) -> bool:
        """True for the one instance that may send a request as the probe."""
        seen = self._fresh(deadline)
        if not probe_due(seen.status, seen.read_at):
            return False
        later = replace(seen.status, next_probe=seen.read_at + PROBE_EVERY)
        return self._write(seen, later, deadline)

    def give_back_probe(self, deadline: Deadline) -> None:
        """The probe was taken and not sent: another may take it at once."""
        seen = self._fresh(deadline)
        if seen.status.held_by is HeldBy.FAULT:
            self._write(seen, replace(seen.status, next_probe=seen.read_at), deadline)

    def reopen(self, held: LineStatus, deadline: Deadline) -> bool:
        """Open the line if a fault holds it as it did then; True for the one instance that did."""
        seen = self._fresh(deadline)
        if seen.status.held_by is not HeldBy.FAULT or seen.status.since != held.since:
            return False
        return self._write(seen, opened(seen.status, seen.read_at), deadline)

    def hold_for_operator(self, why: str, deadline: Deadline) -> StoredLine:
        """Hold the line until `resume`."""
        while True:
            seen = self._fresh(deadline)
            if self._write(seen, held_by_operator(seen.status, why, seen.read_at), deadline):
                return self.look(deadline)

    def resume(self, deadline: Deadline) -> StoredLine:
        """Open the line, whoever holds it."""
        while True:
            seen = self._fresh(deadline)
            if seen.status.state is LineState.OPEN:
                return seen
            if self._write(seen, opened(seen.status, seen.read_at), deadline):
                return self.look(deadline)

    def _looked(self, deadline: Deadline, came_at: float) -> StoredLine:
        now = self.clock.monotonic()
        fresh = now - self._asked_at < LINE_LOOK.total_seconds()
        # Whoever waited for a slow answer takes it: asking one after the other takes for ever.
        if self._seen is not None and (fresh or self._told_at > came_at):
            return self._seen
        if self._trouble is not None and now - self._trouble_at < TROUBLE_FRESH.total_seconds():
            raise self._trouble  # those who waited for this look need not each fail anew
        try:
            return self._remember(self.line.read(deadline), now)
        except Unavailable as trouble:
            self._trouble, self._trouble_at = trouble, self.clock.monotonic()
            raise

    def _fresh(self, deadline: Deadline) -> StoredLine:
        with self._lock:
            asked_at = self.clock.monotonic()
            return self._remember(self.line.read(deadline), asked_at)

    def _write(self, seen: StoredLine, status: LineStatus, deadline: Deadline) -> bool:
        with self._lock:
            asked_at = self.clock.monotonic()
            try:
                self._remember(self.line.write(seen, status, deadline), asked_at)
            except Overtaken:
                self._asked_at = float("-inf")
                return False
            return True

    def _remember(self, seen: StoredLine, asked_at: float) -> StoredLine:
        self._seen, self._asked_at, self._trouble = seen, asked_at, None
        self._told_at = self.clock.monotonic()
        return seen
