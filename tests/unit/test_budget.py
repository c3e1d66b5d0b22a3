"""How long a request waits for its next try, and when there is none."""

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enrollment.advice import Kind, advice
from enrollment.budget import TELLING, Budget
from enrollment.entry import Entry, State
from enrollment.ledger import Arrival, first_claim
from enrollment.ports import Refused, Unavailable
from enrollment.reasons import Reason
from enrollment.timing import Waits
from tests.builders import a_request
from tests.doubles import START

NOT_NOW = [each for each in Reason if advice(each).kind is Kind.NOT_NOW]


def an_entry(**changes):
    arrival = Arrival(request=a_request(), message="{}", student_key="ada", claim="ours")
    return replace(first_claim(arrival, START), **changes)


def a_budget(after=timedelta(0), held=0.0, chance=1.0, waits=None):
    now = START + after
    return Budget(waits=waits or Waits(), now=now, held_in_all=held, chance=lambda: chance)


def spend_again_and_again(reason, times, **budget):
    entry = an_entry()
    for _ in range(times):
        entry = a_budget(**budget).spend(entry, Unavailable(reason))
        assert isinstance(entry, Entry)
    return entry


def delay(entry):
    return entry.not_before - START


@pytest.mark.parametrize(
    ("times", "seconds"), [(1, 2), (2, 4), (3, 8), (9, 512), (10, 600), (24, 600)]
)
def test_the_backoff_doubles_from_2_seconds_to_10_minutes(times, seconds):
    entry = spend_again_and_again(Reason.CLASSROOM_DOWN, times)

    assert delay(entry) == timedelta(seconds=seconds)


def test_a_bare_403_that_lasts_is_asked_about_once_an_hour():
    quick = spend_again_and_again(Reason.NOT_PERMITTED, 10)
    slow = spend_again_and_again(Reason.NOT_PERMITTED, 11)

    assert delay(quick) == timedelta(minutes=10)
    assert delay(slow) == timedelta(hours=1)


def test_the_backoff_is_jittered_fully():
    assert delay(a_budget(chance=0.0).spend(an_entry(), Unavailable(Reason.NO_ANSWER))) == (
        timedelta(0)
    )


def test_other_trouble_starts_the_backoff_again():
    entry = spend_again_and_again(Reason.CLASSROOM_DOWN, 6)
    entry = a_budget().spend(entry, Unavailable(Reason.NOT_PERMITTED))

    entry = a_budget().spend(entry, Unavailable(Reason.CLASSROOM_DOWN))

    assert delay(entry) == timedelta(seconds=2)


def test_retry_after_is_honoured_when_it_is_longer():
    trouble = Unavailable(Reason.CLASSROOM_DOWN, retry_after=timedelta(seconds=90))

    assert delay(a_budget().spend(an_entry(), trouble)) == timedelta(seconds=90)


@pytest.mark.parametrize("reason", NOT_NOW)
def test_every_reason_to_wait_waits(reason):
    entry = a_budget().spend(an_entry(), Unavailable(reason))

    assert entry.state is State.WAITING
    assert entry.reason is reason
    assert entry.not_before <= entry.wake_at
    assert entry.first_failed_at == START
    assert entry.history[-1].what == "waiting"


@pytest.mark.parametrize("reason", sorted(set(NOT_NOW) - TELLING))
def test_what_only_passes_by_is_not_blamed_on_the_request(reason):
    entry = spend_again_and_again(Reason.NOT_FOUND, 2)

    entry = a_budget(after=timedelta(hours=1)).spend(entry, Unavailable(reason))

    assert (entry.last_reason, entry.reason_count) == (Reason.NOT_FOUND, 2)
    assert entry.reason_since == START


def test_a_missing_account_counts_from_the_first_404():
    entry = spend_again_and_again(Reason.NOT_FOUND, 2)

    entry = a_budget(after=timedelta(minutes=5)).spend(entry, Unavailable(Reason.ACCOUNT_MISSING))

    assert (entry.last_reason, entry.reason_since) == (Reason.ACCOUNT_MISSING, START)


def test_another_telling_reason_counts_from_itself():
    entry = spend_again_and_again(Reason.NOT_FOUND, 2)
    later = timedelta(minutes=5)

    entry = a_budget(after=later).spend(entry, Unavailable(Reason.ACCOUNT_PENDING))

    assert (entry.reason_since, entry.reason_count) == (START + later, 1)


@pytest.mark.parametrize(
    ("reason", "tries"), [(Reason.CONFLICT_UNCLEAR, 5), (Reason.INTERNAL_ERROR, 10)]
)
def test_some_trouble_is_tried_a_number_of_times(reason, tries):
    entry = spend_again_and_again(reason, tries - 1)

    spent = a_budget().spend(entry, Unavailable(reason, "the detail"))

    assert isinstance(spent, Refused)
    assert (spent.reason, spent.detail) == (reason, "the detail")


KNOWN = {
    Reason.ACCOUNT_MISSING: Reason.STUDENT_UNKNOWN,
    Reason.ACCOUNT_PENDING: Reason.OUTSIDE_DOMAIN,
}
VAGUE = sorted(set(NOT_NOW) - {Reason.NO_PERMIT, Reason.LINE_HELD} - set(KNOWN))


@pytest.mark.parametrize("reason", KNOWN)
def test_whoever_was_long_missed_before_an_outage_is_told_as_missing(reason):
    entry = a_budget().spend(an_entry(), Unavailable(reason))
    late = a_budget(after=timedelta(hours=72))

    spent = late.spend(entry, Unavailable(Reason.CLASSROOM_DOWN, "503"))

    assert isinstance(spent, Refused)
    assert spent.reason is KNOWN[reason]


@pytest.mark.parametrize("reason", VAGUE)
def test_nothing_is_tried_for_longer_than_72_hours(reason):
    entry = a_budget().spend(an_entry(), Unavailable(reason))

    spent = a_budget(after=timedelta(hours=72)).spend(entry, Unavailable(reason))

    assert isinstance(spent, Refused)
    assert spent.reason is Reason.EXHAUSTED
    assert reason in spent.detail


@pytest.mark.parametrize("reason", [Reason.NO_PERMIT, Reason.LINE_HELD])
def test_what_made_no_call_never_exhausts(reason):
    entry = a_budget().spend(an_entry(), Unavailable(Reason.CLASSROOM_DOWN))

    spent = a_budget(after=timedelta(days=30)).spend(entry, Unavailable(reason))

    assert isinstance(spent, Entry)


def test_the_hours_for_which_the_line_was_held_are_added_to_the_72():
    held = timedelta(hours=50).total_seconds()
    entry = a_budget(held=1000.0).spend(an_entry(), Unavailable(Reason.CLASSROOM_DOWN))
    again = Unavailable(Reason.CLASSROOM_DOWN)

    before = a_budget(after=timedelta(hours=121), held=1000.0 + held).spend(entry, again)
    at_last = a_budget(after=timedelta(hours=122), held=1000.0 + held).spend(entry, again)

    assert isinstance(before, Entry)
    assert isinstance(at_last, Refused)


def test_a_demonstration_may_shorten_the_hours():
    waits = Waits().scaled(1 / 3600)
    entry = a_budget(waits=waits).spend(an_entry(), Unavailable(Reason.CLASSROOM_DOWN))

    spent = a_budget(after=timedelta(minutes=10), waits=waits).spend(
        entry, Unavailable(Reason.CLASSROOM_DOWN)
    )

    assert isinstance(spent, Refused)


@given(reasons=st.lists(st.sampled_from(NOT_NOW), max_size=30), hours=st.integers(0, 200))
def test_patience_always_ends_in_a_wait_or_a_refusal_with_a_reason(reasons, hours):
    entry = an_entry()
    for number, reason in enumerate(reasons):
        spent = a_budget(after=timedelta(hours=hours * number)).spend(entry, Unavailable(reason))
        if isinstance(spent, Refused):
            assert spent.reason in {Reason.EXHAUSTED, reason, *KNOWN.values()}
            return
        assert spent.not_before >= START
        entry = spent
