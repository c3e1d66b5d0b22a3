"""A sender that runs wild waits; nobody else does."""

from enrollment.rate import Rate
from tests.doubles import MovableClock


def test_as_many_as_are_saved_up_pass_at_once_and_then_one_by_one():
    clock = MovableClock()
    rate = Rate(clock, a_second=10, burst=3)

    assert [rate.take("sis") for _ in range(4)] == [0, 0, 0, 0.1]

    clock.advance(seconds=0.1)
    assert rate.take("sis") == 0
    assert rate.take("sis") > 0


def test_who_waited_in_vain_has_lost_nothing_of_what_is_saved():
    clock = MovableClock()
    rate = Rate(clock, a_second=10, burst=1)
    rate.take("sis")

    for _ in range(9):
        clock.advance(seconds=0.01)
        assert rate.take("sis") > 0
    clock.advance(seconds=0.011)

    assert rate.take("sis") == 0


def test_no_more_is_saved_than_the_burst():
    clock = MovableClock()
    rate = Rate(clock, a_second=10, burst=2)

    clock.advance(hours=1)

    assert [rate.take("sis") for _ in range(3)] == [0, 0, 0.1]


def test_one_sender_s_flood_is_no_other_s():
    rate = Rate(MovableClock(), a_second=1, burst=1)
    rate.take("sis")

    assert rate.take("sis") > 0
    assert rate.take("form") == 0
