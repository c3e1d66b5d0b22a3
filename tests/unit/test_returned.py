"""Pub/Sub's own dead letters: healthy requests go back to waiting, and nothing readable is lost."""

from dataclasses import replace
from datetime import timedelta

import pytest

from enrollment.entry import Letter, State
from enrollment.outcome import Outcome
from enrollment.ports import CreateAnswer, Refused, Unavailable
from enrollment.reasons import Reason
from enrollment.returned import SOURCE, Returns, is_returned
from enrollment.timing import LEASE, RETURNS
from enrollment.wire import encode
from tests.builders import KEY, REQUEST_ID, a_delivery, a_desk, a_request
from tests.doubles import Killed, MovableClock, Overlay, overtaken

FULL = Refused(Reason.COURSE_FULL)
TOMORROW = Unavailable(Reason.UNKNOWN_ANSWER, retry_after=timedelta(hours=24))


class GivenUp:
    """A desk, and the messages that Pub/Sub gave up on its way there."""

    def __init__(self, **answers):
        self.desk = a_desk(**answers)
        self.returns = Returns(
            collector=self.desk.collector,
            claims=self.desk.enroller.results.claims,
            line=self.desk.line,
            clock=MovableClock(),
            pseudonym_key=KEY,
            new_claim=lambda: "returned",
        )

    def come_back(self, what=None):
        return self.returns.take_back(a_delivery(what, **{SOURCE: "enrollment-requests-enroll"}))

    def work_off(self):
        """wake sends what is due, and it is delivered."""
        self.desk.wake()
        return [self.desk.enroller.handle(each).what for each in self.desk.sent()]


def test_only_what_pubsub_forwarded_by_itself_is_returned():
    assert is_returned({SOURCE: "s", "request_id": "r-1"})
    assert is_returned({SOURCE: "s", "reason": "a sender's own word"})
    assert not is_returned({"reason": "course_full"})


def test_a_request_that_the_ledger_never_saw_waits_and_is_enrolled():
    given = GivenUp()

    assert given.come_back() == "waiting"

    assert given.desk.entry().state is State.WAITING
    assert given.work_off() == ["enrolled"]
    assert given.desk.entry().attempt == 1


@pytest.mark.parametrize("days", [-30, 30, 90])
def test_whatever_the_collectors_own_clock_says_it_is_due_at_once(days):
    given = GivenUp()
    given.returns.clock.elapsed += timedelta(days=days).total_seconds()

    assert given.come_back() == "waiting"

    assert given.work_off() == ["enrolled"]


def test_of_a_waiting_request_nothing_changes_but_the_count():
    given = GivenUp(create=[TOMORROW, CreateAnswer.ADDED])
    given.desk.deliver()
    before = given.desk.entry()

    assert given.come_back() == "left alone"

    assert given.desk.entry() == replace(before, returns=1)
    given.desk.clock.advance(days=1, minutes=1)
    assert given.work_off() == ["enrolled"]


def test_a_request_under_way_is_not_written_to():
    given = GivenUp(create=Killed())
    with pytest.raises(Killed):
        given.desk.deliver()
    before = given.desk.entry()

    assert given.come_back() == "left alone"

    assert given.desk.entry() == before


@pytest.mark.parametrize("answer", [CreateAnswer.ADDED, FULL])
def test_a_settled_request_is_dropped(answer):
    given = GivenUp(create=answer)
    given.desk.deliver()

    assert given.come_back() == "dropped"


def test_a_replay_that_was_given_up_is_not_lost():
    given = GivenUp(create=[FULL, CreateAnswer.ADDED])
    given.desk.deliver()
    given.desk.collect()

    assert given.come_back(a_request(replay=1)) == "waiting"

    assert given.work_off() == ["enrolled"]
    assert given.desk.open_items() == []


def test_a_replay_of_what_is_under_way_must_come_again():
    given = GivenUp(create=Killed())
    with pytest.raises(Killed):
        given.desk.deliver()

    with pytest.raises(Unavailable):
        given.come_back(a_request(replay=1))
    given.desk.clock.advance(seconds=LEASE.total_seconds())

    assert given.come_back(a_request(replay=1)) == "waiting"


def test_a_retry_of_tonight_that_was_given_up_is_not_lost():
    given = GivenUp(create=[FULL, CreateAnswer.ADDED])
    given.desk.deliver()
    given.desk.clock.advance(hours=12)

    told = given.come_back(a_request(retry=True, received_at=given.desk.clock.now()))

    assert told == "waiting"
    assert given.work_off() == ["enrolled"]


def test_the_third_return_is_for_a_person_and_the_request_goes_on_waiting():
    given = GivenUp(create=[TOMORROW, CreateAnswer.ADDED])
    given.desk.deliver()

    assert [given.come_back() for _ in range(4)] == [*["left alone"] * 2, "filed", "filed"]

    (item,) = given.desk.open_items()
    assert (item.reason, item.detail) == (Reason.GIVEN_BACK, "last: unknown_answer")
    assert given.desk.entry().letter is Letter.SENT
    given.desk.clock.advance(days=1, minutes=1)
    assert given.work_off() == ["enrolled"]
    assert given.desk.open_items() == []


def test_a_rejection_after_the_third_return_renews_its_item():
    given = GivenUp(create=[TOMORROW, FULL])
    given.desk.deliver()
    for _ in range(3):
        given.come_back()
    given.desk.clock.advance(days=1, minutes=1)

    given.work_off()
    given.desk.collect()

    assert [each.reason for each in given.desk.open_items()] == [Reason.COURSE_FULL]


def test_another_wish_under_a_known_id_is_for_a_person():
    given = GivenUp()
    given.desk.deliver()

    assert given.come_back(a_request(course_id="d:BIO-7")) == "filed"

    assert [each.reason for each in given.desk.open_items()] == [Reason.ID_REUSED]
    assert given.desk.entry().outcome is Outcome.ENROLLED


def test_what_cannot_be_read_is_for_a_person():
    given = GivenUp()

    assert given.come_back(b"not json") == "filed"

    (item,) = given.desk.open_items()
    assert (item.reason, item.body) == (Reason.MALFORMED, b"not json")


def test_the_same_unreadable_message_forwarded_twice_is_one_item():
    given = GivenUp()
    for count in ("100", "101"):
        delivery = a_delivery(
            b"not json", **{SOURCE: "s", "CloudPubSubDeadLetterSourceDeliveryCount": count}
        )
        given.returns.take_back(delivery)

    assert len(given.desk.open_items()) == 1


def test_a_wish_that_is_too_old_is_for_a_person():
    given = GivenUp()
    given.desk.clock.advance(days=61)

    assert given.come_back() == "filed"

    assert [each.reason for each in given.desk.open_items()] == [Reason.TOO_OLD]


def test_a_commit_whose_reply_was_lost_is_recognised():
    given = GivenUp()
    given.desk.ledger.repeating = {"create"}

    assert given.come_back() == "waiting"

    assert given.desk.entry().returns == 1


def test_with_the_ledger_down_it_must_come_again():
    given = GivenUp()
    given.desk.ledger.fail()

    with pytest.raises(Unavailable):
        given.come_back()


def test_a_held_line_keeps_it_waiting():
    given = GivenUp()
    given.desk.line.hold_for_operator("exams", given.desk.deadline)
    given.come_back()

    assert given.work_off() == []

    given.desk.line.resume(given.desk.deadline)
    assert given.work_off() == ["enrolled"]


def test_the_message_is_stored_as_it_came():
    given = GivenUp()
    given.come_back()

    assert given.desk.entry().message.encode() == encode(a_request()).body


def test_a_success_in_the_middle_of_the_third_return_leaves_no_item_open():
    given = GivenUp(create=[TOMORROW, CreateAnswer.ADDED])
    given.desk.deliver()
    given.come_back()
    given.come_back()
    filed = given.desk.collector.file

    def meanwhile(*arguments):
        given.desk.clock.advance(days=1, minutes=1)
        assert given.desk.deliver().what == "enrolled"
        return filed(*arguments)

    object.__setattr__(given.desk.collector, "file", meanwhile)

    given.come_back()

    assert given.desk.open_items() == []


def test_a_third_return_that_meets_a_worker_comes_again():
    given = GivenUp(create=TOMORROW)
    given.desk.deliver()
    given.come_back()
    given.come_back()
    given.desk.ledger.fail("update")

    with pytest.raises(Unavailable):
        given.come_back()
    given.desk.ledger.mend()

    assert given.come_back() == "filed"


def test_an_item_that_was_dismissed_does_not_hide_the_later_rejection():
    given = GivenUp(create=[TOMORROW, Unavailable(Reason.CLASSROOM_DOWN)])
    given.desk.deliver()
    for _ in range(3):
        given.come_back()
    given.desk.review.dismiss(given.desk.item(), "pat", "seen", given.desk.deadline)
    given.desk.clock.advance(days=4)

    given.work_off()
    given.desk.collect()

    assert [each.reason for each in given.desk.open_items()] == [Reason.EXHAUSTED]


def test_a_replay_that_was_overtaken_in_the_last_moment_must_come_again():
    given = GivenUp(create=TOMORROW)
    given.desk.deliver()
    given.desk.ledger.port = Overlay(given.desk.ledger.port, update=overtaken)

    with pytest.raises(Unavailable):
        given.come_back(a_request(replay=1))


def test_a_replay_that_comes_back_after_its_original_takes_its_place():
    given = GivenUp()
    given.come_back()

    assert given.come_back(a_request(replay=1)) == "waiting"

    assert given.desk.entry().replay == 1


def test_a_replay_may_come_back_as_often_as_its_original():
    given = GivenUp(create=TOMORROW)
    given.desk.deliver()
    given.come_back()
    given.come_back()
    given.desk.deliver(a_request(replay=1))

    assert given.come_back(a_request(replay=1)) == "left alone"

    assert given.desk.open_items() == []


def test_an_item_that_was_filed_and_not_looked_after_is_closed_when_it_comes_again():
    given = GivenUp(create=[TOMORROW, CreateAnswer.ADDED])
    desk = given.desk
    desk.deliver()
    for _ in range(RETURNS - 1):
        given.come_back()
    file = desk.reviews.port.file

    def filed_and_then_cut_off(item, deadline):
        done = file(item, deadline)
        desk.ledger.fail("get")
        return done

    desk.reviews.port = Overlay(desk.reviews.port, file=filed_and_then_cut_off)
    with pytest.raises(Unavailable):
        given.come_back()
    desk.ledger.mend()
    stored = desk.ledger.get(REQUEST_ID, desk.deadline)
    desk.ledger.update(stored, replace(stored.entry, letter=None), desk.deadline)
    desk.clock.advance(days=1, minutes=1)
    desk.deliver()
    assert len(desk.open_items()) == 1

    assert given.come_back() == "dropped"

    assert desk.open_items() == []
