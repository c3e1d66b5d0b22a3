"""The line: who holds it, who may probe, who opens it, and how old an instance's view may be."""

from datetime import timedelta

import pytest

from enrollment.adapters.sqlite import SqliteLine
from enrollment.clock import Deadline
from enrollment.line import LineKeeper, held_in_all, opened
from enrollment.ports import HeldBy, LineState, LineStatus, Unavailable
from enrollment.reasons import Reason
from tests.doubles import START, MovableClock, Overlay, Shaky, in_memory, overtaken


class Keepers:
    """Two instances that look after the same line."""

    def __init__(self):
        self.clock = MovableClock()
        self.port = Shaky(SqliteLine(in_memory(self.clock)), Reason.LEDGER_DOWN)
        self.first = LineKeeper(self.port, self.clock)
        self.second = LineKeeper(self.port, self.clock)

    @property
    def deadline(self):
        return Deadline.starting_now(self.clock)

    @property
    def status(self):
        return self.port.read(self.deadline).status

    def hold_for_fault(self, keeper=None):
        return (keeper or self.first).hold_for_fault(Reason.SCOPES_MISSING, self.deadline)

    def after_a_minute(self):
        self.clock.advance(minutes=1)
        return self


def test_a_held_line_learns_of_more_suspects_and_alerts_no_more():
    line = Keepers()
    line.first.hold_for_fault(Reason.NOT_ADMINISTRATOR, line.deadline, {"b", "a"})

    alerted = line.second.hold_for_fault(Reason.NOT_ADMINISTRATOR, line.deadline, {"a", "c"})

    assert line.status.suspects == ("a", "b", "c")
    assert not alerted


def test_an_operators_hold_is_not_changed_by_a_fault():
    line = Keepers()
    line.first.hold_for_operator("exams", line.deadline)
    before = line.status

    line.first.hold_for_fault(Reason.NOT_ADMINISTRATOR, line.deadline, {"a"})

    assert line.status == before


def test_the_suspects_are_forgotten_when_the_line_opens():
    line = Keepers()
    line.first.hold_for_fault(Reason.NOT_ADMINISTRATOR, line.deadline, {"a"})

    line.first.reopen(line.status, line.deadline)

    assert line.status.suspects == ()


def test_of_very_many_suspects_the_latest_are_remembered():
    line = Keepers()
    for number in range(150):
        line.first.hold_for_fault(Reason.NOT_ADMINISTRATOR, line.deadline, {str(number)})

    assert line.status.suspects == tuple(str(number) for number in range(50, 150))


def test_a_line_that_nobody_ever_held_is_open():
    assert Keepers().status == LineStatus()


def test_the_line_is_read_at_most_every_five_seconds():
    line = Keepers()

    for _ in range(50):
        line.first.look(line.deadline)
        line.clock.advance(seconds=0.1)
    in_five_seconds = len(line.port.calls)
    line.clock.advance(seconds=0.1)
    line.first.look(line.deadline)

    assert in_five_seconds == 1
    assert len(line.port.calls) == 2


def test_another_instance_sees_a_held_line_within_five_seconds():
    line = Keepers()
    line.second.look(line.deadline)
    line.hold_for_fault()
    line.clock.advance(seconds=5)

    seen = line.second.look(line.deadline)

    assert seen.status.state is LineState.HELD


def test_only_the_first_of_two_instances_holds_the_line_and_alerts():
    line = Keepers()

    alerts = [line.hold_for_fault(line.first), line.hold_for_fault(line.second)]

    assert alerts == [True, False]
    assert (line.status.held_by, line.status.why) == (HeldBy.FAULT, "scopes_missing")


def test_no_probe_is_sent_in_the_first_minute():
    line = Keepers()
    line.hold_for_fault()
    line.clock.advance(seconds=59)

    assert not line.first.take_probe(line.deadline)


def test_one_instance_probes_once_a_minute():
    line = Keepers()
    line.hold_for_fault()
    line.after_a_minute()

    now = [line.first.take_probe(line.deadline), line.second.take_probe(line.deadline)]
    line.after_a_minute()
    later = [line.second.take_probe(line.deadline), line.first.take_probe(line.deadline)]

    assert now == [True, False]
    assert later == [True, False]


def test_two_instances_that_read_the_line_at_once_do_not_both_probe():
    line = Keepers()
    line.hold_for_fault()
    line.after_a_minute()
    others_turn = []
    read = line.port.port.read

    class Between:
        """The second instance takes its probe between the first one's reading and writing."""

        def read(self, deadline):
            seen = read(deadline)
            if not others_turn:
                others_turn.append(True)
                others_turn.append(line.second.take_probe(deadline))
            return seen

        def write(self, seen, status, deadline):
            return line.port.write(seen, status, deadline)

    first = LineKeeper(Between(), line.clock)

    assert not first.take_probe(line.deadline)
    assert others_turn == [True, True]


def test_an_operators_hold_is_never_probed():
    line = Keepers()
    line.first.hold_for_operator("exams", line.deadline)
    line.clock.advance(days=3)

    assert not line.first.take_probe(line.deadline)


def test_an_operator_takes_over_from_a_fault():
    line = Keepers()
    line.hold_for_fault()
    line.after_a_minute()

    line.first.hold_for_operator("we are looking into it", line.deadline)

    assert line.status.held_by is HeldBy.OPERATOR
    assert line.status.since == START


def test_a_fault_does_not_take_over_from_an_operator():
    line = Keepers()
    line.first.hold_for_operator("exams", line.deadline)

    assert not line.hold_for_fault()
    assert line.status.why == "exams"


def test_a_verdict_reopens_what_a_fault_held():
    line = Keepers()
    line.hold_for_fault()

    assert line.second.reopen(line.status, line.deadline)
    assert line.status.state is LineState.OPEN


def test_a_verdict_does_not_reopen_what_an_operator_held():
    line = Keepers()
    line.first.hold_for_operator("exams", line.deadline)

    assert not line.second.reopen(line.status, line.deadline)
    assert line.status.state is LineState.HELD


def test_a_verdict_of_an_earlier_hold_does_not_reopen_a_later_one():
    line = Keepers()
    line.hold_for_fault()
    earlier = line.status
    line.first.resume(line.deadline)
    line.clock.advance(seconds=1)
    line.hold_for_fault()

    assert not line.second.reopen(earlier, line.deadline)
    assert line.status.state is LineState.HELD


def test_an_operator_may_resume_whoever_held_it():
    line = Keepers()
    line.hold_for_fault()

    seen = line.second.resume(line.deadline)

    assert seen.status.state is LineState.OPEN


def test_resuming_an_open_line_changes_nothing():
    line = Keepers()

    line.first.resume(line.deadline)

    assert "write" not in line.port.calls


def test_the_seconds_of_all_holds_add_up():
    line = Keepers()
    for _ in range(3):
        line.hold_for_fault()
        line.after_a_minute().first.resume(line.deadline)
        line.clock.advance(hours=1)
    line.hold_for_fault()
    line.clock.advance(seconds=5)

    assert held_in_all(line.status, line.clock.now()) == 185


def test_a_clock_that_went_back_never_takes_held_seconds_away():
    held = LineStatus(state=LineState.HELD, since=START, held_seconds=60)

    assert opened(held, START - timedelta(hours=1)).held_seconds == 60


def test_a_look_that_is_some_seconds_old_does_not_make_it_some_seconds_earlier():
    line = Keepers()
    line.first.look(line.deadline)
    line.clock.advance(seconds=4)

    seen, time = line.first.look_now(line.deadline)

    assert seen.read_at == START
    assert time.now() == line.clock.now()


def test_a_look_is_as_old_as_its_question():
    line = Keepers()
    read = line.port.port.read

    class Slow:
        """A line whose answer takes four seconds."""

        def read(self, deadline):
            seen = read(deadline)
            line.clock.advance(seconds=4)
            return seen

    line.port.port = Slow()
    line.first.look(line.deadline)
    line.clock.advance(seconds=1)
    line.first.look(line.deadline)

    assert len(line.port.calls) == 2


def test_those_who_waited_for_a_slow_look_take_its_answer():
    line = Keepers()
    read = line.port.port.read
    waiting = []

    class Slow:
        """A line whose answer takes nine seconds, while others come to ask."""

        def read(self, deadline):
            seen = read(deadline)
            line.clock.advance(seconds=2)
            waiting.append(line.clock.monotonic())
            line.clock.advance(seconds=7)
            return seen

    line.port.port = Slow()
    line.first.look(line.deadline)
    (came_at,) = waiting

    seen = line.first._looked(line.deadline, came_at)

    assert seen.status == LineStatus()
    assert len(line.port.calls) == 1


def test_those_who_waited_for_a_look_that_failed_do_not_fail_one_after_another():
    line = Keepers()
    line.port.fail("read")
    for _ in range(10):
        with pytest.raises(Unavailable):
            line.first.look(line.deadline)
    assert len(line.port.calls) == 1

    line.port.mend()
    line.clock.advance(seconds=1)

    assert line.first.look(line.deadline).status == LineStatus()


def test_a_probe_that_was_given_back_can_be_taken_at_once():
    line = Keepers()
    line.hold_for_fault()
    line.after_a_minute()
    assert line.first.take_probe(line.deadline)

    line.first.give_back_probe(line.deadline)

    assert line.second.take_probe(line.deadline)


def test_the_suspects_are_forgotten_when_an_operator_takes_over():
    line = Keepers()
    line.first.hold_for_fault(Reason.NOT_ADMINISTRATOR, line.deadline, {"a"})

    line.second.hold_for_operator("exams", line.deadline)

    assert line.status.suspects == ()


def test_trouble_is_over_once_the_line_was_read():
    line = Keepers()
    line.port.fail("read")
    with pytest.raises(Unavailable):
        line.first.look(line.deadline)
    line.port.mend()
    line.port.port = Overlay(line.port.port, write=overtaken)
    line.hold_for_fault()

    seen = line.first.look(line.deadline)

    assert seen.status == LineStatus()


def test_whoever_was_overtaken_sees_at_once_what_was_written():
    line = Keepers()
    port = line.port.port

    def too_late(*arguments):
        line.port.port = port
        line.second.hold_for_operator("exams", line.deadline)
        return port.write(*arguments)

    line.port.port = Overlay(port, write=too_late)
    line.hold_for_fault()

    seen = line.first.look(line.deadline)

    assert seen.status.why == "exams"
