"""The search for a request that can show whether what holds the line is mended."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from itertools import islice

from enrollment.clock import Clock, Deadline, ServerTime
from enrollment.due import due, is_live
from enrollment.entry import Entry, State, Stored
from enrollment.line import can_show, may_probe
from enrollment.ports import Ledger, LineStatus, Unavailable
from enrollment.reasons import Reason
from enrollment.request import Mode
from enrollment.wire import stored_request

PAGE = 20  # the first is a good probe as a rule; a held line is looked at each minute
LOOK = 1000  # entries that one search looks at; the next one goes on behind them
REST = timedelta(seconds=30)  # after a search in vain; an idle engine would search all the time


@dataclass
class ProbeSearch:
    """Looks through what waits, a part each time. One process's own memory of where it stopped."""

    ledger: Ledger
    clock: Clock
    page: int = PAGE
    _after: Stored | None = field(default=None, init=False, repr=False)
    _rests_until: float = field(default=float("-inf"), init=False, repr=False)

    def find(self, line: LineStatus, time: ServerTime, deadline: Deadline) -> Stored | None:
        """A request that can show the mending; where none can, one that has a turn then.

        One of a suspected course is the second choice. Raises Unavailable if none was seen.
        """
        if self.clock.monotonic() < self._rests_until:
            return None
        able, other = None, None
        try:
            for stored, mode in islice(self._waiting(time, deadline), LOOK):
                if can_show(line, mode):
                    if not _suspected(stored.entry, line):
                        return stored
                    able = able or stored
                else:
                    other = other or (stored, mode)
                if stored.entry.state is State.WAITING:
                    self._after = stored
        except Unavailable:
            if able is None:
                raise
        if able is None and other and may_probe(line, other[1], time.now()):
            able, _ = other
        if able is None:
            self._rests_until = self.clock.monotonic() + REST.total_seconds()
        return able

    def _waiting(self, time: ServerTime, deadline: Deadline) -> Iterator[tuple[Stored, Mode]]:
        """What is parked; where none is left, what a worker that died has claimed."""
        for state in (State.WAITING, State.CLAIMED):
            after = self._after if state is State.WAITING else None
            for stored in due(self.ledger, state, time, deadline, page=self.page, after=after):
                request = stored_request(stored.entry.message)
                if request and not is_live(stored):
                    yield stored, request.mode
        if deadline.remaining() > 0:
            self._after = None  # it has come to the end: from the beginning, the next time


def _suspected(entry: Entry, line: LineStatus) -> bool:
    """Whether Classroom may refuse it for its course, though the fault is mended."""
    return entry.course_id in line.suspects or entry.last_reason is Reason.NOT_PERMITTED
