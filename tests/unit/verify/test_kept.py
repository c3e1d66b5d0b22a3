"""What is fetched from elsewhere is kept, renewed, and served on while there is trouble."""

import threading

import pytest

from enrollment.adapters.kept import PAUSE, Fetched, Gone, Kept
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from tests.doubles import MovableClock

TROUBLE = Unavailable(Reason.KEYS_DOWN, "away")


class Source:
    """Gives one value after another; an exception is raised. The last comes again and again."""

    def __init__(self, *values, good_for=300.0):
        self.values, self.good_for, self.fetches = list(values), good_for, 0
        self.clock = MovableClock()
        self.kept = Kept(self.fetch, self.clock.monotonic)

    def fetch(self):
        self.fetches += 1
        value = self.values.pop(0) if len(self.values) > 1 else self.values[0]
        if isinstance(value, Exception):
            raise value
        return Fetched(value, self.good_for)


def test_it_is_fetched_when_first_asked_for_and_then_kept():
    source = Source("old", "new")

    before = source.fetches
    values = [source.kept.value() for _ in range(3)]

    assert (before, values, source.fetches) == (0, ["old"] * 3, 1)


def test_it_is_fetched_anew_when_its_time_is_over():
    source = Source("old", "new")
    source.kept.value()

    source.clock.advance(seconds=299.9)
    still = source.kept.value()
    source.clock.advance(seconds=0.1)

    assert (still, source.kept.value(), source.fetches) == ("old", "new", 2)


def test_while_there_is_trouble_the_old_is_served_and_nobody_waits_for_each_try():
    source = Source("old", TROUBLE, TROUBLE, "new")
    source.kept.value()
    source.clock.advance(seconds=300)

    values = [source.kept.value() for _ in range(5)]
    source.clock.advance(seconds=PAUSE)
    values += [source.kept.value() for _ in range(5)]
    fetches = source.fetches
    source.clock.advance(seconds=PAUSE)

    assert (values, fetches) == (["old"] * 10, 3)
    assert source.kept.value() == "new"


def test_trouble_before_the_first_value_is_told_and_ends():
    source = Source(TROUBLE, "new")

    for _ in range(3):
        with pytest.raises(Unavailable, match="away") as raised:
            source.kept.value()
        assert raised.value is not TROUBLE
    source.clock.advance(seconds=PAUSE)

    assert (source.kept.value(), source.fetches) == ("new", 2)


def test_what_was_taken_away_is_not_served_on():
    source = Source("old", Gone(TROUBLE), "new")
    source.kept.value()
    source.clock.advance(seconds=300)

    with pytest.raises(Unavailable, match="away"):
        source.kept.value()
    source.clock.advance(seconds=PAUSE)

    assert source.kept.value() == "new"


def test_a_newer_one_can_be_asked_for_but_not_all_the_time():
    source = Source("old", "new", "newest", good_for=3600.0)
    source.kept.value()

    at_once = source.kept.newer(than=60)
    source.clock.advance(seconds=60)
    later = [source.kept.newer(than=60) for _ in range(3)]

    assert (at_once, later, source.fetches) == ("old", ["new"] * 3, 2)


def test_who_needs_a_newer_one_is_not_given_the_old_for_it():
    source = Source("old", TROUBLE)
    source.kept.value()
    source.clock.advance(seconds=60)

    for _ in range(2):
        with pytest.raises(Unavailable, match="away"):
            source.kept.newer(than=60)

    assert (source.kept.value(), source.fetches) == ("old", 2)


def test_one_thread_fetches_while_the_others_are_served_what_is_there():
    begun, go_on, source = threading.Event(), threading.Event(), Source("old", "new")
    fetch = source.kept.value()
    slow = threading.Thread(target=source.kept.value)

    def fetch_slowly():
        begun.set()
        assert go_on.wait(5)
        return Fetched("new", 300.0)

    source.kept._fetch = fetch_slowly
    source.clock.advance(seconds=300)
    slow.start()
    assert begun.wait(5)
    meanwhile = source.kept.value()
    go_on.set()
    slow.join()

    assert (fetch, meanwhile, source.kept.value()) == ("old", "old", "new")


def test_threads_that_have_nothing_yet_wait_for_one_fetch():
    begun, go_on, found = threading.Event(), threading.Event(), []
    source = Source("first")
    usual = source.kept._fetch

    def fetch_slowly():
        begun.set()
        assert go_on.wait(5)
        return usual()

    source.kept._fetch = fetch_slowly
    threads = [threading.Thread(target=lambda: found.append(source.kept.value())) for _ in "1234"]
    for each in threads:
        each.start()
    assert begun.wait(5)
    go_on.set()
    for each in threads:
        each.join()

    assert (found, source.fetches) == (["first"] * 4, 1)
