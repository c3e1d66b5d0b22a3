"""The refusals that Classroom's pages name, ready to be raised.

Codes and statuses: common-errors page and discovery document. The sentences behind
`@CannotDirectAddUser`, `@CourseNotFound`, `@IneligibleOwner`, `@UserInvitationQuotaExhausted` and
the messages without a code are as seen on the wire; the others are our wording, since Google
promises only the code and the space after it.
"""

from infra.fake_classroom.errors import CONSUMER, SERVICE, GoogleError, Status, error_info


def _failed_precondition(message: str) -> GoogleError:
    return GoogleError(status=Status.FAILED_PRECONDITION, message=message)


def _denied(message: str) -> GoogleError:
    return GoogleError(status=Status.PERMISSION_DENIED, message=message)


INVALID_ARGUMENT = GoogleError(
    status=Status.INVALID_ARGUMENT, message="Request contains an invalid argument."
)
NO_SUCH_METHOD = GoogleError(status=Status.NOT_FOUND, message="Method not found.")
NOT_FOUND = GoogleError(status=Status.NOT_FOUND, message="Requested entity was not found.")
COURSE_NOT_FOUND = GoogleError(
    status=Status.NOT_FOUND, message="@CourseNotFound The course was not found."
)
ALREADY_EXISTS = GoogleError(
    status=Status.ALREADY_EXISTS, message="Requested entity already exists"
)
PRECONDITION = _failed_precondition("Precondition check failed.")
COURSE_FULL = _failed_precondition(
    "@CourseMemberLimitReached The course has reached its maximum number of members."
)
COURSE_NOT_MODIFIABLE = _failed_precondition(
    "@CourseNotModifiable The course is in a state in which it cannot be modified."
)
GROUPS_FULL = _failed_precondition(
    "@UserGroupsMembershipLimitReached The user is already in the maximum number of groups."
)
INACTIVE_OWNER = _failed_precondition(
    "@InactiveCourseOwner The account of the course owner has been deleted."
)
INELIGIBLE_OWNER = _failed_precondition(
    "@IneligibleOwner Only a co-teacher can be invited as owner of the course"
)
FORBIDDEN = _denied("The caller does not have permission")
CANNOT_DIRECT_ADD = _denied(
    "@CannotDirectAddUser Unable to directly add the user to the course. Please check that the "
    "user account exists and is within the course admin's domain."
)
UNTRUSTED_DOMAIN = _denied(
    "@CannotInviteUserInUntrustedDomain The user is not in the caller's domain or in a domain "
    "that it trusts."
)
JOINED_TODAY = GoogleError(
    status=Status.RESOURCE_EXHAUSTED,
    message="@UserCourseJoinRateLimitReached The user has already joined the maximum allowed "
    "number of courses in one day.",
)
INVITATIONS_EXHAUSTED = GoogleError(
    status=Status.RESOURCE_EXHAUSTED,
    message="@UserInvitationQuotaExhausted The user does not have enough quota to invite users "
    "to this course.",
    reason="quotaExceeded",
)
UNAVAILABLE = GoogleError(
    status=Status.UNAVAILABLE, message="The service is currently unavailable."
)
INTERNAL = GoogleError(status=Status.INTERNAL, message="Internal error encountered.")
ABORTED = GoogleError(status=Status.ABORTED, message="The operation was aborted.")

CLASSROOM_DISABLED = _denied(
    "@ClassroomDisabled The user does not have access to Google Classroom."
)
CLASSROOM_API_DISABLED = _denied(
    "@ClassroomApiDisabled The user is not permitted to access the Classroom API."
)
UNAUTHENTICATED = GoogleError(
    status=Status.UNAUTHENTICATED,
    message="Request had invalid authentication credentials. Expected OAuth 2 access token, "
    "login cookie or other valid authentication credential.",
)
MISSING_SCOPES = GoogleError(
    status=Status.PERMISSION_DENIED,
    message="Request had insufficient authentication scopes.",
    reason="insufficientPermissions",
    details=error_info("ACCESS_TOKEN_SCOPE_INSUFFICIENT"),
)
SERVICE_DISABLED = GoogleError(
    status=Status.PERMISSION_DENIED,
    message=f"Google Classroom API has not been used in project {CONSUMER.partition('/')[2]} "
    "before or it is disabled. Enable it in the console, then retry.",
    reason="accessNotConfigured",
    domain="usageLimits",
    details=error_info(
        "SERVICE_DISABLED",
        activationUrl=f"https://console.developers.google.com/apis/api/{SERVICE}/overview",
    ),
)
