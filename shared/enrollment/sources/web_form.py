"""A form that people send from a page of ours: what was filled in, as one wish.

The pointers of faults are the names of the fields.
"""

import re
from collections.abc import Mapping, Sequence
from datetime import date

from enrollment.request import Mode
from enrollment.sources.answers import course_named, version_of
from enrollment.sources.declared import Declaration
from enrollment.sources.events import Fault, Reading, Unfit, Wish
from enrollment.sources.rules import Refusal, Rules

COURSE, STUDENT, CODE = "course", "student", "enrollment_code"
NO_PATTERN = re.compile(r"[^*?\[\]]+")
# Classroom's codes have 5 to 8 letters and digits; how long they may get, Google does not say.
WELL_FORMED = re.compile(r"[A-Za-z0-9]{4,32}")
LONGEST = 256  # letters of an answer
NOBODY = "nobody has proved who sent this form"


def offered(declaration: Declaration) -> Sequence[str]:
    """What is chosen from; empty where people write the class themselves."""
    if declaration.form and declaration.form.choices:
        return tuple(declaration.form.choices)
    plain = all(NO_PATTERN.fullmatch(each) for each in declaration.courses)
    return declaration.courses if plain else ()


def fields_of_form(declaration: Declaration, *, signed_in: bool) -> Sequence[str]:
    """The fields that are asked for, in their order."""
    named = [COURSE] if signed_in else [STUDENT, COURSE]
    return [*named, CODE] if declaration.mode is Mode.CODE else named


def read_web_form(
    filled: Mapping[str, str],
    declaration: Declaration,
    person: str | None,
    page_id: str,
    today: date,
) -> Reading:
    """The wish of a form; `person` is the address of who has signed in. Raises Unfit.

    `page_id` names the page that it was sent from: another page is another time of asking.
    """
    asked = fields_of_form(declaration, signed_in=person is not None)
    given = {name: " ".join(filled.get(name, "").split()) for name in asked}
    if faults := [fault for name in asked if (fault := _fault(name, given[name], declaration))]:
        raise Unfit(faults)
    course_id, class_id = course_named(given[COURSE], _courses(declaration))
    wish = Wish(
        pointer="",
        course_id=course_id,
        class_id=class_id,
        student=person or given[STUDENT],
        enrollment_code=given.get(CODE),
        approve="" if person else NOBODY,
        kind="web_form",
        event_id=page_id,
        version=version_of(today, declaration.mode),
    )
    return Reading([wish], single=True, mendable=True)


def _courses(declaration: Declaration) -> Mapping[str, str]:
    """What is chosen from, and the course that each is."""
    if declaration.form and declaration.form.choices:
        return declaration.form.choices
    return {" ".join(each.split()): each for each in offered(declaration)}


def _fault(name: str, given: str, declaration: Declaration) -> Fault | None:
    if not given:
        return Fault(name, "missing", MISSING[name])
    if len(given) > LONGEST:
        return Fault(name, "too_long", f"This is longer than {LONGEST} letters.")
    choices = _courses(declaration)
    if name == COURSE and choices and given not in choices:
        return Fault(name, "unknown_choice", "Choose a class from the list.")
    if name == STUDENT:
        return _student_fault(given, declaration)
    if name == CODE and not WELL_FORMED.fullmatch(given):
        return Fault(name, "malformed", "A class code is letters and digits, such as abc1de2.")
    return None


def _student_fault(given: str, declaration: Declaration) -> Fault | None:
    """What is wrong with an address, told together with what is wrong with the rest."""
    rules = Rules(declaration.course_rule, declaration.student, declaration.email_domains, ())
    said = rules.given_student(given)
    return Fault(STUDENT, said.reason.value, said.detail) if isinstance(said, Refusal) else None


MISSING = {
    COURSE: "Say which class.",
    STUDENT: "Write the student's school e-mail address.",
    CODE: "Write the class code that your teacher has given you.",
}
