"""What stands in for the outside in unit tests: time, Classroom, trouble at a port, a journal."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from weakref import finalize

from enrollment.adapters.sqlite import Database
from enrollment.clock import Clock
from enrollment.journal import Line
from enrollment.ports import CreateAnswer, InviteAnswer, Overtaken, Seat, Unavailable
from enrollment.reasons import Reason

START = datetime(2026, 11, 23, 8, 0, tzinfo=UTC)
ALL = "*"


class MovableClock:
    """Time stands still unless somebody sleeps or a story moves it."""

    def __init__(self) -> None:
        self.elapsed = 0.0

    def now(self) -> datetime:
        return START + timedelta(seconds=self.elapsed)

    def monotonic(self) -> float:
        return self.elapsed

    def sleep(self, seconds: float) -> None:
        self.elapsed += max(0.0, seconds)

    def advance(self, **parts: float) -> None:
        self.elapsed += timedelta(**parts).total_seconds()


class Killed(BaseException):
    """The process ends here: no `except Exception` sees it."""


@dataclass
class ScriptedClassroom:
    """Answers what a story says: a list in turn, and its last answer from then on.

    An exception is raised; a function is called with the seat and answers, or moves the clock.
    """

    answers: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    seats: list[Seat] = field(default_factory=list)
    timeouts: list[float] = field(default_factory=list)

    @property
    def calls(self) -> int:
        return len(self.asked)

    def says(self, **answers: Any) -> None:
        self.answers |= answers

    def create_student(self, seat: Seat, timeout: float) -> CreateAnswer:
        return self._next("create", seat, timeout, CreateAnswer.ADDED)

    def is_student(self, seat: Seat, timeout: float) -> bool:
        return self._next("is_student", seat, timeout, False)

    def is_teacher(self, seat: Seat, timeout: float) -> bool:
        return self._next("is_teacher", seat, timeout, False)

    def course_exists(self, seat: Seat, timeout: float) -> bool:
        return self._next("course_exists", seat, timeout, True)

    def invite(self, seat: Seat, timeout: float) -> InviteAnswer:
        return self._next("invite", seat, timeout, InviteAnswer.INVITED)

    def _next(self, method: str, seat: Seat, timeout: float, usual: Any) -> Any:
        self.asked.append(method)
        self.seats.append(seat)
        self.timeouts.append(timeout)
        answer = self.answers.get(method, usual)
        if isinstance(answer, list):
            answer = answer.pop(0) if len(answer) > 1 else answer[0]
        if callable(answer):
            answer = answer(seat)
        if isinstance(answer, BaseException):
            raise answer
        return answer


class Shaky:
    """A port that fails when told to, or whose client repeats a write as if its reply was lost."""

    def __init__(self, port: Any, reason: Reason) -> None:
        self.port, self.reason = port, reason
        self.failing: set[str] = set()
        self.repeating: set[str] = set()
        self.calls: list[str] = []

    def fail(self, *methods: str) -> None:
        """From now on these methods fail, or all of them if none is named."""
        self.failing = set(methods or {ALL})

    def mend(self) -> None:
        self.failing = set()

    def __getattr__(self, method: str) -> Any:
        done = getattr(self.port, method)

        def call(*arguments: Any) -> Any:
            self.calls.append(method)
            if self.failing & {method, ALL}:
                raise Unavailable(self.reason, "told to fail")
            answer = done(*arguments)
            return done(*arguments) if method in self.repeating else answer

        return call


class Overlay:
    """A port with some of its methods replaced."""

    def __init__(self, port, **methods):
        self.port = port
        vars(self).update(methods)

    def __getattr__(self, name):
        return getattr(self.port, name)


def overtaken(*_arguments: Any) -> Any:
    """A write that comes too late, for an `Overlay`."""
    raise Overtaken


@dataclass
class KeptJournal:
    """A journal that keeps its lines."""

    lines: list[Line] = field(default_factory=list)
    alerts: list[Reason] = field(default_factory=list)

    def record(self, line: Line) -> None:
        self.lines.append(line)

    def alert(self, message: str, reason: Reason) -> None:
        self.alerts.append(reason)


def in_memory(clock: Clock) -> Database:
    """A store that ends with the test, closed as soon as nobody holds it."""
    database = Database(":memory:", clock)
    finalize(database, database._connection.close)
    return database
