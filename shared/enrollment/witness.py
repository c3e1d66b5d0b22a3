"""What this instance has seen of Classroom lately, to tell a bad course from a bad administrator.

A bare 403 (`The caller does not have permission`) names no cause. One course refused while others
succeed is that course's trouble; five courses refused while nothing succeeds is ours.
"""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

COURSES = 5
# Courses that are owned outside the domain come in bunches: a partner's, a merged school's. An
# administrator who has worked a minute ago has most likely not lost the role since.
LATELY = timedelta(minutes=1)


@dataclass
class Witness:
    """Remembers successes and bare refusals since. Thread-safe; each instance has its own."""

    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _refused: set[str] = field(default_factory=set, init=False, repr=False)
    _succeeded: dict[str, datetime] = field(default_factory=dict, init=False, repr=False)

    def success(self, course_id: str, now: datetime) -> None:
        """Classroom let us work in this course."""
        with self._lock:
            self._refused.clear()
            self._succeeded.pop(course_id, None)
            self._succeeded[course_id] = now
            if len(self._succeeded) > 2:
                self._succeeded.pop(next(iter(self._succeeded)))

    def refusal(self, course_id: str, now: datetime) -> bool:
        """Classroom refused without a cause; True when that now looks like our own fault."""
        with self._lock:
            self._refused.add(course_id)
            worked_lately = any(now - at < LATELY for at in self._succeeded.values())
            return len(self._refused) >= COURSES and not worked_lately

    @property
    def refused(self) -> frozenset[str]:
        """The courses refused since the last success."""
        with self._lock:
            return frozenset(self._refused)

    def another_since(self, course_id: str, since: datetime) -> str | None:
        """The course other than this one that has worked since, and last."""
        with self._lock:
            latest_first = reversed(self._succeeded.items())
            others = (each for each, at in latest_first if at >= since)
            return next((each for each in others if each != course_id), None)
