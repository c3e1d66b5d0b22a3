"""Two sources may choose the same id: each hears of its own wish."""

import pytest

from enrollment.inquiry import Inquiry
from tests.builders import a_desk
from tests.intake import ADA, a_door

CHOSEN = {"request_id": "fall26:sis:88121"}
BO = {"student": "bo@northside.example"}


@pytest.fixture
def door():
    return a_door()


def standings(door, desk):
    inquiry = Inquiry(desk.ledger, door.receipts, desk.reviews, ("sis", "form", "nightly"))
    found = inquiry.standings(CHOSEN["request_id"], door.deadline)
    return {each.source: (each.status, each.reason) for each in found}


def both_wish(door, form):
    door.receive(ADA | CHOSEN, source="sis")
    door.receive(ADA | CHOSEN | form, source="form", delivery_id="msg_2")
    return door.sent()


@pytest.mark.parametrize("form", [{}, BO])
def test_before_anything_is_settled_each_is_queued(door, form):
    both_wish(door, form)

    assert standings(door, a_desk()) == {"sis": ("queued", None), "form": ("queued", None)}


def test_another_wish_under_an_id_that_was_taken_stands_in_review(door):
    desk = a_desk()
    for request in both_wish(door, BO):
        desk.deliver(request)

    assert standings(door, desk) == {
        "sis": ("settled", None),
        "form": ("in_review", "id_reused"),
    }


def test_the_same_wish_by_two_sources_stands_where_the_first_one_does(door):
    desk = a_desk()
    for request in both_wish(door, {}):
        desk.deliver(request)

    assert standings(door, desk) == {"sis": ("settled", None), "form": ("settled", None)}


def test_a_wish_that_a_person_has_corrected_is_still_the_one_that_was_sent(door):
    desk = a_desk()
    first, _ = both_wish(door, {})
    desk.deliver(first)
    desk.deliver(first.model_copy(update=BO | {"replay": 1}))

    assert standings(door, desk)["form"] == ("settled", None)


def test_a_wish_whose_id_was_derived_is_told_to_each_source_that_wished_it(door):
    desk = a_desk()
    told = door.receive(ADA, source="sis").receipt.told[0]
    door.receive(ADA, source="form", delivery_id="msg_2")
    for request in door.sent():
        desk.deliver(request)

    inquiry = Inquiry(desk.ledger, door.receipts, desk.reviews, ("sis", "form"))
    found = inquiry.standings(told.request_id, door.deadline)

    assert [(each.source, each.status) for each in found] == [
        ("sis", "settled"),
        ("form", "settled"),
    ]
