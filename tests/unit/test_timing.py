"""The waits and limits agree with each other, and with what they are said to be for."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from enrollment import timing
from enrollment.clock import Deadline, ServerTime
from enrollment.timing import BACKOFF_MOST, SOON, Waits
from tests.doubles import START, MovableClock


def test_a_delivery_ends_before_the_function_before_the_lease_before_the_redelivery():
    assert timing.DELIVERY < timing.FUNCTION_TIMEOUT < timing.LEASE < timing.ACK_DEADLINE


def test_permit_claim_call_and_settling_fit_into_a_delivery():
    needed = timing.PERMIT_LIMIT + timing.CLASSROOM_LIMIT + 2 * timing.LEDGER_LIMIT

    assert needed <= timing.DELIVERY


def test_looking_ids_up_leaves_time_to_keep_and_publish():
    needed = timing.LOOKUPS_LIMIT + 2 * timing.LEDGER_LIMIT + timing.PUBLISH_LIMIT

    assert timing.LOOKUP_LIMIT < timing.LOOKUPS_LIMIT
    assert needed <= timing.DELIVERY


def test_the_ledgers_clients_second_try_fits_its_limit():
    assert 2 * timing.LEDGER_TRY <= timing.LEDGER_LIMIT


def test_wake_gives_redelivery_the_first_chance():
    longest_retry = timing.BACKOFF_MOST

    assert longest_retry < timing.WAKE_AGAIN
    assert timing.ACK_DEADLINE < timing.LEASE + timing.CLAIM_GRACE


def test_a_throttled_request_is_parked_long_before_pubsub_gives_it_up():
    assert timing.PARK_FROM_DELIVERY <= timing.MAX_DELIVERY_ATTEMPTS / 2


def test_a_letter_is_never_sent_by_wake_while_its_worker_still_may():
    assert timing.LETTER_GRACE > timing.DELIVERY


def test_what_is_left_to_redelivery_is_due_before_its_worker_would_be_missed():
    assert timing.SOON < timing.WAKE_AGAIN
    assert all(gap < timing.SOON for gap in timing.NOT_FOUND_GAPS)


def test_an_outcome_is_remembered_longer_than_a_request_may_be_old():
    assert timing.TOO_OLD < timing.REMEMBERED


def test_every_budget_of_one_reason_ends_before_patience_as_a_whole():
    waits = Waits()

    assert waits.account_pending < waits.account_missing < waits.give_up
    assert waits.unknown_answer < waits.give_up
    assert waits.next_day * 1.1 < waits.give_up


def test_waits_of_hours_are_scaled_and_patience_keeps_room_for_the_longest_pause():
    waits = Waits().scaled(1 / 3600)

    assert (waits.account_missing, waits.account_pending) == (
        timedelta(seconds=48),
        timedelta(seconds=6),
    )
    assert waits.give_up == BACKOFF_MOST
    assert waits.soon == SOON


def test_unscaled_nothing_changes():
    assert Waits().scaled(1).with_scaled_clock(1) == Waits()


def test_where_the_clock_is_scaled_soon_is_before_its_next_minute():
    assert Waits().with_scaled_clock(1 / 10).soon == timedelta(seconds=6)
    assert Waits().with_scaled_clock(1 / 3600).soon == timedelta(seconds=2)


def test_a_patience_that_is_shorter_than_that_is_not_made_longer():
    short = Waits(give_up=timedelta(minutes=1))

    assert short.scaled(1 / 60).give_up == timedelta(minutes=1)


@given(limit=st.floats(0, 100), passed=st.floats(0, 100))
def test_no_call_is_given_more_time_than_its_limit_or_than_what_remains(limit, passed):
    clock = MovableClock()
    deadline = Deadline.starting_now(clock)
    clock.sleep(passed)

    within = deadline.within(timedelta(seconds=limit))

    assert 0 <= within <= min(limit + 1e-6, deadline.remaining())


def test_the_ledgers_time_goes_on_though_the_workers_clock_is_wrong():
    clock = MovableClock()
    told = START - timedelta(hours=5)
    time = ServerTime.told_now(clock, told)
    clock.sleep(3)

    assert time.now() == told + timedelta(seconds=3)
