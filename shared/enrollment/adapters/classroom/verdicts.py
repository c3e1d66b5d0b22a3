"""From Google's words to ours: the table that says what each error answer means for a request."""

from enrollment.adapters.classroom.answers import Problem
from enrollment.ports import CreateAnswer, Misconfigured, Refused, Trouble, Unavailable
from enrollment.reasons import Reason

# (HTTP status, @Code): common-errors page of 2026-04-23, classroom-api facts §2.2.
REFUSALS = {
    (400, "CourseMemberLimitReached"): Reason.COURSE_FULL,
    (400, "CourseNotModifiable"): Reason.COURSE_CLOSED,
    (400, "UserGroupsMembershipLimitReached"): Reason.STUDENT_OVER_LIMIT,
    (400, "InactiveCourseOwner"): Reason.OWNER_INACTIVE,
    (403, "CannotInviteUserInUntrustedDomain"): Reason.UNTRUSTED_DOMAIN,
}
NEXT_DAY = {
    (429, "UserCourseJoinRateLimitReached"): Reason.JOIN_LIMIT,
    (429, "UserInvitationQuotaExhausted"): Reason.INVITATION_LIMIT,
}
# They speak of the requesting user, which in mode `admin` is our administrator.
OUR_ACCESS = {
    (403, "ClassroomDisabled"): Reason.ADMIN_CLASSROOM_OFF,
    (403, "ClassroomApiDisabled"): Reason.ADMIN_API_OFF,
}
INTERPRETED = {
    (403, "CannotDirectAddUser"): CreateAnswer.CANNOT_ADD,
    (404, "CourseNotFound"): CreateAnswer.NOT_FOUND,
}
CALLERS_OWN = frozenset(
    {Reason.ADMIN_CLASSROOM_OFF, Reason.ADMIN_API_OFF, Reason.CREDENTIALS_REJECTED}
)
SWITCHED_OFF = frozenset({"SERVICE_DISABLED", "accessNotConfigured"})
NO_SCOPE = frozenset({"ACCESS_TOKEN_SCOPE_INSUFFICIENT", "insufficientPermissions"})
# The gateway may have lost an answer that Classroom gave; 503 says that it was not reached.
MAYBE_DONE = frozenset({500, 502, 504})


def verdict(problem: Problem, *, as_student: bool) -> CreateAnswer | Trouble:
    """What an error answer means: an answer to interpret, or the trouble to raise.

    `as_student`: the call was made as the student, so trouble with the caller's own access is
    theirs. The project's switched-off API or a missing scope stays ours, whoever calls.
    """
    found = _by_code(problem) if problem.code else _by_status(problem)
    if as_student and isinstance(found, Misconfigured) and found.reason in CALLERS_OWN:
        return Refused(Reason.STUDENT_ACCESS, found.detail)
    return found


def _by_code(problem: Problem) -> CreateAnswer | Trouble:
    known = (problem.http, problem.code or "")
    if known in REFUSALS:
        return Refused(REFUSALS[known], problem.detail)
    if known in NEXT_DAY:
        return Unavailable(NEXT_DAY[known], problem.detail)
    if known in OUR_ACCESS:
        return Misconfigured(OUR_ACCESS[known], problem.detail)
    if known in INTERPRETED:
        return INTERPRETED[known]
    if problem.http >= 500:
        return _down(problem)
    return Unavailable(Reason.UNKNOWN_ANSWER, problem.detail)


def _by_status(problem: Problem) -> CreateAnswer | Trouble:
    if problem.http == 429 or (problem.http in {403, 503} and problem.quota):
        return Unavailable(Reason.RATE_LIMITED, problem.detail)
    if problem.http >= 500:
        return _down(problem)
    if not problem.is_json and problem.http != 401:
        # Half an answer, or a page that somebody on the way put in: nobody's verdict.
        return Unavailable(Reason.NO_ANSWER, problem.detail)
    match problem.http, problem.status:
        case (401, _):
            return Misconfigured(Reason.CREDENTIALS_REJECTED, problem.detail)
        case (403, _):
            return _forbidden(problem)
        case (404, _):
            return CreateAnswer.NOT_FOUND
        case (409, _):
            return _conflict(problem)
        case (400, "FAILED_PRECONDITION"):
            return Refused(Reason.ACCOUNT_DISABLED, problem.detail)
        case (400, "INVALID_ARGUMENT" | "OUT_OF_RANGE"):
            return Refused(Reason.INVALID_REQUEST, problem.detail)
        case _:
            return Unavailable(Reason.UNKNOWN_ANSWER, problem.detail)


def _conflict(problem: Problem) -> CreateAnswer | Trouble:
    worded = problem.status is None and "already exists" in problem.words
    if problem.status == "ALREADY_EXISTS" or worded:
        return CreateAnswer.EXISTS
    return Unavailable(Reason.CLASSROOM_DOWN, problem.detail)  # ABORTED: a race inside Google


def _forbidden(problem: Problem) -> CreateAnswer | Trouble:
    if problem.reasons & SWITCHED_OFF or "has not been used in project" in problem.words:
        return Misconfigured(Reason.API_DISABLED, problem.detail)
    if problem.reasons & NO_SCOPE or "insufficient authentication scopes" in problem.words:
        return Misconfigured(Reason.SCOPES_MISSING, problem.detail)
    return CreateAnswer.FORBIDDEN


def _down(problem: Problem) -> Unavailable:
    lost = problem.http in MAYBE_DONE
    return Unavailable(Reason.CLASSROOM_DOWN, problem.detail, answer_lost=lost)
