"""What a sample expects is what the fake Classroom answers, once every fault has passed."""

from datetime import date

import pytest

from enrollment.reasons import Reason
from infra.fake_classroom import refusals
from infra.fake_classroom.errors import Refusal
from infra.fake_classroom.methods import METHODS, Question
from infra.fake_classroom.school import School
from infra.samples.roster import sample
from infra.samples.school import school_for

LATER = 60.0  # seconds; every passing condition has passed by then
REASONS = {
    refusals.CANNOT_DIRECT_ADD: Reason.OUTSIDE_DOMAIN,
    refusals.COURSE_FULL: Reason.COURSE_FULL,
    refusals.COURSE_NOT_FOUND: Reason.COURSE_UNKNOWN,
    refusals.COURSE_NOT_MODIFIABLE: Reason.COURSE_CLOSED,
    refusals.FORBIDDEN: Reason.COURSE_NOT_PERMITTED,
    refusals.GROUPS_FULL: Reason.STUDENT_OVER_LIMIT,
    refusals.INACTIVE_OWNER: Reason.OWNER_INACTIVE,
    refusals.NOT_FOUND: Reason.STUDENT_UNKNOWN,
    refusals.PRECONDITION: Reason.ACCOUNT_DISABLED,
}


def northside():
    made = sample(as_of=date(2026, 11, 23))
    return made.school, made.expected


def somebody_elses():
    pairs = [(f"d:C{n % 40}", f"s{n % 97}@pupils.example") for n in range(900)]
    pairs.append(("d:C1", "guest@elsewhere.example"))
    return school_for(pairs, administrator="head@district.example", seed=1, trouble=True)


def asked(school, pair, now):
    """What becomes of a request, by one call."""
    course_id, student = pair
    ask = Question(
        subject=school.administrator,
        now=now,
        path={"courseId": course_id},
        body={"userId": student},
    )
    try:
        METHODS["courses.students.create"](school, ask)
    except Refusal as refusal:
        if refusal.error != refusals.ALREADY_EXISTS:
            return f"rejected:{REASONS.get(refusal.error, refusal.error)}"
        teaches = school.account(student).id in school.course(course_id).teachers
        return f"rejected:{Reason.IS_TEACHER}" if teaches else "already_enrolled"
    return "enrolled"


@pytest.mark.parametrize("made", [northside, somebody_elses])
def test_the_fake_answers_what_is_expected(made):
    document, expected = made()
    school = School.from_json(document)

    first = {pair: asked(school, pair, 0.0) for pair in expected}
    unsettled = [pair for pair in expected if first[pair] not in {"enrolled", "already_enrolled"}]
    answers = first | {pair: asked(school, pair, LATER) for pair in unsettled}

    assert answers == expected
    assert sum(answers[pair] == "enrolled" for pair in unsettled) > 10
