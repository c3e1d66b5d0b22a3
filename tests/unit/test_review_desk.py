"""What a person may do with a review item: replay it, mended or not, or dismiss it."""

from datetime import timedelta

import pytest

from enrollment.ports import CreateAnswer, Overtaken, Refused, Unavailable
from enrollment.reasons import Reason
from enrollment.review import NotReplayable
from enrollment.review_item import ItemState
from enrollment.wire import decode
from tests.builders import a_delivery, a_desk, a_request

FULL = Refused(Reason.COURSE_FULL)


def a_desk_with_an_item(create=None):
    desk = a_desk(create=create or [FULL, CreateAnswer.ADDED])
    desk.deliver()
    desk.collect()
    return desk


def replay(desk, **how):
    return desk.review.replay(desk.item(), "office", desk.deadline, **how)


def test_a_replay_is_sent_one_replay_later_and_the_item_closed():
    desk = a_desk_with_an_item()
    item = desk.item().item

    replay(desk)

    (sent,) = desk.sent()
    assert decode(sent.body).replay == 1
    closed = desk.reviews.get(item.letter_id, desk.deadline).item
    assert (closed.state, closed.closed_by) == (ItemState.REPLAYED, "office")


def test_a_replay_is_received_now_and_is_no_retry():
    desk = a_desk(create=FULL)
    desk.deliver(a_request(retry=True))
    desk.collect()
    desk.clock.advance(days=90)

    replayed = replay(desk)

    assert replayed.received_at == desk.clock.now()
    assert not replayed.retry


def test_a_replay_enrolls_once_the_cause_is_mended():
    desk = a_desk_with_an_item()

    answer = desk.deliver(replay(desk))

    assert answer.what == "enrolled"


def test_the_number_of_a_replay_is_the_ledgers_and_not_the_items():
    desk = a_desk_with_an_item([FULL])
    desk.deliver(a_request(replay=4))

    assert replay(desk).replay == 5


def test_a_mended_replay_replaces_the_content():
    desk = a_desk_with_an_item()

    mended = replay(desk, changes={"course_id": "d:BIO-7"})
    answer = desk.deliver(mended)

    assert answer.what == "enrolled"
    assert desk.classroom.seats[-1].course_id == "d:BIO-7"
    assert desk.entry().course_id == "d:BIO-7"
    assert desk.entry().fingerprint == mended.fingerprint


def test_what_is_mended_is_held_to_the_rules_of_a_new_request():
    desk = a_desk_with_an_item()

    with pytest.raises(NotReplayable, match="student"):
        replay(desk, changes={"student": "me"})

    assert desk.sent() == []
    assert len(desk.open_items()) == 1


def test_a_replay_that_could_not_be_sent_leaves_the_item_open():
    desk = a_desk_with_an_item()
    desk.requests.fail()

    with pytest.raises(Unavailable):
        replay(desk)

    assert len(desk.open_items()) == 1


def test_of_two_people_who_replay_at_once_one_is_told():
    desk = a_desk_with_an_item()
    seen_by_both = desk.item()
    desk.review.replay(seen_by_both, "first", desk.deadline)

    with pytest.raises(Overtaken):
        desk.review.replay(seen_by_both, "second", desk.deadline)


def test_two_replays_of_one_item_cost_one_call():
    desk = a_desk_with_an_item()
    seen_by_both = desk.item()
    desk.review.replay(seen_by_both, "first", desk.deadline)
    with pytest.raises(Overtaken):
        desk.review.replay(seen_by_both, "second", desk.deadline)

    answers = [desk.enroller.handle(each).what for each in desk.sent()]

    assert answers == ["enrolled", "duplicate"]


def test_a_closed_item_is_not_replayed():
    desk = a_desk_with_an_item()
    replay(desk)
    (item,) = desk.reviews.of_request(a_request().request_id, desk.deadline)

    with pytest.raises(NotReplayable, match="replayed"):
        desk.review.replay(item, "office", desk.deadline)


def test_a_reused_id_is_not_replayable():
    desk = a_desk()
    desk.deliver()
    desk.deliver(a_request(course_id="d:BIO-7"))
    desk.collect()

    with pytest.raises(NotReplayable, match="new one"):
        replay(desk)


@pytest.mark.parametrize("body", [b"not json", b'{"student": "ada@northside.example"}'])
def test_an_unreadable_message_is_not_replayable_and_the_fault_is_named(body):
    desk = a_desk()
    desk.deliver(body)
    desk.collect()

    with pytest.raises(NotReplayable, match="cannot be read") as caught:
        replay(desk)

    assert "ada@" not in str(caught.value)
    assert desk.sent() == []


def test_a_truncated_item_is_not_replayable():
    desk = a_desk()
    desk.collector.collect(a_delivery(b"x" * 300_000))

    with pytest.raises(NotReplayable):
        replay(desk)


def test_a_dismissed_item_is_closed_with_the_reason_and_its_entry_may_expire():
    desk = a_desk_with_an_item()

    item = desk.review.dismiss(desk.item(), "office", "he moved away", desk.deadline)

    assert (item.state, item.closed_by) == (ItemState.DISMISSED, "office")
    assert item.note == "he moved away"
    assert desk.entry().expire_at == desk.clock.now() + timedelta(days=400)


def test_an_entry_is_not_forgotten_while_a_letter_of_another_replay_is_open():
    desk = a_desk(create=FULL)
    desk.deliver()
    desk.collect()
    first = desk.item()
    desk.reviews.fail("update")  # the desk sends the replay, and cannot note it
    with pytest.raises(Unavailable):
        desk.review.replay(first, "office", desk.deadline)
    desk.reviews.mend()
    desk.enroller.handle(*desk.sent())
    desk.collect()
    second = next(each for each in desk.reviews.open_items(desk.deadline) if each.item.replay)

    desk.review.dismiss(first, "office", "left", desk.deadline)
    assert desk.entry().expire_at is None

    desk.review.dismiss(second, "office", "left", desk.deadline)
    assert desk.entry().expire_at is not None


def test_a_closed_item_is_not_dismissed():
    desk = a_desk_with_an_item()
    seen = desk.item()
    replay(desk)
    (closed,) = desk.reviews.of_request(seen.item.request_id, desk.deadline)

    with pytest.raises(NotReplayable, match="only an open one"):
        desk.review.dismiss(closed, "office", "", desk.deadline)


def test_dismissing_a_reused_id_leaves_the_rejection_of_its_owner_unforgotten():
    desk = a_desk(create=FULL)
    desk.deliver()
    desk.deliver(a_request(course_id="d:BIO-7"))
    desk.collect()
    reused = next(
        each
        for each in desk.reviews.open_items(desk.deadline)
        if each.item.reason is Reason.ID_REUSED
    )

    desk.review.dismiss(reused, "office", "a typing error", desk.deadline)

    assert desk.entry().expire_at is None
    assert len(desk.open_items()) == 1


def test_an_item_about_a_message_without_an_id_may_be_dismissed():
    desk = a_desk()
    desk.deliver(b"not json")
    desk.collect()

    item = desk.review.dismiss(desk.item(), "office", "noise", desk.deadline)

    assert item.state is ItemState.DISMISSED


def test_a_replayed_item_stays_the_persons_who_replayed_it_when_the_wish_comes_true():
    desk = a_desk_with_an_item()
    item = desk.item().item

    desk.deliver(replay(desk))

    closed = desk.reviews.get(item.letter_id, desk.deadline).item
    assert (closed.state, closed.closed_by) == (ItemState.REPLAYED, "office")


def test_a_rejection_is_not_forgotten_while_its_newest_letter_is_on_the_way():
    desk = a_desk_with_an_item([FULL])
    desk.deliver(a_request(replay=1))

    desk.review.dismiss(desk.item(), "office", "left", desk.deadline)

    assert desk.entry().expire_at is None
