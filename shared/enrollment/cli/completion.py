"""What a sender may leave out of a message, filled in."""

import json as json_module
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import cached_property
from typing import Any

from enrollment.cli.places import place
from enrollment.request import derived_request_id
from enrollment.settings import Need


class Completion:
    """Gives messages the id and time that a sender may leave out, as a single `send` does."""

    def __init__(self, store: str | None) -> None:
        self._store = store

    @cached_property
    def _key(self) -> bytes:
        """The key of derived ids, needed only if one is derived. Raises Misuse."""
        return place(self._store, needs=(Need.PSEUDONYM_KEY,)).settings.pseudonym_key

    def of(self, line: str) -> bytes:
        """The message of a line; what is there stays as it is, right or wrong."""
        try:
            fields = json_module.loads(line)
        except (ValueError, RecursionError):
            return line.encode()
        if not isinstance(fields, dict) or fields.keys() >= {"request_id", "received_at"}:
            return line.encode()
        fields.setdefault("received_at", datetime.now(UTC).isoformat())
        course, student = fields.get("course_id"), fields.get("student")
        if "request_id" not in fields and isinstance(course, str) and isinstance(student, str):
            fields["request_id"] = derived_request_id(
                self._key, course_id=course, student=student, version=_version(fields)
            )
        return json_module.dumps(fields).encode()


def _version(fields: Mapping[str, Any]) -> str | None:
    origin = fields.get("origin")
    version = origin.get("version") if isinstance(origin, dict) else None
    return version if isinstance(version, str) else None
