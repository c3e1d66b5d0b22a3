"""A refusal is a result: settled once, told to review once, and owed until it is told."""

from enrollment.entry import Letter
from enrollment.outcome import Outcome
from enrollment.ports import CreateAnswer, Refused, Unavailable
from enrollment.reasons import Reason
from tests.builders import a_desk, a_request

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


def tonights(desk):
    """The same wish out of tonight's roster."""
    return a_request(retry=True, received_at=desk.clock.now())


def a_desk_whose_replay_was_rejected():
    desk = a_desk(create=FULL)
    desk.deliver()
    desk.collect()
    desk.clock.advance(hours=1)
    desk.review.replay(desk.item(), "pat", desk.deadline)
    (replayed,) = desk.sent()
    desk.enroller.handle(replayed)
    desk.collect()
    desk.clock.advance(hours=1)
    return desk


def test_tonights_roster_tries_again_what_was_rejected_after_a_replay():
    desk = a_desk_whose_replay_was_rejected()
    desk.classroom.says(create=CreateAnswer.ADDED)

    answer = desk.deliver(tonights(desk))

    assert answer.what == "enrolled"
    assert desk.open_items() == []


def test_such_a_retry_that_must_wait_is_not_overtaken_by_itself():
    desk = a_desk_whose_replay_was_rejected()
    desk.classroom.says(create=[Unavailable(Reason.CLASSROOM_DOWN), CreateAnswer.ADDED])

    answer = desk.deliver(tonights(desk))
    desk.clock.advance(seconds=10)
    desk.wake()
    (again,) = desk.sent()

    assert answer.acknowledge  # a redelivery of it would be taken for an older replay
    assert desk.enroller.handle(again).what == "enrolled"


def test_what_a_person_has_corrected_stays_with_that_person():
    desk = a_desk(create=FULL)
    desk.deliver()
    desk.collect()
    desk.clock.advance(hours=1)
    corrected = {"course_id": "d:MATH-101-4"}
    desk.review.replay(desk.item(), "pat", desk.deadline, corrected)
    (replayed,) = desk.sent()
    desk.enroller.handle(replayed)
    desk.clock.advance(hours=1)

    answer = desk.deliver(tonights(desk))

    assert answer.what == "stale"
    assert desk.entry().course_id == "d:MATH-101-4"


def test_a_success_leaves_the_item_of_a_reused_id_open():
    desk = a_desk(create=FULL)
    desk.deliver()
    desk.deliver(a_request(course_id="d:BIO-7"))
    desk.collect()
    desk.clock.advance(hours=1)
    desk.classroom.says(create=CreateAnswer.ADDED)

    desk.deliver(tonights(desk))

    assert [each.reason for each in desk.open_items()] == [Reason.ID_REUSED]


def test_of_many_corrections_the_latest_are_remembered():
    desk = a_desk(create=FULL)
    for replay in range(7):
        desk.deliver(a_request(replay=replay, course_id=f"d:MATH-{replay}"))

    answer = desk.deliver(a_request(replay=5, course_id="d:MATH-5"))

    assert answer.what == "stale"
