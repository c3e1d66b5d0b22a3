"""What each answer of Google's means: every documented code, every message seen on the wire."""

from typing import Any, NamedTuple

import pytest

from enrollment.adapters.classroom.answers import read_problem
from enrollment.adapters.classroom.verdicts import verdict
from enrollment.ports import CreateAnswer, Misconfigured, Refused, Unavailable
from enrollment.reasons import Reason
from tests.unit.classroom.bodies import V1, V2, body, error_info

# Marked as relevant to students.create or invitations on the common-errors page of 2026-04-23;
# None: a message without a code.
DOCUMENTED = {
    (400, "CourseMemberLimitReached"),
    (400, "CourseNotModifiable"),
    (400, "UserGroupsMembershipLimitReached"),
    (400, "InactiveCourseOwner"),
    (400, "PendingInvitationExists"),
    (400, "IneligibleOwner"),
    (403, "CannotDirectAddUser"),
    (403, "CannotInviteUserInUntrustedDomain"),
    (403, "ClassroomDisabled"),
    (403, "ClassroomApiDisabled"),
    (429, "UserCourseJoinRateLimitReached"),
    (429, None),
    (500, None),
}


class Row(NamedTuple):
    """An answer, what becomes of it, and what becomes of it when the student acts, if different."""

    http: int
    status: str
    message: str
    expected: Any
    as_student: Any = None
    reason: str | None = None
    details: tuple[Any, ...] = ()
    lost: bool = False


FP, PD, GONE, FULL = (
    "FAILED_PRECONDITION",
    "PERMISSION_DENIED",
    "NOT_FOUND",
    "RESOURCE_EXHAUSTED",
)
NO_ACCESS = (Refused, Reason.STUDENT_ACCESS)
LIMITED = (Unavailable, Reason.RATE_LIMITED)
DOWN = (Unavailable, Reason.CLASSROOM_DOWN)
UNKNOWN = (Unavailable, Reason.UNKNOWN_ANSWER)
QUOTA = "Quota exceeded for quota metric 'Requests' and limit 'Requests per minute per user'"
LEGACY_QUOTA = "Quota exceeded for quota group 'default' and limit 'Queries per user'"
TABLE = [
    # the codes
    Row(400, FP, "@CourseMemberLimitReached Full.", (Refused, Reason.COURSE_FULL)),
    Row(400, FP, "@CourseNotModifiable Archived.", (Refused, Reason.COURSE_CLOSED)),
    Row(400, FP, "@UserGroupsMembershipLimitReached x", (Refused, Reason.STUDENT_OVER_LIMIT)),
    Row(400, FP, "@InactiveCourseOwner Deleted.", (Refused, Reason.OWNER_INACTIVE)),
    Row(400, FP, "@PendingInvitationExists x", UNKNOWN),  # of ownership: no answer to us
    Row(400, FP, "@IneligibleOwner Only a co-teacher can be invited as owner", UNKNOWN),
    Row(403, PD, "@CannotDirectAddUser Unable to directly add", CreateAnswer.CANNOT_ADD),
    Row(403, PD, "@CannotInviteUserInUntrustedDomain x", (Refused, Reason.UNTRUSTED_DOMAIN)),
    Row(
        403,
        PD,
        "@ClassroomDisabled The user does not have access.",
        (Misconfigured, Reason.ADMIN_CLASSROOM_OFF),
        NO_ACCESS,
    ),
    Row(
        403,
        PD,
        "@ClassroomApiDisabled The user is not permitted to access the Classroom API.",
        (Misconfigured, Reason.ADMIN_API_OFF),
        NO_ACCESS,
    ),
    Row(429, FULL, "@UserCourseJoinRateLimitReached One day.", (Unavailable, Reason.JOIN_LIMIT)),
    Row(429, FULL, "Resource has been exhausted.", LIMITED),
    Row(500, "INTERNAL", "Internal error encountered.", DOWN, lost=True),
    # codes that are on no page
    Row(404, GONE, "@CourseNotFound The course was not found.", CreateAnswer.NOT_FOUND),
    Row(
        429,
        FULL,
        "@UserInvitationQuotaExhausted The user does not have enough quota to invite users.",
        (Unavailable, Reason.INVITATION_LIMIT),
        reason="quotaExceeded",
    ),
    Row(403, PD, "@NotGoogleAppsUser x", UNKNOWN),
    Row(429, FULL, "@SomeNewLimit Quota exceeded.", UNKNOWN),
    Row(503, "UNAVAILABLE", "@SomeNewTrouble x", DOWN),
    # the messages without a code
    Row(409, "ALREADY_EXISTS", "Requested entity already exists", CreateAnswer.EXISTS),
    Row(409, "ABORTED", "The operation was aborted.", DOWN),
    Row(404, GONE, "Requested entity was not found.", CreateAnswer.NOT_FOUND),
    Row(
        400,
        "INVALID_ARGUMENT",
        "Request contains an invalid argument.",
        (Refused, Reason.INVALID_REQUEST),
    ),
    Row(400, FP, "Precondition check failed.", (Refused, Reason.ACCOUNT_DISABLED)),
    Row(403, PD, "The caller does not have permission", CreateAnswer.FORBIDDEN),
    Row(
        403,
        PD,
        "Request had insufficient authentication scopes.",
        (Misconfigured, Reason.SCOPES_MISSING),
        reason="insufficientPermissions",
        details=(error_info("ACCESS_TOKEN_SCOPE_INSUFFICIENT"),),
    ),
    Row(
        403,
        PD,
        "Google Classroom API has not been used in project 1 before or it is disabled.",
        (Misconfigured, Reason.API_DISABLED),
        reason="accessNotConfigured",
        details=(error_info("SERVICE_DISABLED"),),
    ),
    Row(
        401,
        "UNAUTHENTICATED",
        "Request had invalid authentication credentials.",
        (Misconfigured, Reason.CREDENTIALS_REJECTED),
        NO_ACCESS,
    ),
    Row(429, FULL, QUOTA, LIMITED, details=(error_info("RATE_LIMIT_EXCEEDED"),)),
    Row(403, PD, LEGACY_QUOTA, LIMITED, reason="rateLimitExceeded"),
    Row(403, PD, LEGACY_QUOTA, LIMITED, reason="userRateLimitExceeded"),
    Row(403, PD, LEGACY_QUOTA, LIMITED, reason="quotaExceeded"),
    Row(403, PD, "Denied.", LIMITED, details=(error_info("RATE_LIMIT_EXCEEDED"),)),
    Row(503, "UNAVAILABLE", "The service is currently unavailable.", DOWN),
    Row(503, "UNAVAILABLE", "Quota exceeded for the current request", LIMITED),
    Row(504, "DEADLINE_EXCEEDED", "Deadline expired.", DOWN, lost=True),
    Row(501, "UNIMPLEMENTED", "Not implemented.", DOWN),
    # the details alone tell
    Row(
        403,
        PD,
        "x",
        (Misconfigured, Reason.API_DISABLED),
        details=(error_info("SERVICE_DISABLED"),),
    ),
    Row(
        403,
        PD,
        "x",
        (Misconfigured, Reason.SCOPES_MISSING),
        details=(error_info("ACCESS_TOKEN_SCOPE_INSUFFICIENT"),),
    ),
]


def result(found):
    """A verdict as the table says it."""
    return found if isinstance(found, CreateAnswer) else (type(found), found.reason)


def problem_of(row, shape):
    content = body(
        row.http, row.status, row.message, shape=shape, reason=row.reason, details=row.details
    )
    return read_problem(row.http, content)


IDS = [f"{n} {row.http} {row.message[:32]}" for n, row in enumerate(TABLE)]
ROWS = pytest.mark.parametrize("row", TABLE, ids=IDS)
SHAPES = pytest.mark.parametrize("shape", [V1, V2])


@ROWS
@SHAPES
def test_each_answer_means_what_the_table_says(row, shape):
    problem = problem_of(row, shape)

    to_us, to_a_student = (verdict(problem, as_student=each) for each in (False, True))

    assert result(to_us) == row.expected
    assert result(to_a_student) == (row.as_student or row.expected)
    assert getattr(to_us, "answer_lost", False) == row.lost


@SHAPES
def test_a_detail_holds_status_and_code_and_nothing_of_the_sentence(shape):
    for row in TABLE:
        first, _, _ = row.message.partition(" ")
        code = [first] if first.startswith("@") else []

        detail = problem_of(row, shape).detail

        assert detail.split() == [str(row.http), row.status, *code]


def test_the_table_has_every_documented_code():
    first_words = [(row.http, row.message.partition(" ")[0]) for row in TABLE]
    covered = {(http, word[1:] if word.startswith("@") else None) for http, word in first_words}

    assert covered >= DOCUMENTED
