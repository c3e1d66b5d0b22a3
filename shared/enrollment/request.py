"""One wish: one student into one course. The message on `enrollment-requests`, and its identity."""

import hashlib
import hmac
import json
import re
from collections.abc import Sequence
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import (
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictBool,
    StringConstraints,
    WithJsonSchema,
    model_validator,
)

SCHEMA_VERSION = "1"

REQUEST_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{7,127}")
# An alias is at most 256 characters long (discovery document, CourseAlias.alias).
COURSE_ID = re.compile(r"[0-9]{1,64}|[dp]:(?=\S)[^/\x00-\x1f\x7f-\x9f]{1,254}(?<=\S)")
# ASCII only: a look-alike letter makes another person. The literal `me`, which Classroom reads as
# "whoever calls", matches neither form, so nobody can enroll the administrator by typing it.
ADDRESS = re.compile(
    r"(?=.{3,254}\Z)[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*"
    r"@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\.)+[A-Za-z]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
)
GOOGLE_ID = re.compile(r"[0-9]{1,32}")

# RFC 3339, 5.6, without leap seconds, which Python's times do not have.
MOMENT = re.compile(
    r"(?!0000)[0-9]{4}-(0[1-9]|1[0-2])-(0[1-9]|[12][0-9]|3[01])"
    r"[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9](\.[0-9]{1,9})?"
    r"([Zz]|[+-]([01][0-9]|2[0-3]):[0-5][0-9])"
)


def _as_rfc_3339(value: Any) -> Any:
    """Left to itself, pydantic takes numbers and dates for times as well."""
    if isinstance(value, datetime) or (isinstance(value, str) and MOMENT.fullmatch(value)):
        return value
    raise ValueError("a time is needed, written like 2026-08-20T18:25:43Z")


def _as_whole_number(value: Any) -> Any:
    """Left to itself, pydantic takes digits in quotation marks and `true` for numbers as well."""
    if isinstance(value, bool | str):
        raise ValueError("a whole number is needed")  # noqa: TRY004 - pydantic wants a ValueError
    return value


Label = Annotated[str, StringConstraints(max_length=256)]
Moment = Annotated[
    AwareDatetime,
    BeforeValidator(_as_rfc_3339),
    WithJsonSchema({"type": "string", "format": "date-time", "pattern": f"^{MOMENT.pattern}$"}),
]
Replay = Annotated[int, Field(ge=0, le=1_000_000), BeforeValidator(_as_whole_number)]


class Mode(StrEnum):
    """Who acts: a domain administrator, or the student with an enrollment code."""

    ADMIN = "admin"
    CODE = "code"


class Origin(BaseModel):
    """Where the wish was first made; it explains a request and never takes part in its identity."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    kind: Label = "api"
    system: Label | None = None
    event_id: Label | None = None
    occurred_at: Moment | None = None
    version: Label | None = None


class EnrollmentRequest(BaseModel):
    """A wish to put one student into one course, exactly as it travels; unknown fields are ignored.

    Validation messages name fields and rules, never the values: a value may be an address.
    """

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    schema_version: Annotated[str, StringConstraints(pattern=r"^1(\.[0-9]{1,9})?$")] = Field(
        description="major version 1; a minor version only adds fields"
    )
    request_id: Annotated[str, StringConstraints(pattern=rf"^{REQUEST_ID.pattern}$")] = Field(
        description="the idempotency key: one id takes effect once"
    )
    action: Literal["enroll"]
    source: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    course_id: Annotated[str, StringConstraints(max_length=256)] = Field(
        repr=False, description="digits, or an alias d:… or p:…"
    )
    student: Annotated[str, StringConstraints(max_length=254)] = Field(
        repr=False, description="an ASCII e-mail address, or a Google user id in digits; never `me`"
    )
    mode: Mode = Mode.ADMIN
    enrollment_code: Annotated[str, StringConstraints(pattern=r"^[!-~]{1,64}$")] | None = Field(
        default=None, repr=False, description="needed in mode `code`; a secret"
    )
    origin: Origin = Field(default=Origin(), repr=False)
    received_at: Moment
    replay: Replay = 0
    retry: StrictBool = Field(
        default=False, description="reopens a rejection that was settled before received_at"
    )

    @model_validator(mode="after")
    def _mean_something(self) -> "EnrollmentRequest":
        if not COURSE_ID.fullmatch(self.course_id):
            fault = "course_id: digits, or an alias that begins with d: or p: and holds no slash"
            raise ValueError(fault)
        if not (ADDRESS.fullmatch(self.student) or GOOGLE_ID.fullmatch(self.student)):
            fault = "student: an ASCII e-mail address or a Google user id in digits, never `me`"
            raise ValueError(fault)
        if self.mode is Mode.CODE and self.enrollment_code is None:
            fault = "enrollment_code: mode `code` needs one"
            raise ValueError(fault)
        return self

    @property
    def fingerprint(self) -> str:
        """The content's hash: an id that comes back with another one was reused."""
        content = [self.action, self.course_id, self.student.lower(), self.mode]
        return hashlib.sha256(_canonical(content)).hexdigest()

    @property
    def domain(self) -> str | None:
        """The part behind the `@`, in lower case; None for a Google user id."""
        _, at, domain = self.student.rpartition("@")
        return domain.lower() if at else None


def derived_request_id(
    key: bytes, *, course_id: str, student: str, version: str | None, action: str = "enroll"
) -> str:
    """The id of a wish whose producer chose none: same wish, same id; another version, another id.

    The origin does not enter, so the same fact by two routes is one request.
    """
    wish = _canonical([action, course_id, student.lower(), version])
    return "r1-" + hmac.digest(key, wish, "sha256").hex()[:40]


def student_key(key: bytes, student: str) -> str:
    """What stands for a student in logs and indexes: 32 hex digits, not guessed without `key`."""
    return hmac.digest(key, b"student:" + student.lower().encode(), "sha256").hex()[:32]


def at_least_32_bytes(key: str) -> bytes:
    """The pseudonym key as bytes. Raises ValueError if a key so short could be guessed."""
    raw = key.encode()
    if len(raw) < 32:  # SHA-256's own strength; RFC 2104 §3 advises no shorter key
        fault = f"has {len(raw)} bytes; at least 32 are needed (openssl rand -hex 32 makes one)"
        raise ValueError(fault)
    return raw


def _canonical(values: Sequence[str | None]) -> bytes:
    return json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
