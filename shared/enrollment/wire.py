"""Messages as they travel: requests, and dead letters, which are the original plus labels."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from pydantic import ValidationError

from enrollment.clock import Deadline
from enrollment.ports import Message
from enrollment.reasons import Reason
from enrollment.request import REQUEST_ID, EnrollmentRequest

MOST_BYTES = 65_536  # of a request; one is about 600 bytes long
# Of a letter's body. Pub/Sub takes 10 MB with all labels (quotas page); only what is no message of
# Pub/Sub's can be longer, and review keeps no more than a part of it.
MOST_LETTER = 9_000_000
ATTRIBUTE_BYTES = 1_024  # of an attribute's value (Pub/Sub quotas page)
FAULTS_NAMED = 5
TRACEPARENT = re.compile(r"[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")  # W3C, §3.2
ADDRESS_IN_IT = re.compile(r"\S[@\uff20]")  # our own details have an @ only before Google's codes


@dataclass(frozen=True, kw_only=True)
class Delivery:
    """One arrival of a message. `number` counts the arrivals of the same message, from 1."""

    body: bytes = field(repr=False)
    attributes: Mapping[str, str] = field(default_factory=dict, repr=False)
    message_id: str = ""
    number: int = 1
    deadline: Deadline | None = None

    @property
    def trace(self) -> str | None:
        """The traceparent if it is one: an attribute may hold anything, an address too."""
        return _if_it_is_one(TRACEPARENT, self.attributes.get("traceparent", ""))


@dataclass(frozen=True, kw_only=True)
class Label:
    """What a dead letter says besides its body."""

    reason: Reason
    detail: str
    request_id: str | None
    attempts: int
    first_seen_at: datetime | None
    replay: int
    traceparent: str | None = None


class Unreadable(Exception):
    """The message is no request that may be worked on; `detail` names fields, never values."""

    def __init__(self, reason: Reason, detail: str, request_id: str | None) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason
        self.detail = detail
        self.request_id = request_id

    def label(self, delivery: Delivery) -> Label:
        """What its dead letter says: no attempt was made."""
        return Label(
            reason=self.reason,
            detail=self.detail,
            request_id=self.request_id,
            attempts=0,
            first_seen_at=None,
            replay=0,
            traceparent=delivery.trace,
        )


def encode(request: EnrollmentRequest, traceparent: str | None = None) -> Message:
    """The message of a request."""
    return as_message(request.model_dump_json(), request, traceparent)


def as_message(text: str, request: EnrollmentRequest, traceparent: str | None = None) -> Message:
    """The message with this text, which is the request's; its labels hold no address."""
    attributes = {
        "request_id": request.request_id,
        "source": request.source,
        "schema_version": request.schema_version,
    }
    if traceparent:
        attributes["traceparent"] = traceparent
    return Message(text.encode(), attributes)


def decode(body: bytes) -> EnrollmentRequest:
    """The request in a message. Raises Unreadable."""
    if len(body) > MOST_BYTES:
        detail = f"the message has {len(body)} bytes; a request has at most {MOST_BYTES}"
        raise Unreadable(Reason.MALFORMED, detail, None)
    try:
        return EnrollmentRequest.model_validate_json(body)
    except ValidationError as error:
        raise _unreadable(body, error) from None  # its input may hold an address


def stored_request(text: str) -> EnrollmentRequest | None:
    """The request as it was stored; None if this version cannot read it."""
    try:
        return EnrollmentRequest.model_validate_json(text)
    except ValidationError:
        return None


def _unreadable(body: bytes, error: ValidationError) -> Unreadable:
    raw = _object(body)
    request_id = raw.get("request_id")
    if not isinstance(request_id, str) or not REQUEST_ID.fullmatch(request_id):
        request_id = None
    version = raw.get("schema_version")
    if _matches(re.compile(r"[0-9]{1,9}(\.[0-9]+)?"), version) and not _matches(
        re.compile(r"1(\.[0-9]+)?"), version
    ):
        detail = "schema_version: this service reads major version 1 and no other"
        return Unreadable(Reason.UNKNOWN_VERSION, detail, request_id)
    faults = error.errors(include_url=False, include_context=False, include_input=False)
    named = [_fault(each["loc"], each["msg"]) for each in faults[:FAULTS_NAMED]]
    if len(faults) > FAULTS_NAMED:
        named.append(f"and {len(faults) - FAULTS_NAMED} more")
    return Unreadable(Reason.MALFORMED, "; ".join(named), request_id)


def _fault(place: tuple[int | str, ...], message: str) -> str:
    said = message.removeprefix("Value error, ")
    return f"{'.'.join(map(str, place))}: {said}" if place else said


def _object(body: bytes) -> dict[str, object]:
    try:
        raw = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return raw if isinstance(raw, dict) else {}


def _matches(pattern: re.Pattern[str], value: object) -> bool:
    return isinstance(value, str) and pattern.fullmatch(value) is not None


def letter(body: bytes, label: Label) -> Message:
    """The dead letter: the original body, unchanged, and its labels; all cut to fit Pub/Sub."""
    labels = {
        "reason": label.reason.value,
        "detail": label.detail,
        "request_id": label.request_id or "",
        "attempts": str(label.attempts),
        "first_seen_at": label.first_seen_at.isoformat() if label.first_seen_at else "",
        "replay": str(label.replay),
        "traceparent": label.traceparent or "",
    }
    return Message(
        body[:MOST_LETTER], {name: _cut(value) for name, value in labels.items() if value}
    )


def read_label(attributes: Mapping[str, str]) -> Label:
    """The label of a dead letter; what is missing or odd becomes the plainest value.

    A sender's own attributes come this way too, when Pub/Sub gives a message up.
    """
    return Label(
        reason=_reason(attributes.get("reason", "")),
        detail=_detail(attributes.get("detail", "")),
        request_id=_if_it_is_one(REQUEST_ID, attributes.get("request_id", "")),
        attempts=_number(attributes.get("attempts", "")),
        first_seen_at=_time(attributes.get("first_seen_at", "")),
        replay=_number(attributes.get("replay", "")),
        traceparent=_if_it_is_one(TRACEPARENT, attributes.get("traceparent", "")),
    )


def _cut(value: str) -> str:
    return value.encode()[:ATTRIBUTE_BYTES].decode(errors="ignore")


def _reason(text: str) -> Reason:
    return Reason(text) if text in set(Reason) else Reason.MALFORMED


def _if_it_is_one(pattern: re.Pattern[str], text: str) -> str | None:
    return text if pattern.fullmatch(text) else None


def _detail(text: str) -> str:
    """One line that is no longer than ours are; nothing if it may hold an address."""
    return "" if ADDRESS_IN_IT.search(text) else _cut(" ".join(text.split()))


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 0


def _time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
    except ValueError:
        return None
    return time if time.tzinfo else None
