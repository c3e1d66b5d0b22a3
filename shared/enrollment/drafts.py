"""Half a request: a wish that a person has to complete before it can be sent.

It is the message of the request as far as it is known, with the sender's own ids beside it. What is
missing keeps it from being read as a request; filled in, it is one.
"""

import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from enrollment.request import SCHEMA_VERSION
from enrollment.sources.declared import Declaration
from enrollment.sources.events import Passed, Wish

LONGEST = 256  # letters of a sender's id


def draft_of(
    record: Wish | Passed,
    half: Mapping[str, str | None],
    source: str,
    declaration: Declaration,
    key: bytes,
) -> tuple[str, str]:
    """The id and the text of a draft; the same record makes the same draft, whenever it comes."""
    wish = record if isinstance(record, Wish) else None
    said: dict[str, Any] = {
        "source": source,
        "class_id": _short(record.class_id),
        "user_id": _short(record.user_id),
        "course_id": half.get("course_id"),
        "student": half.get("student"),
        "mode": declaration.mode.value,
        "enrollment_code": wish.enrollment_code if wish else None,
        "origin": {
            "kind": wish.kind if wish else "sis",
            "system": source,
            "event_id": (record.event_id or "")[:256] or None,
            "version": wish.version[:256] if wish else None,
        },
    }
    told = json.dumps(said, ensure_ascii=False, sort_keys=True)
    request_id = "u1-" + hmac.digest(key, b"draft:" + told.encode(), "sha256").hex()[:40]
    head = {"schema_version": SCHEMA_VERSION, "request_id": request_id, "action": "enroll"}
    kept = {name: value for name, value in said.items() if value}
    return request_id, json.dumps(head | kept, ensure_ascii=False)


def _short(sender_id: str) -> str:
    """An id that is longer than OneRoster lets them be, with its hash for what is cut off.

    One id may stand in 500 drafts: as long as a body it would make a hundred megabytes of them.
    """
    if len(sender_id) <= LONGEST:
        return sender_id
    return f"{sender_id[: LONGEST - 17]}-{hashlib.sha256(sender_id.encode()).hexdigest()[:16]}"


def completed(body: bytes, changes: Mapping[str, str], now: datetime) -> bytes:
    """The message of a draft with what was missing filled in; any other body as it is."""
    fields = _fields(body)
    if fields is None:
        return body
    return json.dumps(fields | {"received_at": now.isoformat()} | dict(changes)).encode()


def half_of(body: bytes) -> dict[str, str]:
    """The texts that stand in a draft, by their names."""
    fields = _fields(body) or {}
    return {name: value for name, value in fields.items() if isinstance(value, str)}


def _fields(body: bytes) -> dict[str, Any] | None:
    try:
        fields = json.loads(body)
    except (ValueError, RecursionError):
        return None
    return fields if isinstance(fields, dict) else None
