"""wake: what is due is sent again, once, at the quota's pace, and never while the line is held."""

from dataclasses import replace
from datetime import timedelta
from types import SimpleNamespace

import pytest

from enrollment.ports import Misconfigured, Refused, Unavailable
from enrollment.reasons import Reason
from enrollment.timing import LEASE
from enrollment.wire import encode
from tests.builders import REQUEST_ID, a_desk, a_request
from tests.doubles import Killed, Overlay, overtaken

TOMORROW = Unavailable(Reason.UNKNOWN_ANSWER, retry_after=timedelta(hours=24))
FAULT = Misconfigured(Reason.SCOPES_MISSING)


def a_request_numbered(number, **changes):
    return a_request(request_id=f"request-{number:04}", course_id=f"d:{number}", **changes)


def a_desk_with_waiting(number, **answers):
    """So many requests wait until tomorrow, and tomorrow has come."""
    desk = a_desk(create=TOMORROW, **answers)
    for each in range(number):
        desk.deliver(a_request_numbered(each))
    desk.clock.advance(days=1, seconds=10)
    return desk


def ids(deliveries):
    return [each.attributes["request_id"] for each in deliveries]


def test_what_is_due_is_sent_as_it_was():
    desk = a_desk_with_waiting(1)

    woken = desk.wake()

    (sent,) = desk.sent()
    assert woken.sent == 1
    assert sent.body == encode(a_request_numbered(0)).body


def test_what_is_not_due_yet_is_left_alone():
    desk = a_desk(create=TOMORROW)
    desk.deliver()
    desk.clock.advance(hours=23)

    assert desk.wake().sent == 0


def test_what_was_sent_is_sent_again_only_after_a_quarter_of_an_hour():
    desk = a_desk_with_waiting(1)
    desk.wake()
    desk.clock.advance(minutes=14)
    early = desk.wake().sent
    desk.clock.advance(minutes=1)

    late = desk.wake().sent

    assert (early, late) == (0, 1)


def test_of_two_wakers_on_the_same_entry_one_sends_it():
    desk = a_desk_with_waiting(1)
    others = []

    class Between:
        """A ledger through which another `wake` runs after this one has read what is due."""

        def __getattr__(self, method):
            def call(*arguments):
                answer = getattr(desk.ledger, method)(*arguments)
                if method == "due" and answer and not others:
                    others.append(None)
                    others.append(desk.wake().sent)
                return answer

            return call

    claims = desk.waker.claims.__class__(Between(), desk.clock)
    waker = replace(desk.waker, claims=claims)

    woken = waker.run()

    assert (others[1], woken.sent) == (1, 0)
    assert len(desk.sent()) == 1


def test_more_than_a_page_is_sent_in_one_run():
    desk = a_desk_with_waiting(7)
    desk.waker = replace(desk.waker, page=2)

    woken = desk.wake()

    assert woken.sent == 7
    assert len(set(ids(desk.sent()))) == 7


def test_one_run_sends_no_more_than_the_pace_allows_in_a_minute():
    desk = a_desk_with_waiting(30, share=10)

    woken = desk.wake()

    assert woken.sent == 9


def test_the_oldest_is_sent_first():
    desk = a_desk_with_waiting(3)

    desk.wake()

    assert ids(desk.sent()) == ["request-0000", "request-0001", "request-0002"]


def test_a_request_whose_worker_died_is_sent_again_when_nobody_redelivers_it():
    desk = a_desk(create=Killed())
    with pytest.raises(Killed):
        desk.deliver()
    desk.clock.advance(seconds=90, minutes=3)

    desk.wake()

    assert ids(desk.sent()) == [REQUEST_ID]


def test_a_topic_that_is_down_leaves_the_request_for_the_next_time():
    desk = a_desk_with_waiting(1)
    desk.requests.fail("publish")
    woken = desk.wake()
    desk.requests.mend()
    desk.clock.advance(minutes=15)

    again = desk.wake()

    assert (woken.sent, woken.failed) == (0, 1)
    assert again.sent == 1


def test_one_letter_that_cannot_be_sent_does_not_keep_the_others():
    desk = a_desk(create=Refused(Reason.COURSE_FULL))
    desk.letters.fail()
    for number in range(3):
        desk.deliver(a_request_numbered(number))
    desk.clock.advance(minutes=2)

    failed = desk.wake()
    desk.letters.mend()
    done = desk.wake()

    assert (failed.letters, failed.failed) == (0, 3)
    assert (done.letters, done.failed) == (3, 0)


def test_what_is_overdue_is_told():
    desk = a_desk_with_waiting(1)
    desk.clock.advance(minutes=20)

    woken = desk.wake()

    assert woken.oldest_overdue_seconds == pytest.approx(1210, abs=1)


def test_what_was_moved_ahead_is_sent_though_the_ledger_fails_then():
    desk = a_desk_with_waiting(5)
    update, moved = desk.ledger.port.update, []

    def fails_later(seen, entry, deadline):
        if len(moved) == 3:
            raise Unavailable(Reason.LEDGER_DOWN)
        moved.append(entry.request_id)
        return update(seen, entry, deadline)

    desk.ledger.port = Overlay(desk.ledger.port, update=fails_later)

    with pytest.raises(Unavailable):
        desk.wake()

    assert [each.attributes["request_id"] for each in desk.sent()] == moved


def test_a_run_keeps_time_to_send_what_it_has_moved_ahead():
    desk = a_desk_with_waiting(30)
    update = desk.ledger.port.update

    def slow(*arguments):
        desk.clock.advance(seconds=6)
        return update(*arguments)

    desk.ledger.port = Overlay(desk.ledger.port, update=slow)

    woken = desk.wake()

    assert (woken.sent, woken.failed) == (8, 0)  # in the 45 seconds before the last five
    assert len(desk.sent()) == 8


def test_a_run_ends_when_its_time_is_over():
    desk = a_desk_with_waiting(30)
    publish = desk.requests.port.publish

    class Slow:
        def publish(self, messages, deadline):
            desk.clock.advance(seconds=60)
            publish(messages, deadline)

    waker = replace(desk.waker, requests=Slow())

    woken = waker.run()

    assert woken.sent == 20  # one batch


def test_what_this_version_cannot_read_keeps_nobody_else_waiting():
    desk = a_desk_with_waiting(5)
    stored = desk.ledger.get("request-0000", desk.deadline)
    desk.ledger.update(stored, replace(stored.entry, message='{"newer": true}'), desk.deadline)

    woken = desk.wake()

    assert (woken.sent, woken.unreadable) == (4, 1)
    assert desk.wake().unreadable == 0  # a quarter of an hour later, again


def test_what_this_version_cannot_read_is_no_probe():
    desk = a_desk(create=[FAULT, FAULT])
    for number in range(2):
        desk.deliver(a_request_numbered(number))
    stored = desk.ledger.get("request-0000", desk.deadline)
    desk.ledger.update(stored, replace(stored.entry, message="{}"), desk.deadline)
    desk.clock.advance(minutes=1)

    assert desk.wake().probes == 1
    assert ids(desk.sent()) == ["request-0001"]


def test_a_hanging_topic_of_letters_leaves_time_for_what_is_due():
    desk = a_desk_with_waiting(3)
    desk.classroom.says(create=Refused(Reason.COURSE_FULL))
    desk.letters.fail("publish")
    for number in range(10, 18):
        desk.deliver(a_request_numbered(number))
    desk.clock.advance(minutes=2)
    hang = desk.letters.port.publish

    def hanging(messages, deadline):
        desk.clock.sleep(min(10, deadline.remaining()))
        raise Unavailable(Reason.TOPIC_DOWN)

    desk.letters.mend()
    object.__setattr__(desk.letters, "port", SimpleNamespace(publish=hanging))
    assert hang

    woken = desk.wake()

    assert (woken.letters, woken.sent) == (0, 3)


def test_a_live_claim_is_left_alone_whatever_a_wrong_clock_wrote():
    desk = a_desk(create=Killed())
    with pytest.raises(Killed):
        desk.deliver()
    stored = desk.ledger.get(REQUEST_ID, desk.deadline)
    early = replace(stored.entry, wake_at=stored.read_at - timedelta(minutes=5))
    desk.ledger.update(stored, early, desk.deadline)

    assert desk.wake().sent == 0
    desk.clock.advance(seconds=LEASE.total_seconds())
    assert desk.wake().sent == 1


def test_while_a_fault_holds_the_line_each_run_says_why():
    desk = a_desk(create=FAULT)
    assert desk.wake().held is None

    desk.deliver()

    assert desk.wake().held == Reason.SCOPES_MISSING


def test_a_letter_is_not_told_as_sent_when_somebody_else_wrote_and_left_it_owed():
    desk = a_desk(create=Refused(Reason.COURSE_FULL))
    desk.letters.fail()
    desk.deliver()
    desk.letters.mend()
    desk.clock.advance(minutes=2)
    desk.ledger.port = Overlay(desk.ledger.port, update=overtaken)

    woken = desk.wake()

    assert (woken.letters, woken.failed) == (0, 1)
