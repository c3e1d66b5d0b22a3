"""What goes wrong on our side: bugs, crashes, lost replies. All of it is bounded, none doubled."""

from contextlib import suppress
from datetime import timedelta

import pytest

from enrollment.entry import State
from enrollment.outcome import Outcome
from enrollment.ports import CreateAnswer, Misconfigured, Unavailable
from enrollment.reasons import Reason
from tests.builders import a_desk, a_request
from tests.doubles import Killed, Overlay

LOST = Unavailable(Reason.NO_ANSWER, answer_lost=True)
DOWN = Unavailable(Reason.CLASSROOM_DOWN)


def fail_with_a_bug(desk):
    with pytest.raises(KeyError):
        desk.deliver()


def crash(desk):
    """The worker is killed in the middle of its call, and its lease lapses."""
    with pytest.raises(Killed):
        desk.deliver()
    desk.clock.advance(seconds=91)


def test_a_bug_is_raised_and_the_entry_put_back():
    desk = a_desk(create=KeyError("userId"))

    fail_with_a_bug(desk)

    entry = desk.entry()
    assert entry.state is State.WAITING
    assert (entry.reason, entry.detail) == (Reason.INTERNAL_ERROR, "KeyError")


def test_the_tenth_bug_in_a_row_ends_in_review():
    desk = a_desk(create=KeyError("userId"))

    for _ in range(10):
        assert not desk.open_items()
        fail_with_a_bug(desk)
        desk.collect()
        desk.clock.advance(hours=1)

    entry = desk.entry()
    assert (entry.outcome, entry.reason) == (Outcome.REJECTED, Reason.INTERNAL_ERROR)
    assert [each.reason for each in desk.open_items()] == [Reason.INTERNAL_ERROR]


def test_after_the_tenth_bug_the_redelivery_is_a_duplicate():
    desk = a_desk(create=KeyError("userId"))
    for _ in range(10):
        fail_with_a_bug(desk)
        desk.clock.advance(hours=1)

    answer = desk.deliver()

    assert answer.acknowledge
    assert answer.what == "duplicate"


def test_a_bug_while_the_ledger_is_down_leaves_the_claim_to_lapse():
    desk = a_desk(create=KeyError("userId"))
    desk.ledger.fail("update")

    fail_with_a_bug(desk)

    assert desk.entry().state is State.CLAIMED


def rest(desk):
    """After so many crashes it is looked up, and rests."""
    answer = desk.deliver()
    assert (answer.what, answer.reason) == ("waiting", Reason.CRASHING)
    desk.clock.advance(minutes=10)


def test_after_three_crashes_it_rests_and_after_six_it_is_set_aside():
    desk = a_desk(create=Killed())
    for _ in range(3):
        crash(desk)
    for _ in range(3):
        rest(desk)
        crash(desk)

    answer = desk.deliver()

    assert answer.acknowledge
    assert answer.reason is Reason.CRASHED
    assert desk.classroom.asked.count("create") == 6
    assert [each.reason for each in desk.collect()] == [Reason.CRASHED]


def test_a_request_whose_process_was_ended_by_others_is_enrolled_after_a_rest():
    desk = a_desk(create=[*[Killed()] * 5, CreateAnswer.ADDED])
    for _ in range(3):
        crash(desk)
    for _ in range(2):
        rest(desk)
        crash(desk)
    rest(desk)

    assert desk.deliver().what == "enrolled"


def test_while_it_rests_it_is_left_to_wake():
    desk = a_desk(create=[*[Killed()] * 3, CreateAnswer.ADDED])
    for _ in range(3):
        crash(desk)

    rest(desk)

    assert desk.wake().sent == 1
    (again,) = desk.sent()
    assert desk.enroller.handle(again).what == "enrolled"


def test_a_student_who_was_seated_before_the_third_crash_is_enrolled():
    desk = a_desk(create=Killed(), is_student=True)
    for _ in range(3):
        crash(desk)

    answer = desk.deliver()

    assert answer.what == "enrolled"
    assert desk.classroom.asked == [*["create"] * 3, "is_student"]


def test_a_request_that_even_its_look_up_crashes_is_set_aside_unasked():
    desk = a_desk(create=Killed(), is_student=Killed())
    for _ in range(7):
        crash(desk)

    answer = desk.deliver()

    assert answer.reason is Reason.CRASHED
    assert desk.classroom.calls == 7


def test_a_held_line_does_not_make_it_forgotten_how_often_a_request_crashed():
    desk = a_desk(create=Killed())
    crash(desk)
    crash(desk)
    desk.line.hold_for_operator("exams", desk.deadline)

    desk.deliver()

    assert desk.entry().lapses == 2


def test_a_recorded_result_between_two_crashes_starts_the_count_again():
    desk = a_desk(create=[Killed(), Killed(), DOWN, Killed(), Killed(), CreateAnswer.ADDED])
    crash(desk)
    crash(desk)
    desk.deliver()
    desk.clock.advance(hours=1)
    crash(desk)
    crash(desk)

    answer = desk.deliver()

    assert answer.what == "enrolled"


def test_after_a_lapsed_claim_a_student_on_the_roster_was_enrolled_by_us():
    desk = a_desk(create=[Killed(), CreateAnswer.EXISTS], is_student=True)
    crash(desk)

    answer = desk.deliver()

    assert answer.what == "enrolled"


def test_after_a_lost_answer_a_student_on_the_roster_was_enrolled_by_us():
    desk = a_desk(create=[LOST, CreateAnswer.EXISTS], is_student=True)
    desk.deliver()
    desk.clock.advance(minutes=1)

    answer = desk.deliver()

    assert answer.what == "enrolled"


def test_a_lost_answer_is_remembered_over_other_trouble():
    desk = a_desk(create=[LOST, DOWN, CreateAnswer.EXISTS], is_student=True)
    desk.deliver()
    desk.clock.advance(minutes=1)
    desk.deliver()
    desk.clock.advance(minutes=1)

    answer = desk.deliver()

    assert answer.what == "enrolled"


def test_a_success_that_could_not_be_written_is_found_by_the_next_delivery():
    desk = a_desk(create=[CreateAnswer.ADDED, CreateAnswer.EXISTS], is_student=True)
    desk.ledger.fail("update")
    desk.deliver()
    desk.ledger.mend()
    desk.clock.advance(seconds=91)

    answer = desk.deliver()

    assert answer.what == "enrolled"


@pytest.mark.parametrize("writes", [{"create"}, {"update"}, {"create", "update"}])
def test_a_worker_recognises_its_own_write_when_the_reply_was_lost(writes):
    desk = a_desk()
    desk.ledger.repeating = writes

    answer = desk.deliver()

    assert answer.what == "enrolled"
    assert desk.classroom.calls == 1
    assert desk.entry().outcome is Outcome.ENROLLED


def test_a_worker_that_lost_its_claim_writes_nothing_and_answers_503():
    desk = a_desk()

    def take_a_long_time(seat):
        desk.clock.advance(seconds=91)
        desk.classroom.says(create=CreateAnswer.ADDED)
        desk.deliver()
        return CreateAnswer.ADDED

    desk.classroom.says(create=take_a_long_time)

    late = desk.deliver()

    assert not late.acknowledge
    assert late.what == "claim lost"
    assert desk.entry().claim == "claim-2"


@pytest.mark.parametrize("trouble", [Misconfigured(Reason.CREDENTIALS_REJECTED), KeyError("users")])
def test_a_look_up_that_failed_for_our_fault_is_not_followed_by_another_create(trouble):
    desk = a_desk(create=CreateAnswer.EXISTS, is_student=[trouble, True])
    with suppress(KeyError):
        desk.deliver()
    desk.line.resume(desk.deadline)
    desk.clock.advance(hours=1)

    answer = desk.deliver()

    assert answer.what == "already_enrolled"
    assert desk.classroom.asked.count("create") == 1


def test_a_slow_classroom_is_never_asked_again_when_the_delivery_has_no_time_left():
    desk = a_desk(is_student=True)

    def after_half_a_minute(seat):
        desk.clock.advance(seconds=30)
        return CreateAnswer.EXISTS

    desk.classroom.says(create=after_half_a_minute)

    answer = desk.deliver()

    assert answer.reason is Reason.NO_PERMIT
    assert desk.classroom.asked == ["create"]
    assert desk.entry().state is State.WAITING


def test_two_requests_with_the_same_wish_cost_one_look_up_and_change_nothing():
    desk = a_desk()
    desk.deliver()
    desk.classroom.says(create=CreateAnswer.EXISTS, is_student=True)

    answer = desk.deliver(a_request(request_id="the-same-wish-again"))

    assert answer.what == "already_enrolled"


def test_a_claim_of_a_crashed_worker_is_left_alone_until_its_lease_lapses():
    desk = a_desk(create=[Killed(), CreateAnswer.ADDED])
    with pytest.raises(Killed):
        desk.deliver()
    desk.clock.advance(seconds=89)

    answer = desk.deliver()

    assert answer.what == "held"
    assert answer.due <= desk.clock.now() + timedelta(seconds=5)


def test_a_bug_while_claiming_keeps_no_permit():
    desk = a_desk(share=1)
    ledger = desk.ledger.port

    def broken(*_):
        raise KeyError("claim")

    desk.ledger.port = Overlay(ledger, create=broken)
    fail_with_a_bug(desk)
    desk.ledger.port = ledger

    answer = desk.deliver()

    assert answer.what == "enrolled"


def test_no_call_is_begun_whose_result_could_not_be_written_in_time():
    desk = a_desk(is_student=True)

    def with_time_for_a_call_and_no_more(seat):
        desk.clock.advance(seconds=21)
        return CreateAnswer.EXISTS

    desk.classroom.says(create=with_time_for_a_call_and_no_more)

    answer = desk.deliver()

    assert answer.reason is Reason.NO_PERMIT
    assert desk.classroom.asked == ["create"]


def test_a_fault_that_held_the_line_between_two_crashes_starts_the_count_again():
    fault = Misconfigured(Reason.SCOPES_MISSING)
    desk = a_desk(create=[Killed(), Killed(), fault, Killed(), CreateAnswer.ADDED])
    crash(desk)
    crash(desk)
    desk.deliver()
    desk.line.resume(desk.deadline)
    crash(desk)

    answer = desk.deliver()

    assert answer.what == "enrolled"


def test_a_bug_is_raised_though_its_worker_has_lost_the_claim():
    desk = a_desk()

    def take_a_long_time(seat):
        desk.clock.advance(seconds=91)
        desk.classroom.says(create=CreateAnswer.ADDED)
        desk.deliver()
        raise KeyError("userId")

    desk.classroom.says(create=take_a_long_time)

    fail_with_a_bug(desk)

    assert desk.entry().outcome is Outcome.ENROLLED
