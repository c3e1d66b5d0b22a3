"""decide(): every state an entry can be in, met by every delivery that can arrive."""

from dataclasses import replace
from datetime import timedelta

import pytest

from enrollment.entry import Entry, Event, State, Stored
from enrollment.ledger import (
    Arrival,
    Crashed,
    Early,
    Granted,
    Held,
    Mismatch,
    Settled,
    Stale,
    decide,
    first_claim,
)
from enrollment.outcome import Outcome
from enrollment.reasons import Reason
from enrollment.request import EnrollmentRequest
from enrollment.timing import LEASE
from tests.builders import a_request
from tests.doubles import START

SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
OTHER = {"course_id": "d:BIO-7"}


def an_arrival(**changes):
    request = a_request(**({"replay": 5} | changes))
    return Arrival(request=request, message="{}", student_key="ada", claim="newcomer")


def an_entry(**changes):
    """What the ledger knows of the request, at replay 5."""
    entry = first_claim(an_arrival(), START)
    return entry.__class__(**(vars(entry) | {"claim": "holder"} | changes))


def live(**changes):
    return an_entry(state=State.CLAIMED, **changes)


def waiting(**changes):
    return an_entry(state=State.WAITING, not_before=START + HOUR, **changes)


def settled(outcome, **changes):
    times = {"settled_at": START, "expire_at": START + timedelta(days=400)}
    return an_entry(state=State.SETTLED, outcome=outcome, **(times | changes))


REJECTED = settled(Outcome.REJECTED, reason=Reason.COURSE_FULL, expire_at=None)
CORRECTED = replace(REJECTED, corrected_from=(a_request(**OTHER).fingerprint,))
AT_ONCE, LAPSED, DUE = SECOND, LEASE, HOUR
LATER = START + timedelta(milliseconds=500)  # after START, and no more in the future AT_ONCE
FORGOTTEN = timedelta(days=400)


def verdict(entry, after, **changes):
    now = START + after
    return decide(Stored(entry, 1, START, now), an_arrival(**changes), now)


def named(value):
    """The part of a test's name that stands for one column of the table."""
    if isinstance(value, Entry):
        return f"{value.outcome or value.state} after {value.lapses} lapses"
    return value.__name__ if isinstance(value, type) else str(value)


@pytest.mark.parametrize(
    ("entry", "after", "arrival", "expected"),
    [
        # a live claim
        (live(), AT_ONCE, {}, Held),
        (live(), LEASE - SECOND, {}, Held),
        (live(), AT_ONCE, {"replay": 4}, Stale),
        (live(), AT_ONCE, {"replay": 6}, Held),
        (live(), AT_ONCE, {"replay": 6, **OTHER}, Held),
        (live(), AT_ONCE, OTHER, Mismatch),
        (live(), AT_ONCE, {"retry": True, "received_at": LATER}, Held),
        # a lapsed claim
        (live(), LAPSED, {}, Granted),
        (live(lapses=1), LAPSED, {}, Granted),
        (live(lapses=5), LAPSED, {}, Granted),  # looked up first
        (live(lapses=6), LAPSED, {}, Crashed),
        (live(lapses=6), LAPSED, {"replay": 6}, Granted),
        (live(lapses=6), LAPSED, {"replay": 4}, Stale),
        (live(lapses=6), LAPSED, OTHER, Mismatch),
        (live(), LAPSED, {"replay": 6, **OTHER}, Granted),
        # waiting
        (waiting(), AT_ONCE, {}, Early),
        (waiting(), DUE - SECOND, {}, Early),
        (waiting(), DUE, {}, Granted),
        (waiting(), AT_ONCE, {"replay": 6}, Granted),
        (waiting(), AT_ONCE, {"replay": 6, **OTHER}, Granted),
        (waiting(), DUE, {"replay": 4}, Stale),
        (waiting(), DUE, OTHER, Mismatch),
        (waiting(), AT_ONCE, {"retry": True, "received_at": LATER}, Early),
        # rejected
        (REJECTED, AT_ONCE, {}, Settled),
        (REJECTED, AT_ONCE, {"replay": 4}, Stale),
        (REJECTED, AT_ONCE, {"replay": 6}, Granted),
        (REJECTED, AT_ONCE, {"replay": 6, **OTHER}, Granted),
        (REJECTED, AT_ONCE, OTHER, Mismatch),
        (REJECTED, AT_ONCE, {"retry": True, "received_at": LATER}, Granted),
        (REJECTED, AT_ONCE, {"replay": 4, "retry": True, "received_at": LATER}, Granted),
        (REJECTED, AT_ONCE, {"replay": 4, "retry": True, "received_at": START}, Stale),
        (CORRECTED, AT_ONCE, {"replay": 4, "retry": True, "received_at": LATER, **OTHER}, Stale),
        (CORRECTED, AT_ONCE, {"replay": 4, **OTHER}, Stale),  # what it was before
        (REJECTED, AT_ONCE, {"replay": 4, **OTHER}, Mismatch),  # what it never was
        (REJECTED, AT_ONCE, {"replay": 4, "retry": True, "received_at": LATER, **OTHER}, Mismatch),
        (waiting(), DUE, {"replay": 4, "retry": True, "received_at": LATER}, Stale),
        (REJECTED, AT_ONCE, {"retry": True, "received_at": START}, Settled),
        (REJECTED, AT_ONCE, {"retry": True, "received_at": START - HOUR}, Settled),
        (REJECTED, AT_ONCE, {"retry": False, "received_at": LATER}, Settled),
        (REJECTED, AT_ONCE, {"retry": True, "received_at": LATER, **OTHER}, Mismatch),
        # a success
        *[
            (settled(success), after, arrival, expected)
            for success in (Outcome.ENROLLED, Outcome.ALREADY_ENROLLED, Outcome.INVITED)
            for after, arrival, expected in [
                (AT_ONCE, {}, Settled),
                (AT_ONCE, {"replay": 4}, Stale),
                (AT_ONCE, {"replay": 6}, Settled),
                (AT_ONCE, {"replay": 6, **OTHER}, Settled),
                (AT_ONCE, OTHER, Mismatch),
                (AT_ONCE, {"retry": True, "received_at": LATER}, Settled),
                (FORGOTTEN - SECOND, {}, Settled),
                (FORGOTTEN, {}, Granted),
                (FORGOTTEN, OTHER, Granted),
            ]
        ],
    ],
    ids=named,
)
def test_every_state_meets_every_arrival(entry, after, arrival, expected):
    assert isinstance(verdict(entry, after, **arrival), expected)


def test_a_held_claim_is_held_until_its_lease_ends():
    assert verdict(live(), AT_ONCE) == Held(START + LEASE)


def test_an_early_delivery_learns_when_it_may_come():
    assert verdict(waiting(), AT_ONCE) == Early(START + HOUR)


def test_a_granted_claim_is_the_newcomers_and_counted():
    entry = verdict(waiting(), DUE).entry

    assert (entry.state, entry.claim, entry.attempt) == (State.CLAIMED, "newcomer", 2)
    assert entry.not_before is None
    assert entry.wake_at == START + DUE + LEASE + timedelta(minutes=3)
    assert entry.history[-1].what == "claimed"


def test_a_lapsed_claim_may_have_reached_classroom():
    entry = verdict(live(), LAPSED).entry

    assert (entry.answer_lost, entry.lapses) == (True, 1)


def test_a_replay_replaces_content_and_gives_all_patience_back():
    tired = waiting(
        attempt=7,
        lapses=1,
        exists=True,
        answer_lost=True,
        first_failed_at=START,
        last_reason=Reason.NOT_FOUND,
        reason_since=START,
        reason_count=2,
        held_seconds=9.0,
    )

    entry = verdict(tired, AT_ONCE, replay=6, **OTHER).entry

    assert (entry.course_id, entry.replay, entry.attempt) == ("d:BIO-7", 6, 1)
    assert (entry.first_failed_at, entry.last_reason, entry.reason_since) == (None, None, None)
    assert (entry.reason_count, entry.lapses, entry.held_seconds) == (0, 0, 0.0)
    assert (entry.exists, entry.answer_lost) == (False, False)


def test_a_rosters_retry_after_a_replay_counts_as_that_replay_from_then_on():
    entry = verdict(REJECTED, AT_ONCE, replay=0, retry=True, received_at=LATER).entry

    assert entry.replay == 5
    assert EnrollmentRequest.model_validate_json(entry.message).replay == 5
    assert entry.history[-2].what == "retried"


def test_a_replay_of_the_same_wish_remembers_a_lost_answer():
    assert verdict(waiting(answer_lost=True), AT_ONCE, replay=6).entry.answer_lost


def test_a_reopened_rejection_remembers_its_letter_and_its_history():
    rejected = REJECTED.noting(Event(at=START, attempt=1, what="rejected"))

    entry = verdict(rejected, AT_ONCE, replay=6).entry

    assert entry.letter is rejected.letter
    assert [each.what for each in entry.history] == ["claimed", "rejected", "replayed", "claimed"]
    assert (entry.outcome, entry.settled_at) == (None, None)


def test_a_forgotten_entry_begins_anew():
    entry = verdict(settled(Outcome.ENROLLED), FORGOTTEN).entry

    assert entry == first_claim(an_arrival(), START + FORGOTTEN)


def test_history_keeps_the_first_5_and_the_last_20_and_counts_all():
    entry = an_entry(history=(), history_count=0)

    for number in range(100):
        entry = entry.noting(Event(at=START, attempt=number, what="waiting"))

    kept = [each.attempt for each in entry.history]
    assert kept == [*range(5), *range(80, 100)]
    assert entry.history_count == 100


def test_what_is_noted_comes_with_the_changes_that_it_is_about():
    entry = an_entry(attempt=1)

    noted = entry.noting(Event(at=START, attempt=2, what="claimed"), attempt=2, claim="mine")

    assert (noted.attempt, noted.claim) == (2, "mine")
    assert noted.history == (*entry.history, Event(at=START, attempt=2, what="claimed"))


def test_a_retry_from_a_clock_that_runs_ahead_reopens_nothing():
    ahead = START + timedelta(days=365)

    found = verdict(REJECTED, AT_ONCE, replay=REJECTED.replay, retry=True, received_at=ahead)

    assert isinstance(found, Settled)
