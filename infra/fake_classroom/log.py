"""What happened, call by call; a reader never sees less than the client whose call it was."""

from collections import Counter
from dataclasses import asdict, dataclass, replace
from threading import Condition
from typing import Any

# About 0.7 KB a call: 350 MB when full, and twenty times the calls of a 14,000-row roster.
CAP = 500_000
PATIENCE = 1.0  # seconds a reader waits for replies that are on their way into a socket


@dataclass(frozen=True, kw_only=True, slots=True)
class Call:
    """One call that reached the protocol port; `n` counts in the order of decision."""

    n: int = 0
    received_at: float
    method: str | None
    course: str | None  # as typed
    user: str | None  # as typed
    course_id: str | None
    user_id: str | None
    subject: str
    status: int | None  # None: no status line was meant to be sent
    error: str | None  # Google's canonical status, ALREADY_EXISTS or ABORTED for a 409
    code: str | None  # CourseNotFound of `@CourseNotFound …`
    fault: str | None
    deed: bool  # the roster changed
    delivered: bool = False  # the full reply was written and the connection was not reset on it
    conclusive: bool = False
    answered_at: float | None = None


class Log:
    """The calls of one fake's life, in memory."""

    def __init__(self, cap: int = CAP) -> None:
        self._cap = cap
        self._calls: list[Call] = []
        self._count = 0
        self._writing = 0
        self._counts: dict[str, Counter[str]] = {
            "by_method": Counter(),
            "by_status": Counter(),
            "faults": Counter(),
        }
        self._refused_by_quota = 0
        self._changed = Condition()

    def record(self, call: Call, *, settles: bool, by_quota: bool) -> "Receipt":
        """Write a decided call down; the receipt tells the log what became of its reply."""
        with self._changed:
            self._count += 1
            if self._count <= self._cap:
                self._calls.append(replace(call, n=self._count))
            self._counts["by_method"][call.method or "unknown"] += 1
            self._counts["by_status"][str(call.status or "none")] += 1
            if call.fault:
                self._counts["faults"][call.fault] += 1
            self._refused_by_quota += by_quota
            return Receipt(self, self._count, settles)

    def calls(self, after: int = 0) -> list[Call]:
        """The calls with a higher number, once the replies now being written are written."""
        with self._changed:
            self._changed.wait_for(lambda: self._writing == 0, timeout=PATIENCE)
            return self._calls[max(after, 0) :]

    def counts(self) -> dict[str, Any]:
        """Totals; `error` says so if calls had to be left out of the log."""
        with self._changed:
            self._changed.wait_for(lambda: self._writing == 0, timeout=PATIENCE)
            left_out = self._count - len(self._calls)
            full = f"the log is full: the last {left_out} calls are missing from it"
            return {
                "calls": self._count,
                **{name: dict(counter) for name, counter in self._counts.items()},
                "refused_by_quota": self._refused_by_quota,
                "not_logged": left_out,
                "error": full if left_out else None,
            }

    def update(self, n: int, writing: int, **changes: Any) -> None:
        """Change what is known of a call, and how many replies are on their way."""
        with self._changed:
            self._writing += writing
            if changes and n <= len(self._calls):
                self._calls[n - 1] = replace(self._calls[n - 1], **changes)
            self._changed.notify_all()


class Receipt:
    """Reports on the reply to one call, as the connection learns about it."""

    def __init__(self, log: Log, n: int, settles: bool) -> None:
        self._log, self._n, self._settles = log, n, settles

    def writing(self) -> None:
        """The reply goes into the socket now."""
        self._log.update(self._n, +1)

    def written(self, *, at: float, whole: bool) -> None:
        """The reply is in the socket, or could not be put there whole."""
        conclusive = whole and self._settles
        answered_at = at if whole else None
        self._log.update(
            self._n, -1, delivered=whole, conclusive=conclusive, answered_at=answered_at
        )

    def unread(self) -> None:
        """The client reset the connection with the reply unread: it never learned the answer."""
        self._log.update(self._n, 0, delivered=False, conclusive=False)


def as_json(call: Call) -> dict[str, Any]:
    """A call as the control port shows it."""
    return asdict(call)
