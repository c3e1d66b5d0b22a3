"""When Classroom says 403 without a cause: is it this course, or is it our administrator?"""

from dataclasses import replace

from enrollment import probing
from enrollment.entry import State
from enrollment.ports import CreateAnswer, HeldBy, LineState, Unavailable
from enrollment.reasons import Reason
from tests.builders import a_desk, a_request
from tests.doubles import Overlay

ADDED, FORBIDDEN = CreateAnswer.ADDED, CreateAnswer.FORBIDDEN


def a_request_for(course, **changes):
    named = {"request_id": f"request-for-{course}", "course_id": f"d:{course}"}
    return a_request(**named | changes)


def refuse_only(course):
    """Classroom works, but for one course."""
    return lambda seat: FORBIDDEN if seat.course_id == f"d:{course}" else CreateAnswer.ADDED


def test_the_request_is_parked():
    desk = a_desk(create=FORBIDDEN)

    answer = desk.deliver()

    assert answer.reason is Reason.NOT_PERMITTED
    assert desk.entry().state is State.WAITING


def test_it_is_refused_once_another_course_has_succeeded_since():
    desk = a_desk(create=refuse_only("CHEM-1"))
    desk.deliver(a_request_for("CHEM-1"))
    desk.deliver(a_request_for("MATH-1"))
    desk.clock.advance(minutes=1)

    answer = desk.deliver(a_request_for("CHEM-1"))

    assert answer.reason is Reason.COURSE_NOT_PERMITTED


def test_a_success_before_the_first_403_proves_nothing():
    desk = a_desk(create=refuse_only("CHEM-1"))
    desk.deliver(a_request_for("MATH-1"))
    desk.clock.advance(minutes=1)
    desk.deliver(a_request_for("CHEM-1"))
    desk.clock.advance(minutes=1)

    answer = desk.deliver(a_request_for("CHEM-1"))

    assert answer.reason is Reason.NOT_PERMITTED


def test_four_courses_do_not_hold_the_line():
    desk = a_desk(create=FORBIDDEN)

    for course in range(4):
        desk.deliver(a_request_for(course))

    assert desk.line.look(desk.deadline).status.state is LineState.OPEN


def test_five_courses_without_a_success_between_hold_the_line():
    desk = a_desk(create=FORBIDDEN)

    for course in range(5):
        desk.deliver(a_request_for(course))

    status = desk.line.look(desk.deadline).status
    assert (status.held_by, status.why) == (HeldBy.FAULT, Reason.NOT_ADMINISTRATOR)
    assert desk.journal.alerts == [Reason.NOT_ADMINISTRATOR]


def test_one_course_however_often_does_not_hold_the_line():
    desk = a_desk(create=FORBIDDEN)

    for _ in range(10):
        desk.deliver(a_request_for("CHEM-1"))
        desk.clock.advance(hours=1)

    assert desk.line.look(desk.deadline).status.state is LineState.OPEN


def test_a_success_between_starts_the_five_again():
    desk = a_desk(create=[*[FORBIDDEN] * 4, CreateAnswer.ADDED, FORBIDDEN])

    for course in range(9):
        desk.deliver(a_request_for(course))

    assert desk.line.look(desk.deadline).status.state is LineState.OPEN


def test_a_student_who_is_there_already_shows_that_the_course_works():
    desk = a_desk(create=[*[FORBIDDEN] * 4, CreateAnswer.EXISTS, FORBIDDEN], is_student=True)

    for course in range(9):
        desk.deliver(a_request_for(course))

    assert desk.line.look(desk.deadline).status.state is LineState.OPEN


def test_five_bad_courses_in_a_row_do_not_hold_a_line_that_works():
    desk = a_desk(create=lambda seat: ADDED if seat.course_id == "d:good" else FORBIDDEN)
    desk.deliver(a_request_for("good"))

    for course in range(8):
        desk.clock.advance(seconds=5)
        desk.deliver(a_request_for(course))

    assert desk.line.look(desk.deadline).status.state is LineState.OPEN


def test_courses_that_come_back_after_another_worked_are_refused_and_do_not_hold_the_line():
    desk = a_desk(create=lambda seat: ADDED if seat.course_id == "d:good" else FORBIDDEN)
    courses = range(4)
    for course in courses:
        desk.deliver(a_request_for(course))
    desk.deliver(a_request_for("good"))
    desk.clock.advance(hours=1)
    for course in range(4, 8):
        desk.deliver(a_request_for(course))
    desk.deliver(a_request_for("good", request_id="another-for-good"))

    answers = [desk.deliver(a_request_for(course)) for course in courses]

    assert {each.reason for each in answers} == {Reason.COURSE_NOT_PERMITTED}
    assert desk.line.look(desk.deadline).status.state is LineState.OPEN


def test_the_probe_is_of_a_course_that_was_not_refused():
    desk = a_desk(create=lambda seat: ADDED if seat.course_id == "d:good" else FORBIDDEN)
    for course in range(5):
        desk.deliver(a_request_for(course))
    for number in range(30):
        desk.deliver(a_request(request_id=f"more-of-the-first-{number}", course_id="d:0"))
    desk.deliver(a_request_for("good"))
    desk.clock.advance(minutes=1)

    desk.wake()
    (probe,) = desk.sent()
    desk.enroller.handle(probe)

    assert probe.attributes["request_id"] == "request-for-good"
    assert desk.line.look(desk.deadline).status.state is LineState.OPEN


def test_with_none_but_refused_courses_the_oldest_is_the_probe():
    desk = a_desk(create=FORBIDDEN)
    for course in range(5):
        desk.deliver(a_request_for(course))
    desk.clock.advance(minutes=1)

    assert desk.wake().probes == 1


def test_a_probe_is_sent_in_time_though_the_search_for_a_better_one_is_slow():
    desk = a_desk(create=FORBIDDEN)
    for number in range(20):
        desk.deliver(a_request_for(number % 5, request_id=f"request-{number:03}"))
    desk.clock.advance(minutes=1)
    due, began = desk.ledger.port.due, desk.clock.elapsed

    def slow(*arguments):
        desk.clock.advance(seconds=4)
        return due(*arguments)

    desk.ledger.port = Overlay(desk.ledger.port, due=slow)
    waker = replace(desk.waker, page=1)

    assert waker.run().probes == 1
    assert desk.clock.elapsed - began < waker.run_length.total_seconds()


def test_a_probe_that_was_found_is_sent_though_the_search_for_a_better_one_fails():
    desk = a_desk(create=FORBIDDEN)
    for number in range(6):
        desk.deliver(a_request_for(number % 5, request_id=f"request-{number:03}"))
    desk.clock.advance(minutes=1)
    due = desk.ledger.port.due

    def once(state, before, limit, deadline, after=None):
        if after is not None:
            raise Unavailable(Reason.LEDGER_DOWN)
        return due(state, before, limit, deadline)

    desk.ledger.port = Overlay(desk.ledger.port, due=once)

    assert replace(desk.waker, page=1).run().probes == 1


def test_while_the_role_is_lost_again_nobody_is_refused_because_another_worked_in_between():
    desk = a_desk(create=[FORBIDDEN, CreateAnswer.ADDED, FORBIDDEN])
    desk.classroom.says(course_exists=Unavailable(Reason.NOT_PERMITTED))
    desk.deliver(a_request_for("CHEM-1"))
    desk.deliver(a_request_for("good"))
    desk.clock.advance(minutes=1)

    answer = desk.deliver(a_request_for("CHEM-1"))

    assert answer.reason is Reason.NOT_PERMITTED
    assert desk.entry("request-for-CHEM-1").outcome is None
    assert desk.classroom.seats[-1].course_id == "d:good"


def test_a_role_that_is_lost_for_good_holds_the_line_though_it_was_there_in_between():
    desk = a_desk(create=lambda seat: ADDED if seat.course_id == "d:good" else FORBIDDEN)
    desk.classroom.says(course_exists=Unavailable(Reason.NOT_PERMITTED))
    for course in range(5):
        desk.deliver(a_request_for(course))
        desk.deliver(a_request_for("good", request_id=f"good-before-{course}"))
    desk.clock.advance(hours=1)

    for course in range(5):
        desk.deliver(a_request_for(course))

    assert desk.line.look(desk.deadline).status.state is LineState.HELD
    assert not any(desk.entry(f"request-for-{course}").outcome for course in range(5))


def test_however_many_of_suspected_courses_wait_the_good_one_is_found(monkeypatch):
    monkeypatch.setattr(probing, "LOOK", 6)
    desk = a_desk(create=FORBIDDEN)
    for number in range(20):
        desk.deliver(a_request_for(number % 5, request_id=f"request-{number:03}"))
    desk.clock.advance(seconds=1)
    desk.deliver(a_request_for("good"))

    probed = []
    for _ in range(4):
        desk.clock.advance(minutes=1)
        desk.wake()
        probed += [each.attributes["request_id"] for each in desk.sent()]

    assert "request-for-good" in probed


def test_a_role_that_comes_back_at_that_moment_enrolls_the_student():
    desk = a_desk(create=[FORBIDDEN, ADDED, FORBIDDEN, ADDED])
    desk.deliver(a_request_for("CHEM-1"))
    desk.deliver(a_request_for("good"))
    desk.clock.advance(minutes=1)

    answer = desk.deliver(a_request_for("CHEM-1"))

    assert answer.what == "enrolled"
    assert desk.classroom.asked[-3:] == ["create", "course_exists", "create"]


def test_to_a_student_with_a_code_it_means_that_the_code_is_refused():
    desk = a_desk(create=FORBIDDEN)

    answer = desk.deliver(a_request(mode="code", enrollment_code="x7gk2p"))

    assert answer.reason is Reason.CODE_REFUSED


def test_students_with_codes_never_hold_the_line():
    desk = a_desk(create=FORBIDDEN)

    for course in range(6):
        desk.deliver(a_request_for(course, mode="code", enrollment_code="x7gk2p"))

    assert desk.line.look(desk.deadline).status.state is LineState.OPEN


def test_a_success_of_a_student_with_a_code_proves_nothing_about_the_administrator():
    desk = a_desk(create=[FORBIDDEN, CreateAnswer.ADDED, FORBIDDEN])
    desk.deliver(a_request_for("CHEM-1"))
    desk.deliver(a_request(mode="code", enrollment_code="x7gk2p"))
    desk.clock.advance(minutes=1)

    answer = desk.deliver(a_request_for("CHEM-1"))

    assert answer.reason is Reason.NOT_PERMITTED
