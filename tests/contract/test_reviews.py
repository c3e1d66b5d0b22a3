"""The review desk keeps every letter once, and shows the open ones in the order they came."""

from dataclasses import fields, replace
from datetime import timedelta

import pytest

from enrollment.ports import Overtaken
from enrollment.reasons import Reason
from enrollment.review_item import ItemState, ReviewItem
from tests.contract.builders import NOON, all_at_once, an_item

MICROSECOND = timedelta(microseconds=1)
FULL = ReviewItem(
    letter_id="e" * 64,
    reason=Reason.ID_REUSED,
    detail="Zoë's 'detail'",
    body=bytes(range(256)),
    attempts=4,
    replay=2,
    filed_at=NOON + MICROSECOND,
    request_id="fall26:sis:88121:v3",
    first_seen_at=NOON - timedelta(days=3, microseconds=7),
    trace="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    truncated=True,
    length=300_000,
    sha256="5" * 64,
    state=ItemState.DISMISSED,
    closed_at=NOON + timedelta(days=1, microseconds=9),
    closed_by="maria",
    note="not one of ours",
)


def file(desks, *items):
    return [desks.port.file(item, desks.deadline) for item in items]


def open_ids(desks):
    return [stored.item.letter_id for stored in desks.port.open_items(desks.deadline)]


def many(number):
    """Items of which several were filed in the same moment, newest first."""
    return [
        an_item(f"{n:064}", filed_at=NOON - (n // 3) * MICROSECOND, body=b"%d" % n)
        for n in range(number)
    ]


def test_the_item_of_the_round_trip_leaves_no_field_at_its_default():
    at_default = [
        each.name for each in fields(ReviewItem) if getattr(FULL, each.name) == each.default
    ]

    assert at_default == []


@pytest.mark.parametrize("item", [FULL, an_item(), an_item(request_id=None)])
def test_an_item_comes_back_as_it_was_filed(desks, item):
    (filed,) = file(desks, item)

    assert filed.item == item
    assert desks.port.get(item.letter_id, desks.deadline).item == item


def test_an_item_comes_back_as_it_was_updated(desks):
    (filed,) = file(desks, an_item(FULL.letter_id, filed_at=FULL.filed_at))

    updated = desks.port.update(filed, FULL, desks.deadline)

    assert updated.item == FULL
    assert desks.port.get(FULL.letter_id, desks.deadline).item == FULL


@pytest.mark.parametrize("body", [b"", b"\x00\xff", "Zoë😀".encode(), b"y" * 300_000])
def test_the_body_may_be_any_bytes(desks, body):
    file(desks, an_item(body=body))

    assert desks.port.get(an_item().letter_id, desks.deadline).item.body == body


def test_an_unknown_letter_has_no_item(desks):
    file(desks, an_item())

    assert desks.port.get("b" * 64, desks.deadline) is None


def test_the_same_letter_twice_is_one_item_and_the_first_stays(desks):
    (first,) = file(desks, an_item(note="seen"))

    (second,) = file(desks, an_item(note="again"))

    assert second == first
    assert len(open_ids(desks)) == 1


def test_a_letter_that_comes_again_does_not_reopen_what_was_closed(desks):
    (filed,) = file(desks, an_item())
    closed = replace(filed.item, state=ItemState.DISMISSED)
    desks.port.update(filed, closed, desks.deadline)

    (again,) = file(desks, an_item())

    assert again.item == closed
    assert open_ids(desks) == []


def test_of_many_who_file_one_letter_all_get_the_same_item(desks):
    doors, deadline = (desks.port, desks.again()), desks.deadline

    answers = all_at_once(12, lambda n: doors[n % 2].file(an_item(note=f"{n}"), deadline))

    assert len({stored.item.note for stored in answers}) == 1
    assert len(open_ids(desks)) == 1


def test_an_update_of_what_has_changed_since_is_refused(desks):
    (seen,) = file(desks, an_item())
    replayed = replace(seen.item, state=ItemState.REPLAYED)
    desks.port.update(seen, replayed, desks.deadline)

    with pytest.raises(Overtaken):
        desks.port.update(seen, replace(seen.item, state=ItemState.DISMISSED), desks.deadline)

    assert desks.port.get(seen.item.letter_id, desks.deadline).item == replayed


def test_an_update_that_changes_nothing_still_counts_as_one(desks):
    (seen,) = file(desks, an_item())
    desks.port.update(seen, seen.item, desks.deadline)

    with pytest.raises(Overtaken):
        desks.port.update(seen, seen.item, desks.deadline)


def test_of_many_who_close_one_item_exactly_one_does(desks):
    (seen,) = file(desks, an_item())
    doors, deadline = (desks.port, desks.again()), desks.deadline

    answers = all_at_once(
        12,
        lambda n: doors[n % 2].update(
            seen, replace(seen.item, state=ItemState.REPLAYED, closed_by=f"{n}"), deadline
        ),
    )

    assert sum(not isinstance(each, Overtaken) for each in answers) == 1


def test_the_version_of_an_update_is_good_for_the_next(desks):
    (stored,) = file(desks, an_item())

    for state in (ItemState.DISMISSED, ItemState.OPEN, ItemState.REPLAYED):
        stored = desks.port.update(stored, replace(stored.item, state=state), desks.deadline)

    assert desks.port.get(stored.item.letter_id, desks.deadline).item.state is ItemState.REPLAYED


def test_the_items_of_a_request_are_found_open_or_closed_and_no_others(desks):
    mine = [
        an_item("1" * 64),
        an_item("2" * 64, state=ItemState.REPLAYED, replay=1, body=b"\xff"),
    ]
    file(desks, *mine, an_item("3" * 64, request_id="another-one"))
    file(desks, an_item("4" * 64, request_id=None))

    found = desks.port.of_request(mine[0].request_id, desks.deadline)

    assert sorted((stored.item for stored in found), key=lambda i: i.letter_id) == mine


def test_a_request_without_items_has_none(desks):
    assert list(desks.port.of_request("another-one", desks.deadline)) == []


def test_open_items_come_oldest_first_over_several_pages(desks):
    items = many(450)
    file(desks, *items)

    found = [stored.item for stored in desks.port.open_items(desks.deadline)]

    assert len({item.letter_id for item in found}) == len(items)
    assert sorted(found, key=lambda i: i.letter_id) == items
    assert [item.filed_at for item in found] == sorted(item.filed_at for item in items)


def test_closed_items_are_not_open_and_reopened_ones_are(desks):
    items = [an_item(state.value.ljust(64, "0"), state=state) for state in ItemState]
    filed = file(desks, *items)
    assert open_ids(desks) == [items[0].letter_id]

    for stored in filed:
        desks.port.update(stored, replace(stored.item, state=ItemState.OPEN), desks.deadline)

    assert len(open_ids(desks)) == len(items)


def test_whoever_closes_items_while_walking_meets_each_of_them_once(desks):
    items = many(250)
    file(desks, *items)

    met = []
    for stored in desks.port.open_items(desks.deadline):
        met.append(stored.item.letter_id)
        closed = replace(stored.item, state=ItemState.RESOLVED)
        desks.port.update(stored, closed, desks.deadline)

    assert sorted(met) == [item.letter_id for item in items]
    assert open_ids(desks) == []


def test_an_open_item_can_be_written_with_the_version_it_was_found_with(desks):
    file(desks, an_item())
    (stored,) = desks.port.open_items(desks.deadline)

    desks.port.update(stored, replace(stored.item, note="found"), desks.deadline)

    assert desks.port.get(an_item().letter_id, desks.deadline).item.note == "found"
