"""Whoever is quicker wins, and there is exactly one who is."""

from dataclasses import replace

import pytest

from enrollment.entry import State
from enrollment.ports import AlreadyExists, Overtaken
from tests.contract.builders import REQUEST_ID, all_at_once, an_entry

THREADS = 24


@pytest.fixture
def racers(ledgers):
    """As many workers as threads, in two processes."""
    doors = (ledgers.port, ledgers.again())
    return [doors[n % 2] for n in range(THREADS)]


def test_of_24_creates_of_one_request_exactly_one_wins(ledgers, racers):
    deadline = ledgers.deadline

    answers = all_at_once(THREADS, lambda n: racers[n].create(an_entry(f"worker-{n}"), deadline))

    won = [each for each in answers if not isinstance(each, AlreadyExists)]
    assert len(won) == 1
    assert ledgers.port.get(REQUEST_ID, deadline).entry == won[0].entry


def test_of_24_updates_of_one_version_exactly_one_wins(ledgers, racers):
    deadline = ledgers.deadline
    seen = ledgers.port.create(an_entry("nobody"), deadline)

    answers = all_at_once(
        THREADS, lambda n: racers[n].update(seen, an_entry(f"worker-{n}"), deadline)
    )

    won = [each for each in answers if not isinstance(each, Overtaken)]
    assert len(won) == 1
    assert ledgers.port.get(REQUEST_ID, deadline).entry == won[0].entry


def test_24_identical_updates_of_one_version_have_one_winner_too(ledgers, racers):
    deadline = ledgers.deadline
    seen = ledgers.port.create(an_entry(), deadline)

    answers = all_at_once(THREADS, lambda n: racers[n].update(seen, seen.entry, deadline))

    assert sum(not isinstance(each, Overtaken) for each in answers) == 1


def test_creates_of_different_requests_do_not_get_into_each_others_way(ledgers, racers):
    deadline = ledgers.deadline

    answers = all_at_once(
        THREADS, lambda n: racers[n].create(an_entry(request_id=f"request-{n:02}"), deadline)
    )

    assert {each.entry.request_id for each in answers} == {f"request-{n:02}" for n in range(24)}


def test_no_increment_is_lost_by_those_who_read_again_when_overtaken(ledgers, racers):
    deadline = ledgers.deadline
    ledgers.port.create(an_entry(attempt=0), deadline)

    def add_one(n):
        while True:
            seen = racers[n].get(REQUEST_ID, deadline)
            more = replace(seen.entry, attempt=seen.entry.attempt + 1)
            try:
                return racers[n].update(seen, more, deadline)
            except Overtaken:
                continue

    all_at_once(THREADS, add_one)

    assert ledgers.port.get(REQUEST_ID, deadline).entry.attempt == THREADS


def test_a_late_worker_does_not_overwrite_what_came_after_it(ledgers):
    late = ledgers.port.create(an_entry("late"), ledgers.deadline)
    other = ledgers.again()
    taken = other.update(late, an_entry("quick"), ledgers.deadline)
    done = other.update(taken, an_entry("quick", state=State.SETTLED), ledgers.deadline)

    with pytest.raises(Overtaken):
        ledgers.port.update(late, an_entry("late", state=State.WAITING), ledgers.deadline)

    assert ledgers.port.get(REQUEST_ID, ledgers.deadline).entry == done.entry


def test_a_version_does_not_come_back_when_the_content_does(ledgers):
    late = ledgers.port.create(an_entry("first"), ledgers.deadline)
    away = ledgers.port.update(late, an_entry("second"), ledgers.deadline)
    ledgers.port.update(away, an_entry("first"), ledgers.deadline)

    with pytest.raises(Overtaken):
        ledgers.port.update(late, an_entry("late"), ledgers.deadline)


def test_one_connection_sees_at_once_what_another_has_written(ledgers):
    other = ledgers.again()
    assert other.get(REQUEST_ID, ledgers.deadline) is None

    created = ledgers.port.create(an_entry(), ledgers.deadline)

    assert other.get(REQUEST_ID, ledgers.deadline).entry == created.entry
