"""Why a request was refused or has to wait: the closed list."""

from enum import StrEnum


class Reason(StrEnum):
    """Every reason there is. A value is stored and published; it never changes its meaning."""

    # Google Classroom refuses: asking again does not help until somebody mends the cause.
    COURSE_UNKNOWN = "course_unknown"
    COURSE_CLOSED = "course_closed"
    COURSE_FULL = "course_full"
    COURSE_NOT_PERMITTED = "course_not_permitted"
    OWNER_INACTIVE = "owner_inactive"
    STUDENT_UNKNOWN = "student_unknown"
    STUDENT_OVER_LIMIT = "student_over_limit"
    STUDENT_ACCESS = "student_access"
    CODE_REFUSED = "code_refused"
    ACCOUNT_DISABLED = "account_disabled"
    OUTSIDE_DOMAIN = "outside_domain"
    UNTRUSTED_DOMAIN = "untrusted_domain"
    IS_TEACHER = "is_teacher"
    INVALID_REQUEST = "invalid_request"
    # The message itself is at fault.
    MALFORMED = "malformed"
    UNKNOWN_VERSION = "unknown_version"
    TOO_OLD = "too_old"
    ID_REUSED = "id_reused"
    # Patience ran out.
    EXHAUSTED = "exhausted"
    CRASHED = "crashed"
    # Not now: time mends it.
    RATE_LIMITED = "rate_limited"
    CLASSROOM_DOWN = "classroom_down"
    NO_ANSWER = "no_answer"
    NOT_FOUND = "not_found"
    ACCOUNT_MISSING = "account_missing"
    ACCOUNT_PENDING = "account_pending"
    NOT_PERMITTED = "not_permitted"
    JOIN_LIMIT = "join_limit"
    INVITATION_LIMIT = "invitation_limit"
    CONFLICT_UNCLEAR = "conflict_unclear"
    UNKNOWN_ANSWER = "unknown_answer"
    INTERNAL_ERROR = "internal_error"
    LINE_HELD = "line_held"
    NO_PERMIT = "no_permit"
    LEDGER_DOWN = "ledger_down"
    TOPIC_DOWN = "topic_down"
    # We are misconfigured: the line is held until an engineer or administrator has mended it.
    ADMIN_CLASSROOM_OFF = "admin_classroom_off"
    ADMIN_API_OFF = "admin_api_off"
    API_DISABLED = "api_disabled"
    SCOPES_MISSING = "scopes_missing"
    NO_CREDENTIALS = "no_credentials"
    CREDENTIALS_REJECTED = "credentials_rejected"
    DELEGATION_REFUSED = "delegation_refused"
    SIGNING_REFUSED = "signing_refused"
    NOT_ADMINISTRATOR = "not_administrator"
