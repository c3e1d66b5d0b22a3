"""Trouble that lasts until somebody mends it: the administrator's access, or all of Classroom."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from infra.fake_classroom import refusals
from infra.fake_classroom.errors import GoogleError


class TroubleKind(StrEnum):
    """What can be switched on; the words are Google's where Google has one."""

    CLASSROOM_DISABLED = "ClassroomDisabled"
    CLASSROOM_API_DISABLED = "ClassroomApiDisabled"
    SERVICE_DISABLED = "SERVICE_DISABLED"
    MISSING_SCOPES = "ACCESS_TOKEN_SCOPE_INSUFFICIENT"
    UNAUTHENTICATED = "UNAUTHENTICATED"
    FORBIDDEN = "PERMISSION_DENIED"
    AWAY = "away"


ANSWERS: Mapping[TroubleKind, GoogleError] = MappingProxyType(
    {
        TroubleKind.CLASSROOM_DISABLED: refusals.CLASSROOM_DISABLED,
        TroubleKind.CLASSROOM_API_DISABLED: refusals.CLASSROOM_API_DISABLED,
        TroubleKind.SERVICE_DISABLED: refusals.SERVICE_DISABLED,
        TroubleKind.MISSING_SCOPES: refusals.MISSING_SCOPES,
        TroubleKind.UNAUTHENTICATED: refusals.UNAUTHENTICATED,
        TroubleKind.FORBIDDEN: refusals.FORBIDDEN,
        TroubleKind.AWAY: refusals.UNAVAILABLE,
    }
)
# "the requesting user has no access" (common-errors page); the others concern project or token.
ABOUT_THE_ADMINISTRATOR = frozenset(
    {TroubleKind.CLASSROOM_DISABLED, TroubleKind.CLASSROOM_API_DISABLED}
)


@dataclass(frozen=True, kw_only=True)
class Trouble:
    """A switch that is on; with a subject it hits the calls of that acting user only."""

    kind: TroubleKind
    subject: str | None = None

    def refusal(self, subject: str, administrator: str) -> GoogleError | None:
        """What Google says to this acting user, or None if the trouble is not theirs."""
        whose = self.subject
        if whose is None and self.kind in ABOUT_THE_ADMINISTRATOR:
            whose = administrator
        return ANSWERS[self.kind] if whose in (None, subject) else None
