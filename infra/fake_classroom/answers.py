"""What goes back: the school's answer or Google's refusal, spoiled as a fault wants it."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from infra.fake_classroom import refusals
from infra.fake_classroom.errors import GoogleError, Status, over_quota
from infra.fake_classroom.faults import Fault, FaultKind
from infra.fake_classroom.quota import PER_USER
from infra.fake_classroom.wire import Ending, Reply

# A quota refusal can arrive as a 403 (seen with Calendar and in GAM's table of reasons).
RATE_REASONS = ("rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded")
RATE_403 = tuple(
    GoogleError(
        status=Status.PERMISSION_DENIED,
        message="Quota exceeded for quota group 'default' and limit 'Queries per user per 100 "
        "seconds' of service 'classroom.googleapis.com'.",
        reason=reason,
        domain="usageLimits",
    )
    for reason in RATE_REASONS
)
# Faults that take the place of the school's answer: the deed is not done.
INSTEAD: Mapping[FaultKind, tuple[GoogleError, ...]] = MappingProxyType(
    {
        FaultKind.QUOTA: (over_quota(limit=PER_USER, whose="user"),),
        FaultKind.QUOTA_403: RATE_403,
        FaultKind.INTERNAL: (refusals.INTERNAL,),
        FaultKind.UNAVAILABLE: (refusals.UNAVAILABLE,),
        FaultKind.ABORTED: (refusals.ABORTED,),
        FaultKind.PHANTOM_404: (refusals.NOT_FOUND,),
    }
)
# Bodies that are not JSON (GAM's list of plain-text and HTML answers).
FOREIGN: Mapping[FaultKind, Reply] = MappingProxyType(
    {
        FaultKind.QUOTA_TEXT: Reply(
            status=429,
            content_type="text/plain; charset=UTF-8",
            body=b"Quota exceeded for quota metric 'Requests' and limit 'Requests per minute'.",
        ),
        FaultKind.BAD_GATEWAY: Reply(
            status=502,
            content_type="text/html; charset=UTF-8",
            body=b"<!DOCTYPE html>\n<html lang=en>\n<title>Error 502 (Server Error)!!1</title>\n"
            b"<p><b>502.</b> <ins>That\xe2\x80\x99s an error.</ins>\n",
        ),
    }
)
SILENT: Mapping[FaultKind, Ending] = MappingProxyType(
    {
        FaultKind.HANG: Ending.HANG,
        FaultKind.CLOSED: Ending.CLOSED,
        FaultKind.RESET: Ending.RESET,
        FaultKind.REPLY_LOST: Ending.CLOSED,
    }
)
DEED_FIRST = frozenset(
    {
        FaultKind.SLOW,
        FaultKind.REPLY_LOST,
        FaultKind.TRUNCATED_JSON,
        FaultKind.NOT_JSON_200,
    }
)
# Of a create: what no second try will change (400 of any kind is settled as well).
SETTLED = frozenset({Status.ALREADY_EXISTS, Status.INVALID_ARGUMENT, Status.FAILED_PRECONDITION})


@dataclass(frozen=True, kw_only=True)
class Answer:
    """One decided call: content or an error, and the fault on top of it."""

    content: Mapping[str, Any] | None = None
    error: GoogleError | None = None
    fault: Fault | None = None
    deed: bool = False
    by_quota: bool = False

    @property
    def kind(self) -> FaultKind | None:
        """The kind of the fault, if there is one."""
        return self.fault.kind if self.fault else None

    def settles(self, *, foreign: bool) -> bool:
        """True if a create that got this answer has it for good; a slow answer is a true one."""
        if self.kind not in (None, FaultKind.SLOW):
            return False
        if self.error is None:
            return True
        return (
            self.error.status in SETTLED
            or self.error.code == "CannotInviteUserInUntrustedDomain"
            or (self.error.code == "CannotDirectAddUser" and foreign)
        )

    def reply(self, *, v1: bool) -> Reply:
        """The bytes and the way they leave."""
        if self.fault is None:
            return self._plain(v1)
        match self.fault.kind:
            case FaultKind.QUOTA_TEXT | FaultKind.BAD_GATEWAY:
                return FOREIGN[self.fault.kind]
            case FaultKind.HANG | FaultKind.CLOSED | FaultKind.RESET | FaultKind.REPLY_LOST:
                return Reply(ending=SILENT[self.fault.kind])
            case FaultKind.TRUNCATED_JSON:
                whole = self._plain(v1)
                half = whole.body[: len(whole.body) // 2]
                return Reply(status=whole.status, body=half)
            case FaultKind.NOT_JSON_200:
                return Reply(content_type="text/plain; charset=UTF-8", body=b"OK")
            case FaultKind.SLOW:
                whole = self._plain(v1)
                return Reply(status=whole.status, body=whole.body, wait=self.fault.seconds)
            case _:
                return self._plain(v1)

    def _plain(self, v1: bool) -> Reply:
        if self.error is not None:
            return Reply(status=self.error.http, body=_encoded(self.error.body(v1=v1)))
        return Reply(body=_encoded(self.content or {}))


def instead(fault: Fault) -> Answer:
    """The answer of a fault that keeps the call away from the school."""
    errors = INSTEAD.get(fault.kind)
    error = errors[fault.pick % len(errors)] if errors else None
    return Answer(error=error, fault=fault)


def _encoded(content: Mapping[str, Any]) -> bytes:
    return json.dumps(content, ensure_ascii=False).encode()
