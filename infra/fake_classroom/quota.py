"""How many calls a minute Classroom grants."""

from collections import deque
from dataclasses import dataclass, field

from infra.fake_classroom.errors import GoogleError, over_quota

WINDOW = 60.0  # seconds; "60-second moving average" (usage-limits page)
PER_USER = 1200  # calls a minute by one acting user (usage-limits page)
PER_PROJECT = 3000  # calls a minute by one Cloud project (usage-limits page)


class Window:
    """A sliding minute that remembers just the last `limit` calls, so each costs O(1)."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self._calls: deque[float] = deque(maxlen=limit)

    def admits(self, now: float) -> bool:
        """True if fewer than `limit` calls lie in the minute before now; counts this call."""
        full = len(self._calls) == self.limit
        exceeded = self.limit == 0 or (full and now - self._calls[0] < WINDOW)
        self._calls.append(now)
        return not exceeded


@dataclass(kw_only=True)
class Quota:
    """The two windows a call must pass; a refused call counts as well."""

    per_user: int = PER_USER
    per_project: int = PER_PROJECT
    _users: dict[str, Window] = field(default_factory=dict, init=False)
    _project: Window = field(init=False)

    def __post_init__(self) -> None:
        self._project = Window(self.per_project)

    def refusal(self, subject: str, now: float) -> GoogleError | None:
        """Count a call of this acting user; what Google says if it is one too many."""
        if subject not in self._users:
            self._users[subject] = Window(self.per_user)
        user_has_room = self._users[subject].admits(now)
        project_has_room = self._project.admits(now)
        if not user_has_room:
            return over_quota(limit=self.per_user, whose="user")
        if not project_has_room:
            return over_quota(limit=self.per_project, whose="project")
        return None
