"""A 409 says that Classroom lets our administrator into the course, as a success does."""

from enrollment.ports import CreateAnswer
from enrollment.reasons import Reason
from tests.builders import a_desk, a_request


def a_request_for(course):
    return a_request(request_id=f"request-for-{course}", course_id=f"d:{course}")


def refuse_chemistry(seat):
    return CreateAnswer.FORBIDDEN if seat.course_id == "d:CHEM-1" else CreateAnswer.EXISTS


def test_a_403_of_one_course_is_the_courses_own_once_another_answers_409():
    desk = a_desk(create=refuse_chemistry, is_student=True)
    desk.deliver(a_request_for("CHEM-1"))
    desk.deliver(a_request_for("MATH-1"))
    desk.clock.advance(minutes=1)

    answer = desk.deliver(a_request_for("CHEM-1"))

    assert answer.reason is Reason.COURSE_NOT_PERMITTED
