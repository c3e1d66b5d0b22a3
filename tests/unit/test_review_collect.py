"""Filing dead letters: one item each, closed if the wish has come true, never filed twice."""

import hashlib
from datetime import timedelta

import pytest

from enrollment.collect import KEPT_OF_LONGER, MOST_BODY
from enrollment.ports import CreateAnswer, Refused, Unavailable
from enrollment.reasons import Reason
from enrollment.review_item import ItemState
from enrollment.wire import encode
from tests.builders import REQUEST_ID, a_delivery, a_desk, a_request
from tests.doubles import START

FULL = Refused(Reason.COURSE_FULL, "@CourseMemberLimitReached")
GONE = Refused(Reason.COURSE_UNKNOWN)


def a_desk_with_an_item(*answers):
    desk = a_desk(create=list(answers) or [FULL])
    desk.deliver()
    desk.collect()
    return desk


def retry(desk):
    """Tonight's roster brings the same wish again."""
    desk.clock.advance(hours=12)
    desk.deliver(a_request(retry=True, received_at=desk.clock.now()))
    return desk.collect()


def test_an_item_says_what_a_person_needs_to_know():
    item = a_desk_with_an_item().item().item

    assert (item.reason, item.detail) == (Reason.COURSE_FULL, "@CourseMemberLimitReached")
    assert (item.attempts, item.replay, item.state) == (1, 0, ItemState.OPEN)
    assert item.first_seen_at == START
    assert item.body == encode(a_request()).body
    assert item.length == len(item.body)


def test_an_items_repr_shows_no_body():
    assert "ada@" not in repr(a_desk_with_an_item().item())


def test_the_same_unreadable_message_twice_is_one_item():
    desk = a_desk()
    for number in range(2):
        desk.deliver(b"not json", number=number + 1)

    desk.collect()

    assert len(desk.open_items()) == 1


def test_two_unreadable_messages_are_two_items():
    desk = a_desk()
    desk.deliver(b"not json")
    desk.deliver(b"not json either")

    desk.collect()

    assert len(desk.open_items()) == 2


def test_one_bad_body_from_two_places_is_two_items():
    desk = a_desk()
    for source in ("sis", "form"):
        desk.collector.collect(a_delivery(b"not json", source=source))

    assert len(desk.open_items()) == 2


def test_a_rejection_and_the_rejection_of_its_replay_are_two_letters():
    desk = a_desk_with_an_item()
    first = desk.item()
    desk.deliver(desk.review.replay(first, "office", desk.deadline))

    desk.collect()

    assert desk.item().item.letter_id != first.item.letter_id
    assert desk.item().item.replay == 1


def test_a_letter_that_comes_after_the_success_is_filed_closed():
    desk = a_desk(create=[FULL, CreateAnswer.ADDED])
    desk.deliver()
    (letter,) = desk.letters.pull(1, desk.deadline)
    retry(desk)

    item = desk.collector.collect(letter.delivery)

    assert (item.state, item.closed_by) == (ItemState.RESOLVED, "collect")
    assert desk.open_items() == []


def test_a_success_settled_between_the_filing_and_the_look_up_closes_the_item():
    desk = a_desk(create=[FULL, CreateAnswer.ADDED])
    desk.deliver()
    (letter,) = desk.letters.pull(1, desk.deadline)
    get = desk.ledger.port.get

    class Between:
        """A ledger on which the retry is settled just before `collect` looks."""

        def get(self, request_id, deadline):
            retry(desk)
            return get(request_id, deadline)

    collector = desk.collector.__class__(desk.reviews, Between(), desk.clock)

    item = collector.collect(letter.delivery)

    assert item.state is ItemState.RESOLVED
    assert desk.open_items() == []


def test_a_success_settled_before_the_filing_is_seen_by_the_look_up():
    desk = a_desk(create=[FULL, CreateAnswer.ADDED])
    desk.deliver()
    (letter,) = desk.letters.pull(1, desk.deadline)
    file = desk.reviews.port.file

    class Between:
        """Reviews on which the retry is settled just before the item is filed."""

        def file(self, item, deadline):
            retry(desk)
            return file(item, deadline)

        def __getattr__(self, method):
            return getattr(desk.reviews, method)

    collector = desk.collector.__class__(Between(), desk.ledger, desk.clock)

    item = collector.collect(letter.delivery)

    assert item.state is ItemState.RESOLVED


def test_a_dismissed_item_stays_dismissed_for_the_same_reason():
    desk = a_desk_with_an_item(FULL)
    desk.review.dismiss(desk.item(), "office", "he moved away", desk.deadline)

    (item,) = retry(desk)

    assert item.state is ItemState.DISMISSED
    assert desk.open_items() == []
    assert desk.entry().expire_at is not None  # nothing waits for anybody: it is forgotten in time


def test_a_dismissed_item_is_open_again_for_another_reason():
    desk = a_desk_with_an_item(FULL, GONE)
    desk.review.dismiss(desk.item(), "office", "he moved away", desk.deadline)

    retry(desk)

    (item,) = desk.open_items()
    assert item.reason is Reason.COURSE_UNKNOWN
    assert (item.closed_by, item.note) == (None, None)


def test_last_nights_letter_that_comes_late_does_not_bring_its_reason_back():
    desk = a_desk(create=[FULL, GONE])
    desk.deliver()
    (late,) = desk.letters.pull(1, desk.deadline)
    retry(desk)

    desk.collector.collect(late.delivery)

    assert [each.reason for each in desk.open_items()] == [Reason.COURSE_UNKNOWN]


def test_a_reused_id_stays_open_though_the_first_request_succeeded():
    desk = a_desk()
    desk.deliver()
    desk.deliver(a_request(course_id="d:BIO-7"))

    desk.collect()

    assert [each.reason for each in desk.open_items()] == [Reason.ID_REUSED]


@pytest.mark.parametrize(("length", "truncated"), [(MOST_BODY, False), (MOST_BODY + 1, True)])
def test_a_body_of_more_than_256_kib_is_kept_as_its_beginning_and_its_hash(length, truncated):
    desk = a_desk()
    body = b"x" * (length - 1) + b"y"

    item = desk.collector.collect(a_delivery(body, reason="malformed"))

    assert item.truncated is truncated
    assert item.body == (body[:KEPT_OF_LONGER] if truncated else body)
    assert item.length == length
    assert item.sha256 == hashlib.sha256(body).hexdigest()


def test_a_letter_without_any_label_is_filed_as_malformed():
    desk = a_desk()

    item = desk.collector.collect(a_delivery(b"\xff\x00"))

    assert (item.reason, item.request_id, item.attempts) == (Reason.MALFORMED, None, 0)


@pytest.mark.parametrize(("port", "method"), [("reviews", "file"), ("ledger", "get")])
def test_a_store_that_is_down_leaves_the_letter_on_the_topic(port, method):
    desk = a_desk(create=FULL)
    desk.deliver()
    getattr(desk, port).fail(method)

    with pytest.raises(Unavailable) as caught:
        desk.collect()

    assert caught.value.reason is Reason.LEDGER_DOWN


def test_an_unreadable_message_under_the_id_of_a_success_stays_open():
    desk = a_desk()
    desk.deliver()
    body = b'{"schema_version": "2", "request_id": "' + REQUEST_ID.encode() + b'"}'

    desk.deliver(body)
    desk.collect()

    assert [each.reason for each in desk.open_items()] == [Reason.UNKNOWN_VERSION]


def test_a_corrected_success_closes_the_item_of_what_was_wished_first():
    desk = a_desk_with_an_item(FULL, CreateAnswer.ADDED)
    item = desk.item()
    desk.reviews.fail("update")  # the desk sends the replay, and cannot note it
    with pytest.raises(Unavailable):
        desk.review.replay(item, "office", desk.deadline, {"course_id": "d:BIO-7"})
    desk.reviews.mend()
    (replay,) = desk.sent()

    desk.enroller.handle(replay)

    assert desk.open_items() == []


def test_a_corrected_success_leaves_a_message_that_was_too_old_open():
    desk = a_desk(create=[FULL, CreateAnswer.ADDED])
    old = a_request(course_id="d:OLD-1", received_at=START - timedelta(days=90))
    desk.deliver(old)
    desk.collect()
    desk.deliver()
    desk.collect()
    refused = next(each for each in desk.reviews.open_items(desk.deadline) if each.item.attempts)

    desk.deliver(desk.review.replay(refused, "office", desk.deadline))

    assert [each.reason for each in desk.open_items()] == [Reason.TOO_OLD]


def test_a_success_closes_no_item_of_another_message_under_its_id():
    desk = a_desk(create=[FULL, CreateAnswer.ADDED])
    desk.deliver()
    desk.deliver(b'{"schema_version": "2", "request_id": "' + REQUEST_ID.encode() + b'"}')
    desk.collect()
    desk.clock.advance(hours=12)

    desk.deliver(a_request(retry=True, received_at=desk.clock.now()))

    assert [each.reason for each in desk.open_items()] == [Reason.UNKNOWN_VERSION]
