"""Everything that can be wrong with an account or a course in Classroom, and what follows."""

from dataclasses import dataclass, field
from typing import Any

from enrollment.reasons import Reason

Json = dict[str, Any]
Pair = tuple[str, str]
"""(course_id, student): the student in lower case."""

ENROLLED = "enrolled"
ALREADY_ENROLLED = "already_enrolled"

# One hour of the product's patience lasts one second on the local stack.
SHORTENED = 1 / 3600

A_LIFETIME = 24 * 365 * 100  # hours


def rejected(reason: Reason) -> str:
    """How an expectation names a refusal: `rejected:course_full`."""
    return f"rejected:{reason}"


FOREIGN = rejected(Reason.OUTSIDE_DOMAIN)
TEACHING = rejected(Reason.IS_TEACHER)


@dataclass(frozen=True, kw_only=True)
class AccountCondition:
    """What is the matter with an account, for how many hours, and what becomes of its requests."""

    name: str
    state: str | None
    outcome: str = ENROLLED
    hours: float | None = None

    def account(self, email: str, *, time_scale: float) -> Json | None:
        """The account as the fake Classroom reads it; None if Google knows no such account."""
        if self.state is None:
            return None
        if self.hours is None:
            return {"email": email, "state": self.state}
        seconds = round(self.hours * 3600 * time_scale, 3)
        return {"email": email, "state": self.state, "for_seconds": seconds}


@dataclass(frozen=True, kw_only=True)
class CourseCondition:
    """What is the matter with a course, how many courses may have it, and what follows."""

    name: str
    outcome: str
    exists: bool = True
    full: bool = False
    fields: Json = field(default_factory=dict)
    most: int = 1_000


ACCOUNTS = (
    AccountCondition(name="missing", state=None, outcome=rejected(Reason.STUDENT_UNKNOWN)),
    AccountCondition(name="disabled", state="disabled", outcome=rejected(Reason.ACCOUNT_DISABLED)),
    AccountCondition(
        name="groups full", state="groups_full", outcome=rejected(Reason.STUDENT_OVER_LIMIT)
    ),
    # The handler believes in a young account for six hours, so three hours recover in time.
    AccountCondition(name="young", state="young", hours=3),
    AccountCondition(name="young for ever", state="young", outcome=FOREIGN, hours=A_LIFETIME),
    # A daily limit: lifted before the handler asks again the next day.
    AccountCondition(name="joined today", state="joined_today", hours=15),
)

CLOSED = rejected(Reason.COURSE_CLOSED)
COURSES = (  # one of each refusal first, so that a small roster shows as many as it can
    CourseCondition(name="missing", outcome=rejected(Reason.COURSE_UNKNOWN), exists=False),
    CourseCondition(name="archived", outcome=CLOSED, fields={"state": "ARCHIVED"}),
    CourseCondition(name="full", outcome=rejected(Reason.COURSE_FULL), full=True),
    CourseCondition(
        name="owner deleted",
        outcome=rejected(Reason.OWNER_INACTIVE),
        fields={"owner_deleted": True},
    ),
    CourseCondition(
        name="foreign owner",
        outcome=rejected(Reason.COURSE_NOT_PERMITTED),
        fields={"owner": "lecturer@college.example"},
        most=2,  # five such courses in a row look like a broken delegation and hold the line
    ),
    CourseCondition(name="declined", outcome=CLOSED, fields={"state": "DECLINED"}),
    CourseCondition(name="suspended", outcome=CLOSED, fields={"state": "SUSPENDED"}),
)
