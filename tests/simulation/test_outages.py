"""The long outages: nobody is lost or rejected, and the backlog goes as fast as the quota."""

import pytest

from tests.simulation.outages import MOST, OUTAGES, REQUESTS, drained

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
