"""What is due: owed letters, requests whose time has come, and the probe of a held line."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from enrollment import probing
from enrollment.claims import Claims, LostClaim
from enrollment.clock import Clock, Deadline, ServerTime
from enrollment.due import due, is_live
from enrollment.entry import State, Stored
from enrollment.letters import Letters
from enrollment.line import LineKeeper, probe_due
from enrollment.pace import Pace
from enrollment.ports import (
    FormLooks,
    HeldBy,
    LineState,
    LineStatus,
    Message,
    Overtaken,
    Topic,
    Unavailable,
)
from enrollment.probing import ProbeSearch
from enrollment.timing import WAKE_AGAIN
from enrollment.wire import as_message, stored_request

PAGE = 200
# One publish for each request would take half of the time in which a minute's quota must be sent.
# What a crash leaves moved and not sent waits for a quarter of an hour, so they are not many.
BATCH = 20
SENDING = timedelta(seconds=5)  # kept at the end of a run for the last batch


# Only another version of this program mends it; an engine on one machine does not wait so long.
UNREADABLE_AGAIN = timedelta(hours=1)


@dataclass
class Woken:
    """What one run of `wake` did."""

    letters: int = 0
    sent: int = 0
    probes: int = 0
    failed: int = 0
    looks: int = 0  # at the forms that are read; it was asked for one
    unreadable: int = 0  # stored by another version of this program, as far as one can tell
    held: str | None = None  # why a fault holds the line
    oldest_overdue_seconds: float = 0.0


@dataclass(kw_only=True)
class Waker:
    """Publishes again what is due. Any number may run at once: each entry is one's by precondition.

    One run sends no more requests than a minute of the quota's pace takes.
    """

    claims: Claims
    letters: Letters
    line: LineKeeper
    requests: Topic
    pace: Pace
    clock: Clock
    run_length: timedelta = field(default=timedelta(seconds=50))
    page: int = PAGE  # entries read at once
    looks: FormLooks | None = None  # where forms are read
    _search: ProbeSearch = field(init=False, repr=False)

    def __post_init__(self) -> None:
        page = min(self.page, probing.PAGE)
        self._search = ProbeSearch(self.claims.ledger, self.clock, page)

    def run(self) -> Woken:
        """Do once what is due now."""
        deadline = Deadline.starting_now(self.clock, self.run_length)
        seen, time = self.line.look_now(deadline)
        woken = Woken(held=seen.status.why if seen.status.held_by is HeldBy.FAULT else None)
        # A topic that hangs must not take the time of what is due as well.
        self._send_letters(time, deadline.at_most(self.run_length / 3), woken)
        self._ask_for_a_look(time, deadline.at_most(self.run_length / 3), woken)
        if seen.status.state is LineState.OPEN:
            self._send_due(time, deadline, woken)
        elif probe_due(seen.status, time.now()):
            self._send_probe(seen.status, time, deadline, woken)
        return woken

    def _send_letters(self, time: ServerTime, deadline: Deadline, woken: Woken) -> None:
        for stored in self._due(State.SETTLED, time, deadline):
            self._note_age(stored, time.now(), woken)
            try:
                self.letters.send_owed(stored, time.now(), deadline, by="wake")
                woken.letters += 1
            except (Unavailable, LostClaim):
                woken.failed += 1

    def _ask_for_a_look(self, time: ServerTime, deadline: Deadline, woken: Woken) -> None:
        if self.looks is None:
            return
        try:
            woken.looks += self.looks.ask(time.now(), deadline)
        except Unavailable:
            woken.failed += 1  # a minute later it is due still

    def _send_due(self, time: ServerTime, deadline: Deadline, woken: Woken) -> None:
        """Move ahead what is due, and send it in batches: what was moved is sent in any case."""
        moved: list[Message] = []
        try:
            for stored in self._sendable(time, deadline.earlier(SENDING)):
                if woken.sent + len(moved) >= max(1, int(self.pace.per_minute)):
                    return
                self._note_age(stored, time.now(), woken)
                moved += self._move(stored, time, deadline, woken)
                if len(moved) == BATCH:
                    self._publish(moved, deadline, woken)
                    moved = []
        finally:
            if moved:
                self._publish(moved, deadline, woken)

    def _sendable(self, time: ServerTime, deadline: Deadline) -> Iterator[Stored]:
        for state in (State.CLAIMED, State.WAITING):
            for stored in self._due(state, time, deadline):
                if not is_live(stored):  # whatever a worker's clock has made of `wake_at`
                    yield stored

    def _send_probe(
        self, line: LineStatus, time: ServerTime, deadline: Deadline, woken: Woken
    ) -> None:
        """Send one request; its delivery takes the probe."""
        if probe := self._search.find(line, time, deadline.earlier(SENDING)):
            sent = woken.sent
            self._send(probe, time, deadline, woken)
            woken.probes += woken.sent - sent

    def _send(self, stored: Stored, time: ServerTime, deadline: Deadline, woken: Woken) -> None:
        if moved := self._move(stored, time, deadline, woken):
            self._publish(moved, deadline, woken)

    def _move(
        self, stored: Stored, time: ServerTime, deadline: Deadline, woken: Woken
    ) -> list[Message]:
        """Move `wake_at` ahead; the message to send, or none if somebody else has moved it."""
        request = stored_request(stored.entry.message)
        again = WAKE_AGAIN if request else UNREADABLE_AGAIN
        later = replace(stored.entry, wake_at=time.now() + again)
        try:
            self.claims.ledger.update(stored, later, deadline)
        except Overtaken:
            return []
        if request is None:
            woken.unreadable += 1
            return []
        return [as_message(later.message, request)]

    def _publish(self, messages: list[Message], deadline: Deadline, woken: Woken) -> None:
        try:
            self.requests.publish(messages, deadline)
            woken.sent += len(messages)
        except Unavailable:
            woken.failed += len(messages)  # sent again when wake_at comes round

    def _due(self, state: State, time: ServerTime, deadline: Deadline) -> Iterator[Stored]:
        return due(self.claims.ledger, state, time, deadline, page=self.page)

    @staticmethod
    def _note_age(stored: Stored, now: datetime, woken: Woken) -> None:
        if stored.entry.wake_at is not None:
            age = (now - stored.entry.wake_at).total_seconds()
            woken.oldest_overdue_seconds = max(woken.oldest_overdue_seconds, age)
