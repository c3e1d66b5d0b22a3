"""Somebody was faster between reading an entry and claiming it: it is held as of now."""

from dataclasses import replace

from enrollment.adapters.sqlite import SqliteLedger
from enrollment.claims import Claimed, Claims
from enrollment.clock import Deadline
from enrollment.ledger import Held
from enrollment.reasons import Reason
from enrollment.results import parked
from tests.contract.builders import an_arrival
from tests.doubles import START, MovableClock, in_memory


class OvertakenLedger(SqliteLedger):
    """Another worker claims the entry whenever this one is about to."""

    def update(self, seen, entry, deadline):
        super().update(seen, replace(entry, claim="faster"), deadline)
        return super().update(seen, entry, deadline)


def test_it_is_held_from_the_moment_of_the_look_and_not_since_it_was_last_written():
    clock = MovableClock()
    database = in_memory(clock)
    ledger, deadline = SqliteLedger(database), Deadline.starting_now(clock)
    claimed = Claims(ledger, clock).claim(an_arrival("before"), deadline)
    assert isinstance(claimed, Claimed)
    back = parked(claimed.stored.entry, START, Reason.LINE_HELD)
    ledger.update(claimed.stored, back, deadline)
    clock.advance(hours=1)

    claiming = Claims(OvertakenLedger(database), clock).claim(an_arrival("mine"), deadline)

    assert claiming == Held(clock.now(), remembered=False)
