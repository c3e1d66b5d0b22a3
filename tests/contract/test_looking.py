"""What an operator asks of a store: how much there is, and what became of one student."""

from collections import Counter
from dataclasses import replace
from datetime import timedelta

import pytest

from enrollment.entry import State
from enrollment.outcome import Outcome
from enrollment.review_item import ItemState
from tests.contract.builders import NOON, a_waiting_entry, an_entry, an_item

ADA, BEN = "0a" * 16, "0b" * 16


def counted(ledgers):
    """The counts by state and outcome; a store may tell them apart further."""
    found = Counter()
    for each in ledgers.port.counts(ledgers.deadline):
        found[each.state, each.outcome] += each.number
    return dict(found)


def names(found):
    return [each.entry.request_id for each in found]


def test_an_empty_ledger_counts_nothing(ledgers):
    assert counted(ledgers) == {}


def test_entries_are_counted_by_state_and_outcome(ledgers):
    kinds = [(State.WAITING, None)] * 2 + [(State.CLAIMED, None)]
    kinds += [(State.SETTLED, outcome) for outcome in Outcome] * 3
    for n, (state, outcome) in enumerate(kinds):
        entry = an_entry(request_id=f"request-{n:03}", state=state, outcome=outcome)
        ledgers.port.create(entry, ledgers.deadline)

    assert counted(ledgers) == Counter(kinds)


def test_what_is_due_next_is_the_earliest_of_all(ledgers):
    assert ledgers.port.next_due(ledgers.deadline) is None
    later = NOON + timedelta(hours=1)
    for n, wake_at in enumerate((later, None, NOON, later)):
        ledgers.port.create(a_waiting_entry(n, wake_at), ledgers.deadline)

    assert ledgers.port.next_due(ledgers.deadline) == NOON


def test_the_entries_of_a_student_come_oldest_first_and_of_one_course_if_asked(ledgers):
    for n, (student, course) in enumerate(
        [(ADA, "d:ART-1"), (BEN, "d:ART-1"), (ADA, "d:BIO-7"), (ADA, "d:ART-1")]
    ):
        entry = an_entry(request_id=f"request-{n}", student_key=student, course_id=course)
        ledgers.port.create(entry, ledgers.deadline)

    whole = ledgers.port.of_student(ADA, None, ledgers.deadline)
    in_art = ledgers.port.of_student(ADA, "d:ART-1", ledgers.deadline)

    assert names(whole) == ["request-0", "request-2", "request-3"]
    assert names(in_art) == ["request-0", "request-3"]
    assert list(ledgers.port.of_student("0c" * 16, None, ledgers.deadline)) == []


@pytest.mark.parametrize("corrected", [{"course_id": "d:BIO-7"}, {"student_key": BEN}])
def test_what_was_corrected_is_found_as_it_is_now_and_not_as_it_was(ledgers, corrected):
    was = an_entry(student_key=ADA, course_id="d:ART-1")
    now = replace(was, replay=1, **corrected)
    ledgers.port.update(ledgers.port.create(was, ledgers.deadline), now, ledgers.deadline)

    as_it_was = ledgers.port.of_student(ADA, "d:ART-1", ledgers.deadline)
    as_it_is = ledgers.port.of_student(now.student_key, now.course_id, ledgers.deadline)

    assert (names(as_it_was), names(as_it_is)) == ([], [was.request_id])


def test_more_entries_of_a_student_than_a_page_holds_are_all_found(ledgers):
    wanted = [f"request-{n:03}" for n in range(201)]
    for name in wanted:
        ledgers.port.create(an_entry(request_id=name), ledgers.deadline)

    found = ledgers.port.of_student(an_entry().student_key, None, ledgers.deadline)

    assert sorted(names(found)) == wanted


@pytest.mark.parametrize(("limit", "number"), [(1, 1), (2, 2), (20, 3)])
def test_items_are_found_by_the_start_of_their_ids_open_or_closed(desks, limit, number):
    alike = [("abc" + "0" * 61), ("abcd" + "1" * 60), ("abcf" + "f" * 60)]
    for letter_id in (*alike, "abb" + "f" * 61, "abd" + "0" * 61):
        desks.port.file(an_item(letter_id, state=ItemState.DISMISSED), desks.deadline)

    found = desks.port.with_prefix("abc", limit, desks.deadline)

    assert [each.item.letter_id for each in found] == alike[:number]


def test_a_start_that_no_id_has_finds_nothing(desks):
    desks.port.file(an_item(), desks.deadline)

    for start in ("b", "a" * 65, "a/b", "__a", "."):
        assert list(desks.port.with_prefix(start, 20, desks.deadline)) == []


@pytest.mark.parametrize("name", ["a/b", "__a__", ".", "..", "no such letter"])
def test_what_can_be_no_id_has_no_item(desks, name):
    assert desks.port.get(name, desks.deadline) is None


def test_only_the_open_items_wait_for_a_person(desks):
    assert desks.port.count_open(desks.deadline) == 0
    for state in ItemState:
        desks.port.file(an_item(state.value.ljust(64, "0"), state=state), desks.deadline)

    assert desks.port.count_open(desks.deadline) == 1
