"""Faults by seed: the same whatever the order, and never for ever."""

from itertools import groupby
from random import Random

import pytest

from infra.fake_classroom.faults import FaultKind, Occasion
from infra.fake_classroom.seeded import MOST_IN_A_ROW, MOST_PHANTOMS, Level, Seeded

KEYS = [("courses.students.create", str(n % 7), str(n)) for n in range(300)]


def an_occasion(key):
    return Occasion(key=key, courses=frozenset(), users=frozenset(), subject="", user_id=key[2])


def drawn(seed, calls):
    """The fault of each (key, nth), in the order of calls."""
    seeded, times, found = Seeded(seed=seed, level=Level.MANY), dict.fromkeys(KEYS, 0), {}
    for key in calls:
        times[key] += 1
        fault = seeded.draw(an_occasion(key))
        found[key, times[key]] = fault and fault.kind
    return found


def test_the_order_in_which_threads_arrive_changes_nothing():
    calls = KEYS * 4
    shuffled = Random(7).sample(calls, len(calls))

    assert drawn(1, calls) == drawn(1, shuffled)
    assert drawn(1, calls) != drawn(2, calls)


def test_no_key_meets_more_than_a_few_faults_in_a_row():
    found = drawn(3, KEYS * 8)

    runs = [
        len(list(run))
        for key in KEYS
        for faulty, run in groupby(found[key, nth] is not None for nth in range(1, 9))
        if faulty
    ]

    assert max(runs) == MOST_IN_A_ROW


def test_an_address_is_missing_once_or_twice_and_never_again():
    found = drawn(5, KEYS * 8)

    phantoms = {
        key: [n for n in range(1, 9) if found[key, n] is FaultKind.PHANTOM_404] for key in KEYS
    }

    counts = {len(calls) for calls in phantoms.values()}
    assert counts == set(range(MOST_PHANTOMS + 1))
    assert all(last - first == 1 for first, last in filter(lambda c: len(c) > 1, phantoms.values()))


@pytest.mark.parametrize(("level", "share"), [("none", 0.0), ("some", 0.08), ("many", 0.25)])
def test_a_level_is_a_share_of_all_calls(level, share):
    seeded = Seeded(seed=11, level=Level(level))
    keys = [("courses.students.get", "1", str(n)) for n in range(3000)]

    faulty = sum(seeded.draw(an_occasion(key)) is not None for key in keys)

    assert faulty / len(keys) == pytest.approx(share, abs=0.02)


def test_no_seed_hangs_a_client():
    assert FaultKind.HANG not in drawn(9, KEYS * 8).values()
