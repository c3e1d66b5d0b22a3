"""Our own JSON: one request, or a batch of them under `requests`.

The names are those of the message on the topic. A class and a person may be given by the sender's
own ids instead, for the source's rules to turn into a course and an address. Names that are not
known are passed over, so that a newer sender can speak to an older service; what stands in the
place of a missing name is told with the name that was probably meant.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from enrollment.request import REQUEST_ID, Label, Mode, Origin
from enrollment.sources.checks import nearest
from enrollment.sources.events import MOST_RECORDS, Fault, Reading, Unfit, Wish, Wrong

DERIVED = re.compile(r"[ru]1-")  # whoever has such an id may ask about it without a proof
Given = Annotated[str, StringConstraints(min_length=1, max_length=256, strict=True)]


class NativeRequest(BaseModel):
    """One wish: a student, and a course or class."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)

    course_id: Given | None = Field(None, description="Classroom's id in digits, or an alias d:…")
    class_id: Given | None = Field(None, description="the sender's own id of a class")
    student: Given | None = Field(None, description="the student's e-mail address")
    user_id: Given | None = Field(None, description="the sender's own id of a person")
    request_id: (
        Annotated[str, StringConstraints(pattern=rf"^{REQUEST_ID.pattern}$", strict=True)] | None
    ) = Field(None, description="the idempotency key; without it one is derived from the wish")
    schema_version: (
        Annotated[str, StringConstraints(pattern=r"^1(\.[0-9]{1,9})?$", strict=True)] | None
    ) = Field(None, description="major version 1")
    action: Annotated[str, StringConstraints(pattern=r"^enroll$", strict=True)] | None = Field(
        None, description="`enroll`, which is the only one"
    )
    source: Given | None = Field(None, description="if it is there, the source of the address")
    mode: Mode | None = Field(None, description="if it is there, the mode of the source")
    enrollment_code: (
        Annotated[str, StringConstraints(pattern=r"^[!-~]{1,64}$", strict=True)] | None
    ) = Field(None, description="needed where the source has mode `code`; a secret")
    version: Label | None = Field(
        None, description="another one makes the same wish a new request: a term, a time"
    )
    origin: Origin | None = Field(None, description="where the wish was first made")


def read_native(body: object, *, source: str, mode: Mode) -> Reading:
    """The wishes of a body. Raises Unfit if it is neither one request nor a batch of them."""
    body, at = _unwrapped(body)
    if not isinstance(body, Mapping):
        raise Unfit([Fault(at, "object_expected", "write one request as a JSON object")])
    if "requests" not in body:
        read = _record(at, body, source, mode)
        if isinstance(read, Wrong):
            raise Unfit(read.faults)
        return Reading([read], single=True, mendable=True)
    batch, place = body["requests"], f"{at}/requests"
    if not isinstance(batch, list) or not batch:
        raise Unfit([Fault(place, "list_expected", "write a list with at least one request")])
    if len(batch) > MOST_RECORDS:
        fact = f"{len(batch)} requests; a batch has at most {MOST_RECORDS}: send it in parts"
        raise Unfit([Fault(place, "too_many", fact)])
    read_each = [_record(f"{place}/{n}", each, source, mode) for n, each in enumerate(batch)]
    return Reading(read_each, mendable=True)


def _unwrapped(body: object) -> tuple[object, str]:
    """What stands in the envelope that Standard Webhooks advises, `type`, `timestamp`, `data`."""
    if isinstance(body, Mapping) and isinstance(body.get("data"), Mapping) and "type" in body:
        return body["data"], "/data"
    return body, ""


def _record(pointer: str, record: object, source: str, mode: Mode) -> Wish | Wrong:
    if not isinstance(record, Mapping):
        return Wrong(
            pointer=pointer,
            faults=(Fault(pointer, "object_expected", "write one request as a JSON object"),),
        )
    faults = list(_together(pointer, record, source, mode))
    try:
        read = NativeRequest.model_validate(record)
    except ValidationError as error:
        faults += [
            _told(pointer, each) for each in error.errors(include_url=False, include_input=False)
        ]
    else:
        if not faults:
            return _wish(pointer, read)
    return Wrong(pointer=pointer, faults=tuple(sorted(faults)))


def _together(pointer: str, record: Mapping[str, Any], source: str, mode: Mode) -> Iterator[Fault]:
    """What is wrong between the names, and with the source that the address names."""
    for one, other in (("course_id", "class_id"), ("student", "user_id")):
        given = [name for name in (one, other) if record.get(name) is not None]
        if not given:
            near = nearest(one, (name for name in record if isinstance(name, str)))
            hint = f"; another name stands there that is near to {one}" if near else ""
            yield Fault(f"{pointer}/{one}", "missing", f"write {one}, or {other}{hint}")
        elif len(given) > 1:
            yield Fault(f"{pointer}/{other}", "twice", f"{one} is there as well: leave out one")
    if record.get("source") not in (None, source):
        yield Fault(f"{pointer}/source", "another_source", "leave it out: the address says it")
    if record.get("mode") not in (None, mode.value):
        yield Fault(f"{pointer}/mode", "another_mode", f"this source has mode {mode.value}")
    if isinstance(chosen := record.get("request_id"), str) and DERIVED.match(chosen):
        fact = "ids that begin like this are made here: choose another, or leave it out"
        yield Fault(f"{pointer}/request_id", "reserved", fact)
    if mode is Mode.CODE and record.get("enrollment_code") is None:
        fact = "this source has mode code, which needs an enrollment_code"
        yield Fault(f"{pointer}/enrollment_code", "missing", fact)


def _told(pointer: str, error: ErrorDetails) -> Fault:
    """One fault that pydantic found; its words name rules and never the value."""
    place = "".join(f"/{part}" for part in error["loc"])
    return Fault(f"{pointer}{place}", error["type"], error["msg"].removeprefix("Value error, "))


def _wish(pointer: str, read: NativeRequest) -> Wish:
    origin = read.origin or Origin()
    return Wish(
        pointer=pointer,
        course_id=read.course_id or "",
        class_id=read.class_id or "",
        student=read.student or "",
        user_id=read.user_id or "",
        version=read.version or origin.version or "",
        request_id=read.request_id,
        enrollment_code=read.enrollment_code,
        kind=origin.kind,
        system=origin.system,
        event_id=origin.event_id,
        occurred_at=origin.occurred_at,
    )
