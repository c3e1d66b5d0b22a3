"""Waiting for what other processes do."""

import time


def eventually(true, within=20.0):
    """Whether it becomes true in time."""
    until = time.monotonic() + within
    while time.monotonic() < until:
        if true():
            return True
        time.sleep(0.05)
    return False
