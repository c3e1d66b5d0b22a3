"""A wish that lay with a person may come true by another way meanwhile: then it is not doubled."""

import pytest

from enrollment.outcome import Outcome
from enrollment.ports import CreateAnswer
from enrollment.review import Desk
from tests.builders import a_desk
from tests.intake import ENROLLMENT, ONEROSTER, a_door

ADA = "ada@northside.example"
OF_5 = {"enrollment": ENROLLMENT | {"user": {"sourcedId": "5"}}}
USER_5 = {"user": {"sourcedId": "5", "email": ADA, "role": "student"}}


def joins(roster, seat):
    if seat in roster:
        return CreateAnswer.EXISTS
    roster.add(seat)
    return CreateAnswer.ADDED


@pytest.fixture
def door():
    return a_door()


def test_a_draft_whose_wish_has_come_true_is_replayed_without_an_effect(door):
    door.receive(OF_5, ONEROSTER, delivery_id="1")
    (item,) = door.collected()
    door.receive(USER_5, ONEROSTER, delivery_id="2")
    door.receive(OF_5, ONEROSTER, delivery_id="3")
    (by_itself,) = door.sent()
    desk = Desk(door.reviews, door.ledger, door.requests, door.clock)
    stored = door.reviews.get(item.letter_id, door.deadline)

    by_hand = desk.replay(stored, "office", door.deadline, {"student": ADA})

    roster = set()
    school = a_desk(create=lambda seat: joins(roster, seat), is_student=roster.__contains__)
    school.deliver(by_itself)
    school.deliver(by_hand)
    assert len(roster) == 1
    assert by_hand.request_id != by_itself.request_id
    assert school.entry(by_itself.request_id).outcome is Outcome.ENROLLED
    assert school.entry(by_hand.request_id).outcome is Outcome.ALREADY_ENROLLED
