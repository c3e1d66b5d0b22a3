"""A wish that a person has to approve: it waits in review as a whole request."""

import pytest

from enrollment.inquiry import Inquiry
from enrollment.reasons import Reason
from enrollment.receipt import Became
from enrollment.review import Desk
from enrollment.sources.declared import parse_declared
from tests.intake import ADA, NATIVE, a_door

APPROVED = parse_declared("""
[sources.sis]
kind = "web_form"
format = "web_form"
form = { approval = true }
""").sources["sis"]


@pytest.fixture
def door():
    return a_door()


def test_a_form_s_wish_waits_for_its_approval(door):
    told = door.told(ADA, APPROVED)

    (item,) = door.collected()
    assert told == [(Became.REVIEW, "needs_approval")]
    assert item.reason is Reason.NEEDS_APPROVAL
    assert door.sent() == []


def test_approved_it_is_sent_as_it_was_asked_for(door):
    door.receive(ADA, APPROVED)
    door.collected()
    (stored,) = door.reviews.open_items(door.deadline)
    desk = Desk(door.reviews, door.ledger, door.receiver.requests, door.clock)

    desk.replay(stored, "office", door.deadline)

    (sent,) = door.sent()
    assert (sent.course_id, sent.student, sent.replay) == ("d:BIO-7", ADA["student"], 1)
    assert sent.request_id == stored.item.request_id


def test_the_same_delivery_again_waits_once(door):
    for _ in range(2):
        door.receive(ADA, APPROVED, delivery_id="one")

    assert len({each.letter_id for each in door.collected()}) == 1


def test_what_was_dismissed_and_is_asked_for_again_is_approved_again(door):
    door.receive(ADA, APPROVED, delivery_id="one")
    door.collected()
    (stored,) = door.reviews.open_items(door.deadline)
    desk = Desk(door.reviews, door.ledger, door.receiver.requests, door.clock)
    desk.dismiss(stored, "office", "no consent yet", door.deadline)

    door.receive(ADA, APPROVED, delivery_id="two")
    door.collected()

    assert len(list(door.reviews.open_items(door.deadline))) == 1


def test_next_year_s_wish_is_another_one(door):
    first = door.receive(ADA, APPROVED, delivery_id="one").receipt
    door.clock.advance(days=365)
    second = door.receive(ADA, APPROVED, delivery_id="two").receipt

    assert first.told[0].request_id != second.told[0].request_id


@pytest.mark.parametrize("said", [NATIVE, APPROVED])
def test_what_the_sender_can_mend_is_told_to_the_sender(door, said):
    limited = said.model_copy(update={"email_domains": ("school.example",)})

    assert door.told(ADA, limited) == [(Became.REFUSED, "outside_domains")]


@pytest.mark.parametrize(
    ("decide", "status"), [("wait", "in_review"), ("dismiss", "dismissed"), ("replay", "queued")]
)
def test_it_stands_where_the_person_has_put_it(door, decide, status):
    (told,) = door.receive(ADA, APPROVED).receipt.told
    door.collected()
    (stored,) = door.reviews.open_items(door.deadline)
    desk = Desk(door.reviews, door.ledger, door.receiver.requests, door.clock)
    if decide == "dismiss":
        desk.dismiss(stored, "office", "not in this class", door.deadline)
    elif decide == "replay":
        desk.replay(stored, "office", door.deadline)

    inquiry = Inquiry(door.ledger, door.receipts, door.reviews, ("sis",))
    (standing,) = inquiry.standings(told.request_id, door.deadline)

    assert standing.status == status
