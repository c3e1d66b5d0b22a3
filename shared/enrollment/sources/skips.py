"""Why a row of a roster is not sent: the closed list, each with what to tell a school secretary."""

from dataclasses import dataclass, field
from enum import StrEnum

from enrollment.advice import Who


class SkipReason(StrEnum):
    """Every reason there is. A value is counted and printed; it never changes its meaning."""

    # The row is right, and there is nothing to add.
    NOT_A_STUDENT = "not_a_student"
    WITHDRAWN = "withdrawn"
    ENDED = "ended"
    NOT_STARTED = "not_started"
    SUPERSEDED = "superseded"
    CLASS_INACTIVE = "class_inactive"
    USER_INACTIVE = "user_inactive"
    NO_ENROLLMENT = "no_enrollment"
    # The roster contradicts itself or leaves something out.
    CLASS_UNKNOWN = "class_unknown"
    USER_UNKNOWN = "user_unknown"
    ROLE_MISMATCH = "role_mismatch"
    UNREADABLE_ROW = "unreadable_row"
    UNREADABLE_DATE = "unreadable_date"
    UNKNOWN_STATUS = "unknown_status"
    UNKNOWN_ROLE = "unknown_role"
    # The rules of sources.toml make no request of it, or forbid it.
    NO_EMAIL = "no_email"
    INVALID_EMAIL = "invalid_email"
    NO_COURSE = "no_course"
    INVALID_COURSE = "invalid_course"
    OUTSIDE_DOMAINS = "outside_domains"
    OUTSIDE_COURSES = "outside_courses"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that is not sent. The detail names columns, dates, rows and domains, never a person.

    The ids are those of the roster, as far as the row gives them; a log does not show them.
    """

    row: int
    reason: SkipReason
    detail: str
    class_id: str = field(default="", repr=False)
    user_id: str = field(default="", repr=False)


@dataclass(frozen=True)
class Advice:
    """What a person needs to know: what the row is, who can mend it, what to do next."""

    sentence: str
    who: Who
    next_step: str


def advice(reason: SkipReason) -> Advice:
    """The advice for a reason."""
    return ADVICE[reason]


ADVICE: dict[SkipReason, Advice] = {
    SkipReason.NOT_A_STUDENT: Advice(
        "The row lists a teacher or another role; only students are added.",
        Who.NOBODY,
        "Nothing to do: teachers are added to a course by its owner.",
    ),
    SkipReason.WITHDRAWN: Advice(
        "The row says that the student left the class; students are never removed from here.",
        Who.TEACHER,
        "Remove the student in Classroom if they are still in the course.",
    ),
    SkipReason.ENDED: Advice(
        "The enrollment, its course or its term is over.",
        Who.NOBODY,
        "Nothing to do; if the date is wrong, correct it in the SIS and export again.",
    ),
    SkipReason.NOT_STARTED: Advice(
        "The enrollment, its course or its term begins later.",
        Who.NOBODY,
        "Nothing to do: import the roster again on or after that day.",
    ),
    SkipReason.SUPERSEDED: Advice(
        "A later row of the same file says something else of the same student and class.",
        Who.NOBODY,
        "Nothing to do: the later row decides.",
    ),
    SkipReason.CLASS_INACTIVE: Advice(
        "The class or its course is marked as deleted.",
        Who.OFFICE,
        "Nothing to do if the class is gone; else reactivate it in the SIS and export again.",
    ),
    SkipReason.USER_INACTIVE: Advice(
        "The person's account is marked as deleted, suspended or not enabled.",
        Who.OFFICE,
        "Nothing to do if the student left; else reactivate them in the SIS and export again.",
    ),
    SkipReason.NO_ENROLLMENT: Advice(
        "The record is about something else than a student in a class.",
        Who.NOBODY,
        "Nothing to do.",
    ),
    SkipReason.CLASS_UNKNOWN: Advice(
        "The row names a class that the roster does not list.",
        Who.SENDER,
        "Export all files of the roster together, from the same moment.",
    ),
    SkipReason.USER_UNKNOWN: Advice(
        "The row names a person whom the roster does not list.",
        Who.SENDER,
        "Export all files of the roster together, from the same moment.",
    ),
    SkipReason.ROLE_MISMATCH: Advice(
        "The person is a student in this row and a teacher or something else in another.",
        Who.OFFICE,
        "Correct the role in the SIS; Classroom has one role for a person in a course.",
    ),
    SkipReason.UNREADABLE_ROW: Advice(
        "The row lacks the class, the person or the role, or its cells are out of place.",
        Who.SENDER,
        "Look at the row in a spreadsheet: a comma or quotation mark is often the cause.",
    ),
    SkipReason.UNREADABLE_DATE: Advice(
        "A date that decides whether the enrollment is current cannot be read.",
        Who.SENDER,
        "Write the date as year-month-day, for example 2026-08-24, and export again.",
    ),
    SkipReason.UNKNOWN_STATUS: Advice(
        "The status of the row is not a word of the format, so nobody can say what it asks for.",
        Who.SENDER,
        "Correct the status column and export again.",
    ),
    SkipReason.UNKNOWN_ROLE: Advice(
        "The role of the row is no known word, so nobody can say whether it means a student.",
        Who.SENDER,
        "Write student in the role column of every student and export again.",
    ),
    SkipReason.NO_EMAIL: Advice(
        "The roster gives no e-mail address for this student.",
        Who.OFFICE,
        "Enter the school address in the SIS, or set a rule `student` in sources.toml.",
    ),
    SkipReason.INVALID_EMAIL: Advice(
        "What the roster gives as the student's address is no e-mail address, or has a slip in it.",
        Who.OFFICE,
        "Correct it in the SIS and export again; declare a domain that is right in sources.toml.",
    ),
    SkipReason.NO_COURSE: Advice(
        "The rule that names the Classroom course needs a value that the roster leaves empty.",
        Who.OFFICE,
        "Fill the column that the detail names, or change the rule `course_id` in sources.toml.",
    ),
    SkipReason.INVALID_COURSE: Advice(
        "The rule makes a course name of this class that Classroom cannot have.",
        Who.ENGINEER,
        "Change the class id in the SIS or the rule `course_id` in sources.toml.",
    ),
    SkipReason.OUTSIDE_DOMAINS: Advice(
        "The student's address is not in a domain that this source may add.",
        Who.OFFICE,
        "Use the school address, or allow the domain under `email_domains` in sources.toml.",
    ),
    SkipReason.OUTSIDE_COURSES: Advice(
        "This source may not add students to this course.",
        Who.ENGINEER,
        "Nothing to do if that is right; else widen `courses` in sources.toml.",
    ),
}
