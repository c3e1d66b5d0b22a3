"""The long outages: nobody is lost or rejected, and the backlog goes as fast as the quota."""

from contextlib import contextmanager

import pytest

from enrollment import pace
from tests.simulation.outages import MOST, OUTAGES, REQUESTS, drained
from tests.simulation.planted.planting import Fault, changed

# A fortieth of the school on a fortieth of the quota takes as long, and is as full.
PART = 40


@pytest.mark.parametrize("name", OUTAGES)
def test_an_outage_loses_and_rejects_nobody_and_is_made_up_for(name, request):
    everything = request.config.getoption("--all")
    requests, part = (REQUESTS, 1) if everything else (REQUESTS // PART, PART)

    found = drained(OUTAGES[name], requests, part)

    assert found.broken is None
    assert found.lost == 0
    assert found.became == {"enrolled": requests}
    assert found.refused == 0
    assert found.ratio < MOST


@contextmanager
def forgets_that_the_outage_is_over(_world):
    def succeeded(old, self, permit):
        gap = self._outage_gap
        old(self, permit)
        self._outage_gap = gap

    with changed((pace.Pace, "succeeded", succeeded)):
        yield


def test_a_pace_that_never_recovers_is_found():
    fault = Fault("forgets that the outage is over", forgets_that_the_outage_is_over)

    found = drained(OUTAGES["Classroom silent for two hours"], REQUESTS // PART, PART, fault)

    assert found.broken is None
    assert found.ratio > MOST
