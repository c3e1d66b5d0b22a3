"""What is due is found oldest first, page by page, each entry once."""

from dataclasses import replace
from datetime import timedelta

from enrollment.entry import State
from tests.contract.builders import NOON, a_waiting_entry, an_entry

MICROSECOND = timedelta(microseconds=1)


def fill(ledgers, *wake_ats):
    """Entries that wait, made in this order."""
    for number, wake_at in enumerate(wake_ats):
        ledgers.port.create(a_waiting_entry(number, wake_at), ledgers.deadline)


def due(ledgers, before=NOON, limit=100, after=None, state=State.WAITING):
    return list(ledgers.port.due(state, before, limit, ledgers.deadline, after))


def walk(ledgers, limit, before=NOON):
    """Every page, until one is not full."""
    pages, after = [], None
    for _ in range(20):
        page = due(ledgers, before, limit, after)
        pages.append([stored.entry.request_id for stored in page])
        if len(page) < limit:
            return pages
        after = page[-1]
    raise AssertionError("the walk does not end")


def test_the_oldest_comes_first_whatever_the_order_of_writing(ledgers):
    fill(ledgers, *(NOON - n * MICROSECOND for n in (2, 9, 0, 5, 3_600_000_000, 1)))

    times = [stored.entry.wake_at for stored in due(ledgers)]

    assert len(times) == 6
    assert times == sorted(times)


def test_what_is_due_now_is_due_and_what_is_due_a_microsecond_later_is_not(ledgers):
    fill(ledgers, NOON, NOON + MICROSECOND)

    assert [stored.entry.wake_at for stored in due(ledgers)] == [NOON]


def test_what_nobody_needs_to_look_at_is_never_due(ledgers):
    fill(ledgers, None)

    assert due(ledgers, before=NOON + timedelta(days=1000)) == []


def test_what_was_due_and_is_no_longer_is_not_found(ledgers):
    fill(ledgers, NOON)
    (stored,) = due(ledgers)

    ledgers.port.update(stored, replace(stored.entry, wake_at=None), ledgers.deadline)

    assert due(ledgers) == []


def test_each_state_has_a_list_of_its_own(ledgers):
    for state in State:
        entry = an_entry(request_id=f"one-that-is-{state}", state=state, wake_at=NOON)
        ledgers.port.create(entry, ledgers.deadline)

    found = {state: [each.entry.state for each in due(ledgers, state=state)] for state in State}

    assert found == {state: [state] for state in State}


def test_an_entry_moves_to_the_list_of_its_new_state(ledgers):
    fill(ledgers, NOON)
    (stored,) = due(ledgers)

    ledgers.port.update(stored, replace(stored.entry, state=State.CLAIMED), ledgers.deadline)

    assert due(ledgers) == []
    assert len(due(ledgers, state=State.CLAIMED)) == 1


def test_pages_hold_each_entry_once_even_if_many_are_due_at_the_same_moment(ledgers):
    fill(ledgers, *(NOON - timedelta(seconds=n // 4) for n in range(11)))
    whole = [stored.entry.request_id for stored in due(ledgers)]

    for limit in (1, 2, 3, 4, 5, 11, 12):
        pages = walk(ledgers, limit)
        assert [name for page in pages for name in page] == whole
        assert all(len(page) == limit for page in pages[:-1])


def test_a_walk_goes_on_where_it_was_though_the_page_behind_it_was_put_off(ledgers):
    fill(ledgers, *[NOON] * 6)
    first = due(ledgers, limit=3)
    for stored in first:
        later = replace(stored.entry, wake_at=NOON + timedelta(minutes=15))
        ledgers.port.update(stored, later, ledgers.deadline)

    second = due(ledgers, limit=3, after=first[-1])

    names = {stored.entry.request_id for stored in (*first, *second)}
    assert len(names) == 6


def test_an_empty_ledger_owes_nothing(ledgers):
    assert walk(ledgers, 3) == [[]]


def test_a_due_entry_can_be_written_with_the_version_it_was_found_with(ledgers):
    fill(ledgers, NOON)
    (stored,) = due(ledgers)

    updated = ledgers.port.update(stored, replace(stored.entry, claim="next"), ledgers.deadline)

    assert updated.entry.claim == "next"
    assert stored.read_at >= stored.updated_at
