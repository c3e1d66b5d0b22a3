"""A refusal is a result: settled once, told to review once, and owed until it is told."""

from enrollment.entry import Letter
from enrollment.outcome import Outcome
from enrollment.ports import Refused
from enrollment.reasons import Reason
from tests.builders import a_desk

FULL = Refused(Reason.COURSE_FULL, "@CourseMemberLimitReached")


def test_a_rejection_is_settled_and_its_letter_sent():
    desk = a_desk(create=FULL)

    answer = desk.deliver()

    assert answer.acknowledge
    assert answer.reason is Reason.COURSE_FULL
    entry = desk.entry()
    assert (entry.outcome, entry.reason) == (Outcome.REJECTED, Reason.COURSE_FULL)
    assert (entry.letter, entry.wake_at, entry.expire_at) == (Letter.SENT, None, None)
    (item,) = desk.collect()
    assert (item.reason, item.attempts) == (Reason.COURSE_FULL, 1)


def test_a_letter_that_cannot_be_sent_stays_owed_until_wake_sends_it():
    desk = a_desk(create=FULL)
    desk.letters.fail("publish")
    answer = desk.deliver()
    desk.letters.mend()
    owed = desk.entry().letter
    desk.clock.advance(minutes=2)

    woken = desk.wake()

    assert answer.acknowledge
    assert owed is Letter.OWED
    assert woken.letters == 1
    assert desk.entry().letter is Letter.SENT
    assert len(desk.collect()) == 1


def test_a_rejection_is_one_review_item_however_often_its_letter_is_delivered():
    desk = a_desk(create=FULL)
    desk.deliver()
    (letter,) = desk.letters.pull(10, desk.deadline)

    for _ in range(3):
        desk.collector.collect(letter.delivery)

    assert len(desk.open_items()) == 1
