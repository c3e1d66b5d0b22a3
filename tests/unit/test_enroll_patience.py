"""How long a request is tried, what brings it back, and what happens when patience ends."""

from datetime import timedelta

import pytest

from enrollment.entry import Letter, State
from enrollment.outcome import Outcome
from enrollment.ports import CreateAnswer, Misconfigured, Refused, Unavailable
from enrollment.reasons import Reason
from enrollment.review_item import ItemState
from tests.builders import a_desk, a_request
from tests.doubles import START, Overlay

DOWN = Unavailable(Reason.CLASSROOM_DOWN, "HTTP 503")
FULL = Refused(Reason.COURSE_FULL)
GONE = Refused(Reason.COURSE_UNKNOWN)
REPLAYED = a_request(replay=1)
TONIGHT = a_request(retry=True, received_at=START + timedelta(hours=12))


def test_a_request_that_failed_for_72_hours_comes_to_review_with_its_last_trouble():
    desk = a_desk(create=DOWN)
    desk.deliver()
    desk.clock.advance(hours=72, minutes=1)

    answer = desk.deliver()

    assert answer.reason is Reason.EXHAUSTED
    assert desk.entry().detail == "last: classroom_down HTTP 503"
    assert desk.classroom.calls == 2


def test_after_72_hours_a_last_call_still_has_its_chance():
    desk = a_desk(create=[DOWN, CreateAnswer.ADDED])
    desk.deliver()
    desk.clock.advance(hours=200)

    answer = desk.deliver()

    assert answer.what == "enrolled"


def test_the_time_that_the_line_was_held_does_not_count():
    desk = a_desk(create=[DOWN, Misconfigured(Reason.SCOPES_MISSING), DOWN])
    desk.deliver()
    desk.clock.advance(hours=1)
    desk.deliver()
    desk.clock.advance(hours=71, minutes=30)
    desk.line.resume(desk.deadline)

    answer = desk.deliver()

    assert answer.reason is Reason.CLASSROOM_DOWN
    assert desk.entry().state is State.WAITING


def test_running_out_of_permits_never_exhausts_a_request():
    desk = a_desk(create=CreateAnswer.EXISTS, is_student=Unavailable(Reason.NO_PERMIT))
    desk.deliver()
    desk.clock.advance(hours=100)

    desk.deliver()

    assert desk.entry().state is State.WAITING


def test_an_unknown_answer_has_24_hours_to_go_away():
    desk = a_desk(create=Unavailable(Reason.UNKNOWN_ANSWER, "@Teapot"))
    desk.deliver()
    desk.clock.advance(hours=24)

    answer = desk.deliver()

    assert answer.reason is Reason.EXHAUSTED
    assert desk.entry().detail == "last: unknown_answer @Teapot"


def test_a_request_of_60_days_ago_is_checked_by_a_person_first():
    desk = a_desk()
    old = a_request(received_at=START - timedelta(days=61))

    answer = desk.deliver(old)

    assert answer.reason is Reason.TOO_OLD
    assert not desk.knows()
    assert [each.reason for each in desk.collect()] == [Reason.TOO_OLD]


def test_a_request_that_grew_old_while_it_waited_here_goes_on():
    desk = a_desk(create=[DOWN, CreateAnswer.ADDED])
    desk.deliver()
    desk.clock.advance(days=61)

    answer = desk.deliver()

    assert answer.what == "enrolled"


def test_the_replay_of_an_old_request_works():
    desk = a_desk()
    desk.deliver(a_request(received_at=START - timedelta(days=61)))
    desk.collect()

    replayed = desk.review.replay(desk.item(), "office", desk.deadline)
    answer = desk.deliver(replayed)

    assert answer.what == "enrolled"


@pytest.mark.parametrize("number", [50, 99])
def test_the_fiftieth_delivery_of_what_is_due_soon_is_left_to_wake(number):
    desk = a_desk(create=DOWN)

    answer = desk.deliver(number=number)

    assert answer.acknowledge
    assert desk.entry().wake_at == desk.entry().not_before


def test_the_fiftieth_delivery_without_a_permit_is_remembered_and_left_to_wake():
    desk = a_desk(share=1)
    desk.pace.take(0)

    early, late = desk.deliver(number=49), desk.deliver(number=50)

    assert not early.acknowledge
    assert late.acknowledge
    assert late.reason is Reason.NO_PERMIT
    assert desk.entry().state is State.WAITING
    assert desk.entry().wake_at <= desk.clock.now()


def test_the_fiftieth_delivery_of_what_another_worker_holds_is_left_to_wake():
    desk = a_desk()
    second = []
    desk.classroom.says(
        create=lambda seat: second.append(desk.deliver(number=50)) or CreateAnswer.ADDED
    )

    desk.deliver()

    assert second[0].acknowledge


def test_a_higher_replay_of_a_rejection_is_tried_again():
    desk = a_desk(create=[FULL, CreateAnswer.ADDED])
    desk.deliver()

    answer = desk.deliver(REPLAYED)

    assert answer.what == "enrolled"
    assert desk.entry().replay == 1


def test_a_lower_replay_does_nothing():
    desk = a_desk(create=FULL)
    desk.deliver(REPLAYED)

    answer = desk.deliver()

    assert answer.acknowledge
    assert answer.what == "stale"
    assert desk.classroom.calls == 1


def test_a_higher_replay_of_a_success_is_a_duplicate():
    desk = a_desk()
    desk.deliver()

    answer = desk.deliver(REPLAYED)

    assert answer.what == "duplicate"
    assert desk.classroom.calls == 1


def test_tonights_roster_tries_last_nights_rejection_again_and_closes_its_item():
    desk = a_desk(create=[FULL, CreateAnswer.ADDED])
    desk.deliver()
    (filed,) = desk.collect()
    desk.clock.advance(hours=12)

    answer = desk.deliver(TONIGHT)

    assert answer.what == "enrolled"
    assert desk.open_items() == []
    item = desk.reviews.get(filed.letter_id, desk.deadline).item
    assert (item.state, item.closed_by) == (ItemState.RESOLVED, "enroll")
    assert (desk.entry().letter, desk.entry().wake_at) == (None, None)
    assert desk.entry().expire_at is not None


def test_tonights_roster_never_tries_a_success_again():
    desk = a_desk()
    desk.deliver()
    desk.clock.advance(hours=12)

    answer = desk.deliver(TONIGHT)

    assert answer.what == "duplicate"


def test_a_retry_received_before_the_rejection_is_a_duplicate():
    desk = a_desk(create=FULL)
    desk.deliver()

    answer = desk.deliver(a_request(retry=True, received_at=START - timedelta(hours=1)))

    assert answer.what == "duplicate"
    assert desk.classroom.calls == 1


def test_an_open_item_that_could_not_be_closed_is_closed_by_wake():
    desk = a_desk(create=[FULL, CreateAnswer.ADDED])
    desk.deliver()
    desk.collect()
    desk.clock.advance(hours=12)
    desk.reviews.fail("of_request")
    answer = desk.deliver(TONIGHT)
    owed = desk.entry().letter
    desk.reviews.mend()
    desk.clock.advance(minutes=2)

    desk.wake()

    assert answer.what == "enrolled"
    assert owed is Letter.OWED
    assert desk.open_items() == []


def test_a_retry_that_is_refused_again_is_the_same_open_item():
    desk = a_desk(create=FULL)
    desk.deliver()
    desk.collect()
    desk.clock.advance(hours=12)

    answer = desk.deliver(TONIGHT)
    desk.collect()

    assert answer.what == Outcome.REJECTED
    assert len(desk.open_items()) == 1


def test_a_retry_that_is_refused_for_another_reason_shows_the_newer_reason():
    desk = a_desk(create=[FULL, GONE])
    desk.deliver()
    desk.collect()
    desk.clock.advance(hours=12)

    desk.deliver(TONIGHT)
    desk.collect()

    assert [each.reason for each in desk.open_items()] == [Reason.COURSE_UNKNOWN]


def test_a_success_closes_the_item_of_a_letter_that_was_sent_and_never_noted():
    desk = a_desk(create=[FULL, CreateAnswer.ADDED])
    publish = desk.letters.port.publish

    def without_a_reply(*arguments):
        publish(*arguments)
        raise Unavailable(Reason.TOPIC_DOWN)

    desk.letters.port = Overlay(desk.letters.port, publish=without_a_reply)
    desk.deliver()
    desk.collect()
    desk.clock.advance(hours=12)

    desk.deliver(TONIGHT)

    assert desk.open_items() == []


def test_a_success_is_not_forgotten_before_review_was_told():
    desk = a_desk(create=[FULL, CreateAnswer.ADDED])
    desk.deliver()
    desk.clock.advance(hours=12)
    desk.reviews.fail("of_request")

    desk.deliver(TONIGHT)

    assert desk.entry().outcome is Outcome.ENROLLED
    assert desk.entry().expire_at is None
