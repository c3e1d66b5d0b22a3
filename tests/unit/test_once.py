"""What an instance is built of is built once, and nobody waits long for what does not come."""

import threading
import time

import pytest

from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from enrollment.wiring import distributed
from enrollment.wiring.distributed import Once
from tests.doubles import MovableClock

DOWN = Unavailable(Reason.TOPIC_DOWN, "no credentials")


class Build:
    """Something that answers in turn, and counts."""

    def __init__(self, *answers):
        self.answers, self.times = list(answers), 0

    def __call__(self):
        self.times += 1
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def test_it_is_built_once():
    build = Build("built")
    once = Once(build)

    assert [once(), once()] == ["built", "built"]
    assert build.times == 1


def test_nobody_waits_longer_than_told_for_another_to_build_it():
    under_way, go_on = threading.Event(), threading.Event()

    def hanging():
        under_way.set()
        go_on.wait(20)
        return "built"

    once = Once(hanging, wait=0.05)
    builder = threading.Thread(target=once)
    builder.start()
    assert under_way.wait(20)
    started = time.monotonic()

    with pytest.raises(Unavailable, match="connecting"):
        once()

    assert time.monotonic() - started < 5
    go_on.set()
    builder.join()
    assert once() == "built"


def test_what_is_not_available_is_not_asked_for_again_at_once(monkeypatch):
    clock = MovableClock()
    monkeypatch.setattr(distributed, "CLOCK", clock)
    build = Build(DOWN, "built")
    once = Once(build, rest=3)
    with pytest.raises(Unavailable):
        once()

    clock.advance(seconds=2.9)
    with pytest.raises(Unavailable) as told:
        once()

    assert build.times == 1
    assert (told.value.reason, told.value.detail) == (DOWN.reason, DOWN.detail)
    clock.advance(seconds=0.1)
    assert once() == "built"


def test_another_failure_is_not_kept():
    once = Once(Build(ValueError("settings"), "built"))

    with pytest.raises(ValueError, match="settings"):
        once()

    assert once() == "built"
