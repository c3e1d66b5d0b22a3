"""The line is one document, and one instance holds it, probes it and opens it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from enrollment.line import held_in_all
from enrollment.ports import HeldBy, LineState, LineStatus, Overtaken
from enrollment.reasons import Reason
from tests.contract.builders import all_at_once

THREADS = 24
FULL = LineStatus(
    state=LineState.HELD,
    held_by=HeldBy.FAULT,
    why="admin_api_off, says Zoë",
    since=datetime(2026, 8, 20, 18, 25, 43, 1, UTC),
    next_probe=datetime(2026, 8, 20, 18, 26, 43, 2, UTC),
    held_seconds=0.1 + 0.2,
)


@pytest.fixture
def keepers(lines):
    """As many instances as threads."""
    return [lines.keeper() for _ in range(THREADS)]


def hold(lines, *, seconds, probe_in=-1.0, held_by=HeldBy.FAULT):
    """The line as a fault has held it for so long."""
    seen = lines.port.read(lines.deadline)
    held = replace(
        seen.status,
        state=LineState.HELD,
        held_by=held_by,
        why="a fault",
        since=seen.read_at - timedelta(seconds=seconds),
        next_probe=seen.read_at + timedelta(seconds=probe_in),
    )
    return lines.port.write(seen, held, lines.deadline)


def status(lines):
    return lines.port.read(lines.deadline).status


def test_a_line_that_was_never_written_is_open(lines):
    assert status(lines) == LineStatus(state=LineState.OPEN, held_seconds=0.0)


@pytest.mark.parametrize("written", [FULL, LineStatus(), LineStatus(held_seconds=86_400.5)])
def test_the_line_comes_back_as_it_was_written(lines, written):
    seen = lines.port.read(lines.deadline)

    stored = lines.port.write(seen, written, lines.deadline)

    assert stored.status == written
    assert status(lines) == written
    assert lines.again().read(lines.deadline).status == written


def test_the_version_of_a_write_is_good_for_the_next(lines):
    stored = lines.port.read(lines.deadline)

    for seconds in (1.0, 2.0, 3.0):
        stored = lines.port.write(stored, LineStatus(held_seconds=seconds), lines.deadline)

    assert status(lines).held_seconds == 3.0


def test_a_write_over_what_has_changed_since_is_refused(lines):
    first = lines.port.write(lines.port.read(lines.deadline), LineStatus(), lines.deadline)
    lines.port.write(first, FULL, lines.deadline)

    with pytest.raises(Overtaken):
        lines.port.write(first, LineStatus(), lines.deadline)

    assert status(lines) == FULL


def test_a_write_over_an_identical_one_is_refused_too(lines):
    seen = lines.port.read(lines.deadline)
    lines.port.write(seen, seen.status, lines.deadline)

    with pytest.raises(Overtaken):
        lines.port.write(seen, seen.status, lines.deadline)


def test_of_two_who_saw_it_unwritten_one_writes(lines):
    seen = lines.port.read(lines.deadline)
    doors, deadline = (lines.port, lines.again()), lines.deadline

    answers = all_at_once(
        2, lambda n: doors[n].write(seen, replace(FULL, why=f"writer {n}"), deadline)
    )

    won = [each for each in answers if not isinstance(each, Overtaken)]
    assert [each.status for each in won] == [status(lines)]


def test_the_time_of_reading_is_the_lines_own(lines):
    began = lines.clock.now()

    read = lines.port.read(lines.deadline)
    written = lines.port.write(read, FULL, lines.deadline)

    assert began <= read.read_at <= written.read_at <= lines.clock.now()


def test_of_24_instances_that_see_a_fault_one_holds_the_line_and_alerts(lines, keepers):
    deadline = lines.deadline

    alerts = all_at_once(
        THREADS, lambda n: keepers[n].hold_for_fault(Reason.ADMIN_API_OFF, deadline)
    )

    assert sum(alerts) == 1
    held = status(lines)
    assert (held.state, held.held_by, held.why) == (LineState.HELD, HeldBy.FAULT, "admin_api_off")


def test_of_24_instances_one_takes_the_probe(lines, keepers):
    deadline = lines.deadline
    hold(lines, seconds=100)

    probes = all_at_once(THREADS, lambda n: keepers[n].take_probe(deadline))

    assert sum(probes) == 1
    assert status(lines).next_probe > lines.port.read(deadline).read_at


@pytest.mark.parametrize(
    ("held_by", "probe_in"), [(HeldBy.FAULT, 30.0), (HeldBy.OPERATOR, -1.0)], ids=["early", "never"]
)
def test_nobody_takes_a_probe_that_is_not_due(lines, keepers, held_by, probe_in):
    deadline = lines.deadline
    hold(lines, seconds=100, probe_in=probe_in, held_by=held_by)

    assert sum(all_at_once(THREADS, lambda n: keepers[n].take_probe(deadline))) == 0


def test_of_24_instances_that_got_a_verdict_one_reopens(lines, keepers):
    deadline = lines.deadline
    hold(lines, seconds=100)

    held = status(lines)
    opened = all_at_once(THREADS, lambda n: keepers[n].reopen(held, deadline))

    assert sum(opened) == 1
    assert status(lines).state is LineState.OPEN
    assert status(lines).held_seconds == pytest.approx(100, abs=5)


def test_the_seconds_of_every_hold_add_up(lines):
    keeper = lines.keeper()
    hold(lines, seconds=100)
    keeper.resume(lines.deadline)
    hold(lines, seconds=50)
    keeper.reopen(status(lines), lines.deadline)

    hold(lines, seconds=7, held_by=HeldBy.OPERATOR)

    running = lines.port.read(lines.deadline)
    assert running.status.held_seconds == pytest.approx(150, abs=5)
    assert held_in_all(running.status, running.read_at) == pytest.approx(157, abs=5)


def test_an_operator_takes_over_from_a_fault_and_only_resume_opens(lines):
    keeper = lines.keeper()
    hold(lines, seconds=100)

    keeper.hold_for_operator("maintenance", lines.deadline)

    assert not keeper.reopen(status(lines), lines.deadline)
    assert not keeper.hold_for_fault(Reason.API_DISABLED, lines.deadline)
    assert status(lines).why == "maintenance"
    assert keeper.resume(lines.deadline).status == status(lines)
    assert status(lines).state is LineState.OPEN
    assert status(lines).held_seconds == pytest.approx(100, abs=5)


def test_every_operator_who_holds_or_resumes_at_once_succeeds(lines, keepers):
    deadline = lines.deadline

    all_at_once(THREADS, lambda n: keepers[n].hold_for_operator(f"operator {n}", deadline))
    assert status(lines).held_by is HeldBy.OPERATOR
    all_at_once(THREADS, lambda n: keepers[n].resume(deadline))

    assert status(lines).state is LineState.OPEN


def test_an_instance_sees_what_another_did_after_five_seconds_at_most(lines):
    keeper = lines.keeper()
    assert keeper.look(lines.deadline).status.state is LineState.OPEN
    hold(lines, seconds=1)

    lines.let_pass(timedelta(seconds=5))

    assert keeper.look(lines.deadline).status.state is LineState.HELD
