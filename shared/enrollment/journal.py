"""One line a delivery; students appear in it as keyed hashes only."""

import traceback
from dataclasses import dataclass, field
from typing import Protocol

from enrollment.reasons import Reason
from enrollment.request import EnrollmentRequest


@dataclass
class Line:
    """What one delivery came to. No field can hold an address, a name, a code or a body."""

    request_id: str | None = None
    source: str | None = None
    student: str | None = None
    replay: int = 0
    what: str = ""
    reason: Reason | None = None
    attempt: int = 0
    calls: int = 0
    delivery: int = 1
    acknowledged: bool = False
    milliseconds: int = 0
    trace: str | None = None
    error: str | None = None
    where: list[str] = field(default_factory=list)

    def about(self, request: EnrollmentRequest, student_key: str) -> None:
        """Name the request, and its student by the keyed hash."""
        self.request_id, self.source = request.request_id, request.source
        self.student, self.replay = student_key, request.replay

    def answer(self, what: str, reason: Reason | None, attempt: int, calls: int) -> None:
        """Name what became of it."""
        self.what, self.reason, self.attempt, self.calls = what, reason, attempt, calls

    def fault(self, fault: BaseException) -> None:
        """Name a fault of ours by its kind and its places; its message may hold an address."""
        self.what, self.error = "fault", type(fault).__name__
        frames = traceback.extract_tb(fault.__traceback__)
        self.where = [f"{frame.name}:{frame.lineno}" for frame in frames]


class Journal(Protocol):
    """Where lines go."""

    def record(self, line: Line) -> None:
        """Write one delivery's line."""

    def alert(self, message: str, reason: Reason) -> None:
        """Write a line that should wake somebody up."""


class Silence:
    """A journal that nobody reads."""

    def record(self, line: Line) -> None:
        """Drop the line."""

    def alert(self, message: str, reason: Reason) -> None:
        """Drop the alert."""
