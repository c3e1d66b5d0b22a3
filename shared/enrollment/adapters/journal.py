"""A journal of JSON lines, as Cloud Logging reads them."""

import json
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TextIO

from enrollment.journal import Line
from enrollment.reasons import Reason


@dataclass
class JsonLines:
    """A journal on a stream: one JSON object a line. Thread-safe."""

    stream: TextIO
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def record(self, line: Line) -> None:
        """Write one delivery's line."""
        self.say(_severity(line), line.what, **vars(line))

    def alert(self, message: str, reason: Reason) -> None:
        """Write a line that should wake somebody up."""
        self.say("ALERT", message, reason=reason)

    def say(self, severity: str, message: str, **said: object) -> None:
        """Write a line; what has no value is left out."""
        said = {name: value for name, value in said.items() if value not in (None, "", [])}
        head = {"severity": severity, "time": datetime.now(UTC).isoformat(), "message": message}
        text = json.dumps(head | said, ensure_ascii=False)
        # A full disk or a closed pipe loses a line of the log, and must not lose a request.
        with self._lock, suppress(OSError, ValueError):
            print(text, file=self.stream, flush=True)


def _severity(line: Line) -> str:
    if line.error:
        return "ERROR"
    return "INFO" if line.acknowledged else "WARNING"
