"""What people answer at a form, as the course that they mean."""

import re
from collections.abc import Mapping
from datetime import date

from enrollment.request import Mode

# Classroom's own name of a course: an alias, or a number as long as Google makes them.
COURSE = re.compile(r"[dp]:.+|[0-9]{10,}")


def course_named(answer: str, choices: Mapping[str, str]) -> tuple[str, str]:
    """The course and the class that an answer names; one of the two is empty.

    A choice is the course that is declared for it. Without one, Classroom's own name of a course is
    the course, and everything else is what the school calls the class, for a rule to work on.
    """
    if answer in choices:
        return choices[answer], ""
    return (answer, "") if COURSE.fullmatch(answer) else ("", answer)


def version_of(day: date, mode: Mode) -> str:
    """What tells a wish from others for the same class.

    On another day it is asked for anew, for the student may have been removed since. And a code
    that was mistyped is not in the way of what is asked for without one.
    """
    return day.isoformat() + (", by code" if mode is Mode.CODE else "")
