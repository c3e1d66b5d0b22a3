"""The ledger keeps what it is given, and one writer wins."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta, timezone

import pytest

from enrollment.entry import Entry, Event, Letter, State
from enrollment.outcome import Outcome
from enrollment.ports import AlreadyExists, Overtaken
from enrollment.reasons import Reason
from tests.contract.builders import NOON, an_entry

ODD = datetime(2026, 10, 25, 1, 30, 0, 1, UTC)  # one microsecond, in the hour that comes twice

FULL = Entry(
    request_id="fall26:sis:88121:v3",
    message='{"course_id": "d:Ünïcödé \\u0000 \'quoted\'"}',
    fingerprint="f" * 64,
    course_id="d:Ünïcödé 'quoted'",
    student_key="0f" * 16,
    replay=7,
    state=State.SETTLED,
    claim="c" * 32,
    first_seen_at=ODD,
    outcome=Outcome.REJECTED,
    reason=Reason.EXHAUSTED,
    detail="last: classroom_down 503 UNAVAILABLE",
    attempt=12,
    lapses=2,
    returns=2,
    exists=True,
    answer_lost=True,
    not_before=ODD + timedelta(microseconds=1),
    wake_at=ODD + timedelta(microseconds=2),
    first_failed_at=ODD + timedelta(microseconds=3),
    held_seconds=0.1 + 0.2,
    last_reason=Reason.ACCOUNT_MISSING,
    reason_since=ODD + timedelta(microseconds=4),
    reason_count=9,
    letter=Letter.OWED,
    settled_at=ODD + timedelta(microseconds=5),
    expire_at=ODD + timedelta(days=400),
    history=(
        Event(at=ODD, attempt=1, what="claimed"),
        Event(at=ODD, attempt=1, what="waiting", reason=Reason.NOT_FOUND, by="wake"),
    ),
    history_count=31,
    corrected_from=("an earlier fingerprint",),
)


def test_the_entry_of_the_round_trip_leaves_no_field_at_its_default():
    at_default = [each.name for each in fields(Entry) if getattr(FULL, each.name) == each.default]

    assert at_default == []


@pytest.mark.parametrize("entry", [FULL, an_entry()], ids=["every field", "as first claimed"])
def test_an_entry_comes_back_as_it_was_created(ledgers, entry):
    ledger = ledgers.port

    created = ledger.create(entry, ledgers.deadline)

    assert created.entry == entry
    assert ledger.get(entry.request_id, ledgers.deadline).entry == entry


def test_an_entry_comes_back_as_it_was_updated(ledgers):
    ledger = ledgers.port
    created = ledger.create(an_entry(request_id=FULL.request_id), ledgers.deadline)

    updated = ledger.update(created, FULL, ledgers.deadline)

    assert updated.entry == FULL
    assert ledger.get(FULL.request_id, ledgers.deadline).entry == FULL


def test_times_come_back_aware_and_to_the_microsecond(ledgers):
    in_august = datetime(2026, 8, 20, 14, 0, 0, 999_999, timezone(timedelta(hours=2)))
    ledgers.port.create(an_entry(settled_at=in_august), ledgers.deadline)

    found = ledgers.port.get(an_entry().request_id, ledgers.deadline).entry.settled_at

    assert found == in_august
    assert found.utcoffset() is not None


def test_what_was_taken_away_is_gone(ledgers):
    created = ledgers.port.create(FULL, ledgers.deadline)
    bare = replace(FULL, outcome=None, reason=None, letter=None, wake_at=None, history=())

    ledgers.port.update(created, bare, ledgers.deadline)

    assert ledgers.port.get(FULL.request_id, ledgers.deadline).entry == bare


def test_an_unknown_request_has_no_entry(ledgers):
    ledgers.port.create(an_entry(), ledgers.deadline)

    assert ledgers.port.get("another-request", ledgers.deadline) is None


def test_a_second_create_is_refused_and_changes_nothing(ledgers):
    ledgers.port.create(an_entry("first"), ledgers.deadline)

    with pytest.raises(AlreadyExists):
        ledgers.port.create(an_entry("second"), ledgers.deadline)

    assert ledgers.port.get(an_entry().request_id, ledgers.deadline).entry.claim == "first"


def test_an_update_of_what_has_changed_since_is_refused_and_changes_nothing(ledgers):
    seen = ledgers.port.create(an_entry("first"), ledgers.deadline)
    ledgers.port.update(seen, an_entry("second"), ledgers.deadline)

    with pytest.raises(Overtaken):
        ledgers.port.update(seen, an_entry("late"), ledgers.deadline)

    assert ledgers.port.get(seen.entry.request_id, ledgers.deadline).entry.claim == "second"


def test_the_version_of_a_write_is_good_for_the_next_write(ledgers):
    stored = ledgers.port.create(an_entry("0"), ledgers.deadline)

    for n in range(1, 5):
        stored = ledgers.port.update(stored, an_entry(str(n)), ledgers.deadline)

    assert ledgers.port.get(stored.entry.request_id, ledgers.deadline).entry.claim == "4"


def test_the_version_of_a_read_is_good_for_a_write(ledgers):
    ledgers.port.create(an_entry("first"), ledgers.deadline)
    read = ledgers.again().get(an_entry().request_id, ledgers.deadline)

    ledgers.port.update(read, an_entry("second"), ledgers.deadline)

    assert ledgers.port.get(an_entry().request_id, ledgers.deadline).entry.claim == "second"


def test_a_write_that_changes_nothing_still_changes_the_version(ledgers):
    seen = ledgers.port.create(an_entry(), ledgers.deadline)

    again = ledgers.port.update(seen, seen.entry, ledgers.deadline)

    assert again.version != seen.version
    with pytest.raises(Overtaken):
        ledgers.port.update(seen, seen.entry, ledgers.deadline)


def test_the_ledger_tells_when_an_entry_was_written_and_when_it_was_read(ledgers):
    began = ledgers.clock.now()
    created = ledgers.port.create(an_entry(), ledgers.deadline)
    ledgers.let_pass(timedelta(seconds=7))
    between = ledgers.clock.now()

    read = ledgers.port.get(an_entry().request_id, ledgers.deadline)
    updated = ledgers.port.update(read, an_entry("next"), ledgers.deadline)

    assert began <= created.updated_at <= created.read_at <= between
    assert read.updated_at == created.updated_at
    assert between <= read.read_at <= updated.updated_at <= updated.read_at
    assert updated.read_at <= ledgers.clock.now()


def test_the_times_of_an_entry_decide_nothing_about_the_ledgers_own(ledgers):
    long_ago = an_entry(first_seen_at=NOON.replace(year=1999), wake_at=NOON.replace(year=2099))

    created = ledgers.port.create(long_ago, ledgers.deadline)

    assert created.updated_at.year == ledgers.clock.now().year
