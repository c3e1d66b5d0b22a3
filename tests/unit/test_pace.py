"""The pace: never more calls than the quota, and hardly ever fewer while there is work."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrollment.pace import Pace
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from tests.doubles import MovableClock

PATIENT = 1e9


def a_pace(share=1140):
    clock = MovableClock()
    return Pace(clock, share), clock


def calls_made(pace, clock, seconds, latencies):
    """When each call went out: as many as the pace allows, each answered after its latency."""
    sent, under_way, number = [], [], 0
    while clock.elapsed < seconds:
        permit = pace.take(PATIENT)
        sent.append(clock.elapsed)
        under_way.append((clock.elapsed + latencies[number % len(latencies)], permit))
        number += 1
        for answered in [each for each in under_way if each[0] <= clock.elapsed]:
            under_way.remove(answered)
            pace.succeeded(answered[1])
        if len(pace._out) >= pace.share:  # every worker waits for an answer: let the first one come
            first = min(under_way, key=lambda each: each[0])
            under_way.remove(first)
            clock.sleep(first[0] - clock.elapsed)
            pace.succeeded(first[1])
    return sent


@given(
    share=st.integers(1, 40),
    latencies=st.lists(st.floats(0.01, 90), min_size=1, max_size=5),
)
def test_no_minute_ever_sees_more_calls_than_the_share(share, latencies):
    pace, clock = a_pace(share)

    sent = calls_made(pace, clock, 150, latencies)

    for start in sent:
        assert sum(start <= each < start + 60 for each in sent) <= share


def test_a_backlog_uses_at_least_97_percent_of_the_share():
    pace, clock = a_pace(1140)

    sent = calls_made(pace, clock, 180, [0.5, 0.3, 1.2])

    in_the_last_minute = sum(120 <= each < 180 for each in sent)
    assert 0.97 * 1140 <= in_the_last_minute <= 1140


def test_a_new_instance_begins_without_a_burst():
    pace, clock = a_pace(600)

    sent = calls_made(pace, clock, 2, [0.1])

    assert min(after - before for before, after in pairwise(sent)) >= pace.gap - 1e-9


def test_after_a_pause_there_is_no_burst_either():
    pace, clock = a_pace(600)
    calls_made(pace, clock, 1, [0.1])
    clock.advance(minutes=10)
    start = clock.elapsed

    sent = calls_made(pace, clock, start + 1, [0.1])

    catching_up = 1
    assert sum(each < start + 1 for each in sent) <= 1 + catching_up + 1 / pace.gap


def test_a_permit_given_back_is_the_next_callers():
    pace, clock = a_pace(60)
    pace.give_back(pace.take(0))

    pace.take(0)

    assert clock.elapsed == 0


def test_permits_given_back_never_add_up_to_a_burst():
    pace, _ = a_pace(60)
    for _ in range(10):
        pace.give_back(pace.take(PATIENT))

    pace.take(0)

    with pytest.raises(Unavailable):
        pace.take(0.5)


def test_who_has_no_patience_gets_no_permit_and_keeps_nothing():
    pace, clock = a_pace(6)
    pace.take(0)

    with pytest.raises(Unavailable) as caught:
        pace.take(10)

    assert caught.value.reason is Reason.NO_PERMIT
    assert clock.elapsed == 0
    pace.take(11)


def test_the_wait_for_a_permit_can_be_asked_before():
    pace, clock = a_pace(60)
    at_first = pace.wait
    pace.take(0)

    before = pace.wait
    pace.take(PATIENT)

    assert at_first == 0
    assert before == pytest.approx(clock.elapsed) == pytest.approx(pace.gap)


def test_a_plain_429_halves_the_rate():
    pace, _ = a_pace()
    before = pace.per_minute

    pace.limited(pace.take(PATIENT))

    assert pace.per_minute == pytest.approx(before / 2)


def test_a_storm_of_429s_halves_the_rate_once_in_ten_seconds():
    pace, clock = a_pace()
    before = pace.per_minute
    permits = [pace.take(PATIENT) for _ in range(20)]

    for permit in permits:
        pace.limited(permit)
    in_the_storm = pace.per_minute
    clock.advance(seconds=10)
    pace.limited(pace.take(PATIENT))

    assert in_the_storm == pytest.approx(before / 2)
    assert pace.per_minute == pytest.approx(before / 4)


def test_success_restores_the_rate_slowly():
    pace, clock = a_pace()
    before = pace.per_minute
    pace.limited(pace.take(PATIENT))
    clock.advance(seconds=15)

    pace.succeeded(pace.take(PATIENT))
    after_15_seconds = pace.per_minute
    clock.advance(seconds=60)
    pace.succeeded(pace.take(PATIENT))

    assert after_15_seconds == pytest.approx(before * 0.75, rel=0.01)
    assert pace.per_minute == pytest.approx(before)


def test_however_many_429s_there_still_is_a_call_now_and_then():
    pace, clock = a_pace()

    for _ in range(50):
        pace.limited(pace.take(PATIENT))
        clock.advance(seconds=10)

    assert pace.per_minute > 15


def fail(pace, times):
    for _ in range(times):
        pace.failed(pace.take(PATIENT))


def test_nineteen_failures_in_a_row_are_no_outage():
    pace, _ = a_pace()
    before = pace.gap

    fail(pace, 19)

    assert pace.gap == before


def test_twenty_failures_in_a_row_leave_one_call_in_five_seconds():
    pace, _ = a_pace()

    fail(pace, 20)

    assert pace.gap == 5.0


def test_an_answer_between_starts_the_twenty_again():
    pace, _ = a_pace()

    fail(pace, 19)
    pace.succeeded(pace.take(PATIENT))
    fail(pace, 19)

    assert pace.gap < 1


def test_after_an_outage_each_success_doubles_the_pace():
    pace, _ = a_pace()
    before = pace.gap
    fail(pace, 20)

    gaps = []
    for _ in range(12):
        pace.succeeded(pace.take(PATIENT))
        gaps.append(pace.gap)

    assert gaps[:3] == [2.5, 1.25, 0.625]
    assert gaps[-1] == before


def test_a_fault_of_ours_says_nothing_about_classroom():
    pace, _ = a_pace()
    before = pace.gap
    fail(pace, 19)

    pace.broke(pace.take(PATIENT))
    after_a_fault = pace.gap
    fail(pace, 1)

    assert after_a_fault == before
    assert pace.gap == 5.0


def test_a_share_of_nothing_is_refused():
    with pytest.raises(ValueError, match="raise the quota"):
        Pace(MovableClock(), 0)


def test_the_wait_is_the_gap_after_a_call():
    pace, _ = a_pace(60)

    pace.take(PATIENT)

    assert pace.wait == pytest.approx(60 / (0.99 * 60))


def test_with_the_window_full_the_wait_lasts_until_the_first_answer_is_a_minute_old():
    pace, clock = a_pace(2)
    slow = pace.take(PATIENT)
    clock.sleep(50)
    pace.succeeded(slow)
    pace.succeeded(pace.take(PATIENT))

    clock.sleep(40)

    assert pace.wait == pytest.approx(50 + 60 - 90)


def test_a_permit_is_settled_only_once():
    pace, _ = a_pace()
    permit = pace.take(PATIENT)
    pace.give_back(permit)

    with pytest.raises(KeyError):
        pace.succeeded(permit)


def test_the_time_before_a_429_restores_nothing_after_it():
    pace, clock = a_pace()
    before = pace.per_minute
    clock.advance(minutes=10)
    pace.limited(pace.take(PATIENT))

    pace.succeeded(pace.take(PATIENT))

    assert pace.per_minute == pytest.approx(before / 2, rel=0.01)
