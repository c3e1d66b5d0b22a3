"""What Pub/Sub's push service sends, and Eventarc's shapes of the same, as deliveries.

A push is `{"message": {"data", "attributes", "messageId", …}, "subscription", "deliveryAttempt"}`
(Pub/Sub documentation, "Push subscriptions"). Eventarc puts the same object into a CloudEvent: as
the body (binary mode), or under its `data` (structured mode).
"""

import binascii
import json
from typing import Any

from enrollment.clock import Deadline
from enrollment.wire import Delivery


def as_delivery(body: bytes, deadline: Deadline) -> Delivery:
    """The delivery in a push request; what is none is delivered as it is, for a person to see."""
    envelope = _envelope(body)
    message = envelope.get("message")
    if not isinstance(message, dict):
        return Delivery(body=body, deadline=deadline)
    data = _data(message.pop("data", ""))  # of a large one, no copy is kept longer than needed
    if data is None:
        return Delivery(body=body, deadline=deadline)
    return Delivery(
        body=data,
        attributes=_attributes(message.get("attributes")),
        message_id=_text(message.get("messageId", message.get("message_id"))),
        number=_number(envelope.get("deliveryAttempt")),
        deadline=deadline,
    )


def _envelope(body: bytes) -> dict[str, Any]:
    try:
        told = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    if not isinstance(told, dict):
        return {}
    inner = told.get("data")
    if "message" not in told and isinstance(inner, dict):  # a structured CloudEvent
        return inner
    return told


def _data(text: object) -> bytes | None:
    if text is None:
        return b""
    if not isinstance(text, str):
        return None
    try:
        return binascii.a2b_base64(text, strict_mode=True)  # base64's own way makes a copy first
    except ValueError:
        return None


def _attributes(told: object) -> dict[str, str]:
    if not isinstance(told, dict):
        return {}
    return {_whole(name): _whole(value) for name, value in told.items() if isinstance(value, str)}


def _whole(text: str) -> str:
    """The text, with a ? for each half of a surrogate pair: JSON may hold one, and no store can."""
    return text.encode(errors="replace").decode()


def _text(told: object) -> str:
    return told if isinstance(told, str) else ""


def _number(told: object) -> int:
    """How often it was delivered; Eventarc and the emulator's pushes do not say."""
    whole = isinstance(told, int) and not isinstance(told, bool)
    return max(1, told) if whole and isinstance(told, int) else 1
