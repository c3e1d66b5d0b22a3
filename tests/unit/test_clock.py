"""The machine's clock, which leases and quota windows are measured with."""

import time

import pytest

from enrollment.adapters.clock import SystemClock


@pytest.mark.skipif(not hasattr(time, "CLOCK_BOOTTIME"), reason="Linux has such a clock")
def test_it_counts_on_while_the_machine_is_suspended(monkeypatch):
    read = {time.CLOCK_BOOTTIME: 7200.0}
    monkeypatch.setattr(time, "clock_gettime", read.__getitem__)

    assert SystemClock().monotonic() == 7200.0
