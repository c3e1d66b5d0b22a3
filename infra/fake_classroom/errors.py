"""What Google says when it refuses, word for word where the words are known."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType
from typing import Any

SERVICE = "classroom.googleapis.com"
CONSUMER = "projects/000000000000"  # a project number has twelve digits; this one is nobody's

Details = tuple[Mapping[str, Any], ...]


class Status(StrEnum):
    """The canonical statuses that Classroom is known to answer (google/rpc/code.proto)."""

    INVALID_ARGUMENT = "INVALID_ARGUMENT"
    FAILED_PRECONDITION = "FAILED_PRECONDITION"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    PERMISSION_DENIED = "PERMISSION_DENIED"
    NOT_FOUND = "NOT_FOUND"
    ALREADY_EXISTS = "ALREADY_EXISTS"
    ABORTED = "ABORTED"
    RESOURCE_EXHAUSTED = "RESOURCE_EXHAUSTED"
    INTERNAL = "INTERNAL"
    UNAVAILABLE = "UNAVAILABLE"


# google/rpc/code.proto: status -> HTTP; the words are the coarse reasons of the v1 error format.
HTTP_AND_REASON: Mapping[Status, tuple[int, str]] = MappingProxyType(
    {
        Status.INVALID_ARGUMENT: (400, "badRequest"),
        Status.FAILED_PRECONDITION: (400, "failedPrecondition"),
        Status.UNAUTHENTICATED: (401, "authError"),
        Status.PERMISSION_DENIED: (403, "forbidden"),
        Status.NOT_FOUND: (404, "notFound"),
        Status.ALREADY_EXISTS: (409, "alreadyExists"),
        Status.ABORTED: (409, "aborted"),
        Status.RESOURCE_EXHAUSTED: (429, "rateLimitExceeded"),
        Status.INTERNAL: (500, "backendError"),
        Status.UNAVAILABLE: (503, "backendError"),
    }
)


@dataclass(frozen=True, kw_only=True)
class GoogleError:
    """One refusal in Google's terms: a status, a message and the coarse reason of the v1 shape."""

    status: Status
    message: str
    reason: str = ""
    domain: str = "global"
    details: Details = ()

    @property
    def http(self) -> int:
        """The HTTP status that belongs to the canonical one."""
        return HTTP_AND_REASON[self.status][0]

    @property
    def code(self) -> str | None:
        """`CourseNotFound` of `@CourseNotFound The course …`; None without an @."""
        first, _, _ = self.message.partition(" ")
        return first[1:] if first.startswith("@") else None

    def body(self, *, v1: bool) -> dict[str, Any]:
        """The JSON body, with `errors[]` (v1) or without (v2), as `$.xgafv` tells them apart."""
        error: dict[str, Any] = {"code": self.http, "message": self.message}
        if v1:
            reason = self.reason or HTTP_AND_REASON[self.status][1]
            error["errors"] = [{"message": self.message, "domain": self.domain, "reason": reason}]
        error["status"] = self.status.value
        if self.details:
            error["details"] = [dict(detail) for detail in self.details]
        return {"error": error}


class Refusal(Exception):
    """The school or the contract says no; carries what Google would say."""

    def __init__(self, error: GoogleError) -> None:
        super().__init__(error.message)
        self.error = error


def invalid(message: str, field: str = "") -> GoogleError:
    """A 400 INVALID_ARGUMENT with Google's field violation where a field is to blame."""
    violation = {"description": message} | ({"field": field} if field else {})
    kind = "type.googleapis.com/google.rpc.BadRequest"
    details = ({"@type": kind, "fieldViolations": [violation]},)
    return GoogleError(status=Status.INVALID_ARGUMENT, message=message, details=details)


def error_info(reason: str, **metadata: str) -> Details:
    """A google.rpc.ErrorInfo as newer bodies carry it."""
    kind = "type.googleapis.com/google.rpc.ErrorInfo"
    return (
        {
            "@type": kind,
            "reason": reason,
            "domain": "googleapis.com",
            "metadata": {"service": SERVICE, "consumer": CONSUMER, **metadata},
        },
    )


def over_quota(*, limit: int, whose: str) -> GoogleError:
    """The 429 of an exhausted minute; `whose` is `user` or `project` (seen with GAM 5.08.21)."""
    metric = f"{SERVICE}/default_requests"
    name = {"user": "Requests per minute per user", "project": "Requests per minute"}[whose]
    key = {"user": "DefaultRequestsPerMinutePerUser", "project": "DefaultRequestsPerMinute"}[whose]
    return GoogleError(
        status=Status.RESOURCE_EXHAUSTED,
        message=f"Quota exceeded for quota metric 'Requests' and limit '{name}' of service "
        f"'{SERVICE}' for consumer '{CONSUMER}'.",
        domain="usageLimits",
        details=error_info(
            "RATE_LIMIT_EXCEEDED",
            quota_metric=metric,
            quota_limit=key,
            quota_limit_value=str(limit),
            quota_location="global",
        ),
    )
