"""The line about a run that is under way: short, and never at odds with itself."""

from contextlib import contextmanager
from datetime import timedelta

import pytest

from enrollment.cli.meter import Meter
from enrollment.cli.places import place
from enrollment.clock import Deadline
from enrollment.embedded import Tally
from enrollment.journal import Silence
from enrollment.reasons import Reason
from enrollment.wiring.embedded import engine, open_store


@contextmanager
def told_by(store):
    """A function that tells about this many messages on the queue after this many calls."""
    school = open_store(store.removeprefix("sqlite:///"))
    with engine(school, place(None).settings, wait=timedelta(0)) as running:

        def told(left, calls=0):
            meter = Meter(Silence())
            meter._calls.extend([(meter._started, calls)] if calls else [])
            return meter._told(school, running, Tally(left=left))

        yield school, told
    school.database.close()


@pytest.mark.parametrize(
    ("left", "calls", "end"),
    [
        (0, 0, "on the queue 0"),
        (40, 0, "on the queue 40"),
        (0, 10, "on the queue 0  120 calls a minute"),
        (1200, 10, "on the queue 1,200  120 calls a minute  about 10 min left"),
    ],
)
def test_the_time_that_is_left_goes_with_the_pace_that_is_shown(store, left, calls, end):
    with told_by(store) as (_, told):
        assert told(left, calls) == f"settled 3 (1 rejected)  waiting 1  {end}"


def test_nothing_is_promised_while_the_line_is_held(store):
    with told_by(store) as (school, told):
        school.line.hold_for_fault(Reason.SCOPES_MISSING, Deadline.starting_now(school.clock))

        assert told(1200, 10).endswith("on the queue 1,200  THE LINE IS HELD")
