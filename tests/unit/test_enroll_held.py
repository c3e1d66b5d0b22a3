"""While the line is held nothing reaches Classroom, nothing is charged, and nothing is lost."""

import pytest

from enrollment.entry import State
from enrollment.line import PROJECTS_OWN
from enrollment.outcome import Outcome
from enrollment.ports import CreateAnswer, LineState, Misconfigured, Refused, Unavailable
from enrollment.reasons import Reason
from enrollment.timing import PARK_FROM_DELIVERY
from tests.builders import REQUEST_ID, a_desk, a_request
from tests.doubles import Killed

FAULT = Misconfigured(Reason.DELEGATION_REFUSED)
SECOND = a_request(request_id="the-second-request", course_id="d:BIO-7")


def a_held_desk(create=CreateAnswer.ADDED, fault=FAULT):
    """The line is held because the first request met a fault of ours."""
    answers = create if isinstance(create, list) else [create]
    desk = a_desk(create=[fault, *answers])
    desk.deliver()
    return desk


def no_permit(_patience):
    raise Unavailable(Reason.NO_PERMIT)


def ledger_down(_deadline):
    raise Unavailable(Reason.LEDGER_DOWN)


def state_of(desk):
    return desk.line.look(desk.deadline).status.state


def test_a_fault_of_ours_holds_the_line_and_charges_no_attempt():
    desk = a_held_desk()

    entry = desk.entry()
    assert state_of(desk) is LineState.HELD
    assert (entry.state, entry.attempt, entry.first_failed_at) == (State.WAITING, 0, None)
    assert entry.reason is Reason.DELEGATION_REFUSED


def test_the_alert_is_given_once():
    desk = a_held_desk(FAULT)
    for _ in range(5):
        desk.clock.advance(minutes=1)
        desk.deliver()

    assert desk.classroom.calls == 6
    assert desk.journal.alerts == [Reason.DELEGATION_REFUSED]


def test_a_new_request_is_remembered_without_a_call():
    desk = a_held_desk()

    answer = desk.deliver(SECOND)

    assert answer.acknowledge
    assert (answer.what, answer.reason) == ("parked", Reason.LINE_HELD)
    entry = desk.entry(SECOND.request_id)
    assert (entry.state, entry.attempt) == (State.WAITING, 0)
    assert desk.classroom.calls == 1


def test_a_new_request_takes_one_write():
    desk = a_held_desk()
    desk.ledger.calls.clear()

    desk.deliver(SECOND)

    assert desk.ledger.calls == ["create"]


def test_a_duplicate_of_a_success_is_still_a_duplicate():
    desk = a_desk(create=[CreateAnswer.ADDED, FAULT])
    desk.deliver()
    desk.deliver(SECOND)

    answer = desk.deliver()

    assert answer.what == "duplicate"


@pytest.mark.parametrize("verdict", [CreateAnswer.ADDED, Refused(Reason.COURSE_FULL)])
def test_a_verdict_on_the_probe_reopens_the_line(verdict):
    desk = a_held_desk(verdict)
    desk.clock.advance(minutes=1)

    desk.deliver()

    assert state_of(desk) is LineState.OPEN


@pytest.mark.parametrize("trouble", [Unavailable(Reason.CLASSROOM_DOWN), FAULT])
def test_trouble_with_the_probe_does_not_reopen_the_line(trouble):
    desk = a_held_desk(trouble)
    desk.clock.advance(minutes=1)

    desk.deliver()

    assert desk.classroom.calls == 2
    assert state_of(desk) is LineState.HELD


@pytest.mark.parametrize(
    "answer",
    [CreateAnswer.NOT_FOUND, CreateAnswer.FORBIDDEN, Unavailable(Reason.JOIN_LIMIT)],
)
def test_an_answer_about_the_probe_shows_that_the_fault_is_mended(answer):
    desk = a_held_desk(answer)
    desk.clock.advance(minutes=1)

    desk.deliver()

    assert state_of(desk) is LineState.OPEN
    assert desk.entry().state is State.WAITING


def test_a_student_whose_token_is_refused_shows_nothing_of_the_project():
    desk = a_held_desk(Refused(Reason.STUDENT_ACCESS), fault=Misconfigured(Reason.API_DISABLED))
    desk.clock.advance(minutes=1)

    answer = desk.deliver(a_request(request_id="with-a-code", mode="code", enrollment_code="x7gk"))

    assert answer.reason is Reason.STUDENT_ACCESS
    assert state_of(desk) is LineState.HELD


def test_a_probe_without_a_permit_and_without_a_ledger_for_it_is_parked_all_the_same():
    desk = a_held_desk()
    desk.clock.advance(minutes=1)
    desk.enroller.pace.take = no_permit
    desk.line.give_back_probe = ledger_down

    answer = desk.deliver(SECOND, number=PARK_FROM_DELIVERY)

    assert (answer.acknowledge, answer.what) == (True, "parked")


def test_a_probe_without_a_permit_is_left_to_another():
    desk = a_held_desk()
    desk.clock.advance(minutes=1)
    take, desk.enroller.pace.take = desk.enroller.pace.take, no_permit

    desk.deliver(SECOND)
    desk.enroller.pace.take = take

    assert desk.deliver(SECOND).what == "enrolled"


def test_one_answered_call_shows_it_whatever_becomes_of_the_next():
    desk = a_held_desk(CreateAnswer.EXISTS)
    desk.classroom.says(is_student=Unavailable(Reason.CLASSROOM_DOWN))
    desk.clock.advance(minutes=1)

    desk.deliver()

    assert state_of(desk) is LineState.OPEN
    assert desk.entry().state is State.WAITING


@pytest.mark.parametrize("answer", [CreateAnswer.FORBIDDEN, CreateAnswer.NOT_FOUND])
def test_what_anybody_is_told_does_not_mend_a_line_that_bare_403s_hold(answer):
    desk = a_held_desk(answer, fault=Misconfigured(Reason.NOT_ADMINISTRATOR))
    desk.classroom.says(course_exists=False)

    for _ in range(4):  # until the course is taken for unknown, at last
        desk.clock.advance(minutes=1)
        desk.deliver()

    assert state_of(desk) is LineState.HELD


def test_a_result_is_written_though_the_line_cannot_be_opened():
    desk = a_held_desk()
    desk.clock.advance(minutes=1)
    write = desk.line.line.write
    desk.line.take_probe(desk.deadline)
    desk.clock.advance(minutes=1)

    class OnceOnly:
        """A line that takes the probe, and cannot be written after that."""

        def __init__(self, line):
            self.read, self.writes = line.read, 0

        def write(self, *arguments):
            self.writes += 1
            if self.writes > 1:
                raise Unavailable(Reason.LEDGER_DOWN)
            return write(*arguments)

    desk.line.line = OnceOnly(desk.line.line)

    assert desk.deliver().what == "enrolled"
    assert desk.entry().outcome is Outcome.ENROLLED


def test_of_many_requests_one_a_minute_is_the_probe():
    desk = a_held_desk(Unavailable(Reason.CLASSROOM_DOWN))
    desk.clock.advance(minutes=1)

    for number in range(10):
        desk.deliver(a_request(request_id=f"request-{number}", course_id=f"d:{number}"))

    assert desk.classroom.calls == 2


def test_a_student_with_a_code_is_no_probe_of_the_administrators_account():
    desk = a_held_desk(fault=Misconfigured(Reason.ADMIN_CLASSROOM_OFF))
    desk.clock.advance(minutes=1)

    answer = desk.deliver(a_request(request_id="with-a-code", mode="code", enrollment_code="x7gk"))

    assert answer.what == "parked"
    assert desk.classroom.calls == 1


def test_where_nobody_can_show_the_mending_a_student_with_a_code_has_a_turn():
    desk = a_held_desk(fault=Misconfigured(Reason.ADMIN_CLASSROOM_OFF))
    desk.clock.advance(minutes=4)

    first, second = (
        desk.deliver(a_request(request_id=f"with-a-code-{n}", mode="code", enrollment_code="x7gk"))
        for n in "12"
    )

    assert (first.what, second.what) == ("enrolled", "parked")
    assert state_of(desk) is LineState.HELD


@pytest.mark.parametrize("reason", sorted(PROJECTS_OWN))
def test_what_every_call_meets_is_probed_by_a_student_with_a_code_as_well(reason):
    desk = a_held_desk(fault=Misconfigured(reason))
    desk.clock.advance(minutes=1)

    answer = desk.deliver(a_request(request_id="with-a-code", mode="code", enrollment_code="x7gk"))

    assert answer.what == "enrolled"
    assert state_of(desk) is LineState.OPEN


def test_what_an_operator_holds_stays_held_whatever_is_due():
    desk = a_desk()
    desk.line.hold_for_operator("exams", desk.deadline)
    desk.clock.advance(days=2)

    answer = desk.deliver()

    assert answer.what == "parked"
    assert desk.classroom.calls == 0


def test_a_success_that_was_under_way_does_not_end_an_operators_hold():
    desk = a_desk()
    desk.classroom.says(
        create=lambda seat: (
            desk.line.hold_for_operator("exams", desk.deadline) and CreateAnswer.ADDED
        )
    )

    answer = desk.deliver()

    assert answer.what == "enrolled"
    assert state_of(desk) is LineState.HELD


def test_when_the_line_opens_wake_sends_all_that_was_parked():
    desk = a_held_desk()
    desk.deliver(SECOND)
    desk.line.resume(desk.deadline)

    desk.wake()
    for each in desk.sent():
        desk.enroller.handle(each)

    assert desk.entry(REQUEST_ID).outcome is Outcome.ENROLLED
    assert desk.entry(SECOND.request_id).outcome is Outcome.ENROLLED


def test_a_line_that_cannot_be_read_is_answered_503():
    desk = a_desk()
    desk.enroller.results.line.line.database._connection.execute("drop table line")

    answer = desk.deliver()

    assert not answer.acknowledge
    assert answer.reason is Reason.LEDGER_DOWN


def under_way(desk, **changes):
    """A worker has the request, and dies with it."""
    desk.classroom.says(create=Killed())
    with pytest.raises(Killed):
        desk.deliver(a_request(**changes))
    desk.classroom.says(create=CreateAnswer.ADDED)


@pytest.mark.parametrize("number", [1, 50, 99])
@pytest.mark.parametrize("held", [False, True])
def test_a_newer_replay_of_what_is_under_way_always_comes_again(number, held):
    """Acknowledged, it would exist nowhere: the ledger holds the older one."""
    desk = a_desk()
    under_way(desk)
    if held:
        desk.line.hold_for_operator("exams", desk.deadline)

    answer = desk.deliver(a_request(replay=1, course_id="d:BIO-7"), number=number)

    assert (answer.what, answer.acknowledge) == ("held", False)


def test_what_is_under_way_already_need_not_come_again_for_ever():
    desk = a_desk()
    under_way(desk)

    assert desk.deliver(number=50).acknowledge


def test_a_duplicate_leaves_the_probe_to_the_next():
    desk = a_desk(create=[CreateAnswer.ADDED, FAULT, CreateAnswer.ADDED])
    desk.deliver()
    desk.deliver(SECOND)
    desk.clock.advance(minutes=1)

    answers = [desk.deliver().what, desk.deliver(SECOND).what]

    assert answers == ["duplicate", "enrolled"]
