"""wake while the line is held: letters still go out, and one probe a minute."""

from dataclasses import replace

import pytest

from enrollment import probing
from enrollment.entry import Letter
from enrollment.ports import CreateAnswer, Misconfigured, Refused
from enrollment.reasons import Reason
from enrollment.timing import LEASE
from tests.builders import REQUEST_ID, a_desk, a_request
from tests.doubles import Killed

FAULT = Misconfigured(Reason.ADMIN_CLASSROOM_OFF)


def a_held_desk(number):
    """So many requests are parked behind a fault of ours."""
    desk = a_desk(create=FAULT)
    for each in range(number):
        desk.deliver(a_request(request_id=f"request-{each:04}", course_id=f"d:{each}"))
    desk.clock.advance(minutes=1)
    return desk


def ids(deliveries):
    return [each.attributes["request_id"] for each in deliveries]


def test_owed_letters_are_sent_even_while_the_line_is_held():
    desk = a_desk(create=Refused(Reason.COURSE_FULL))
    desk.letters.fail()
    desk.deliver()
    desk.letters.mend()
    desk.line.hold_for_operator("exams", desk.deadline)
    desk.clock.advance(minutes=1)

    woken = desk.wake()

    assert woken.letters == 1
    assert desk.entry().letter is Letter.SENT


def test_nothing_is_sent_while_an_operator_holds_the_line():
    desk = a_held_desk(3)
    desk.line.hold_for_operator("exams", desk.deadline)

    woken = desk.wake()

    assert (woken.sent, woken.probes) == (0, 0)


def test_while_a_fault_holds_the_line_one_probe_a_minute_is_sent():
    desk = a_held_desk(5)

    first, second = desk.wake(), desk.wake()

    assert (first.probes, first.sent) == (1, 1)
    assert len(desk.sent()) == 2
    assert second.probes == 1  # the probe is taken on delivery, not on sending


def test_the_probe_that_was_sent_is_taken_and_opens_the_line():
    desk = a_held_desk(3)
    desk.classroom.says(create=CreateAnswer.ADDED)
    desk.wake()
    (probe,) = desk.sent()

    answer = desk.enroller.handle(probe)

    assert answer.what == "enrolled"
    assert desk.wake().sent == 2


def test_a_prober_that_died_is_probed_with_again_when_nothing_else_waits():
    desk = a_held_desk(1)
    desk.classroom.says(create=Killed())
    desk.wake()
    (probe,) = desk.sent()
    with pytest.raises(Killed):
        desk.enroller.handle(probe)
    desk.classroom.says(create=CreateAnswer.ADDED)

    assert desk.wake().probes == 0  # its claim may still be alive
    desk.clock.advance(minutes=5)

    assert desk.wake().probes == 1


def test_the_probe_is_another_request_each_time():
    desk = a_held_desk(3)

    probes = []
    for _ in range(3):
        desk.wake()
        (probe,) = desk.sent()
        desk.enroller.handle(probe)
        probes += ids([probe])
        desk.clock.advance(minutes=1)

    assert len(set(probes)) == 3


def test_a_request_with_a_code_is_no_probe_of_the_administrators_account():
    desk = a_held_desk(1)
    desk.deliver(a_request(request_id="with-a-code", mode="code", enrollment_code="x7gk"))

    desk.wake()

    assert ids(desk.sent()) == ["request-0000"]


def test_however_many_codes_were_parked_first_an_administrators_request_is_found(monkeypatch):
    monkeypatch.setattr(probing, "LOOK", 3)
    desk = a_desk()
    desk.line.hold_for_fault(Reason.CREDENTIALS_REJECTED, desk.deadline)
    for each in range(4):
        name = f"with-a-code-{each}"
        desk.deliver(a_request(request_id=name, mode="code", enrollment_code="x7gk"))
    desk.clock.advance(seconds=1)
    desk.deliver(a_request(request_id="the-administrators"))
    desk.clock.advance(minutes=1)

    assert desk.wake().probes == 0  # the next search goes on where this one stopped
    desk.clock.advance(seconds=30)
    desk.wake()

    assert ids(desk.sent()) == ["the-administrators"]


def test_a_search_in_vain_is_not_repeated_at_once():
    desk = a_desk()
    desk.line.hold_for_fault(Reason.CREDENTIALS_REJECTED, desk.deadline)
    desk.deliver(a_request(request_id="with-a-code", mode="code", enrollment_code="x7gk"))
    desk.clock.advance(minutes=1)
    desk.ledger.calls.clear()

    for _ in range(100):
        desk.wake()
        desk.clock.advance(seconds=0.2)

    assert desk.ledger.calls.count("due") < 110  # one a run is for the letters


def test_codes_that_wait_alone_are_sent_one_by_one():
    desk = a_desk()
    desk.line.hold_for_fault(Reason.CREDENTIALS_REJECTED, desk.deadline)
    for each in "12":
        desk.deliver(a_request(request_id=f"with-a-code-{each}", mode="code", enrollment_code="x7"))

    became = []
    for _ in range(9):
        desk.clock.advance(minutes=1)
        desk.wake()
        became.append([desk.enroller.handle(each).what for each in desk.sent()])

    assert became == [[], [], [], ["enrolled"], [], [], [], ["enrolled"], []]


def test_a_live_claim_is_no_probe_whatever_a_wrong_clock_wrote():
    desk = a_desk(create=Killed())
    with pytest.raises(Killed):
        desk.deliver()
    desk.line.hold_for_fault(Reason.ADMIN_CLASSROOM_OFF, desk.deadline)
    desk.clock.advance(minutes=1)
    stored = desk.ledger.get(REQUEST_ID, desk.deadline)
    desk.ledger.update(stored, replace(stored.entry, wake_at=stored.read_at), desk.deadline)

    assert desk.wake().probes == 0
    desk.clock.advance(seconds=LEASE.total_seconds())
    assert desk.wake().probes == 1
