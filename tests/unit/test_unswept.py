"""While a function is built no garbage is collected, and afterwards it is again, come what may."""

import gc
import threading

import pytest

from enrollment.wiring.distributed import Once
from enrollment.wiring.unswept import unswept


@pytest.fixture(autouse=True)
def _as_it_was():
    yield
    gc.unfreeze()
    gc.enable()


def test_nothing_is_collected_while_something_is_built():
    once = Once(gc.isenabled)

    assert once() is False
    assert gc.isenabled()


def test_what_was_built_is_not_looked_at_again():
    before, built = gc.get_freeze_count(), [[number] for number in range(1_000)]

    with unswept():
        built += [[number] for number in range(1_000)]

    assert gc.get_freeze_count() >= before + len(built)


def test_what_could_not_be_built_stays_garbage_and_collecting_goes_on():
    before = gc.get_freeze_count()

    def failing():
        assert not gc.isenabled()
        raise ValueError("settings")

    with pytest.raises(ValueError, match="settings"):
        Once(failing)()

    assert gc.isenabled()
    assert gc.get_freeze_count() == before


def test_a_part_that_is_ready_does_not_begin_it_again_for_the_whole():
    with unswept():
        with unswept():
            pass
        within = gc.isenabled()

    assert not within
    assert gc.isenabled()


def test_a_thread_that_is_ready_does_not_begin_it_again_for_another():
    under_way, go_on = threading.Event(), threading.Event()

    def building():
        under_way.set()
        assert go_on.wait(20)
        return gc.isenabled()

    slow = Once(building)
    thread = threading.Thread(target=slow)
    thread.start()
    assert under_way.wait(20)
    Once(dict)()
    go_on.set()
    thread.join()

    assert slow() is False
    assert gc.isenabled()


def test_a_process_that_never_collects_does_not_begin_to():
    gc.disable()

    with unswept():
        pass

    assert not gc.isenabled()
