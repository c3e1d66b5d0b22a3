"""Trouble made on purpose: the kinds, and rules that say which call gets which."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Self

SLOW_SECONDS = 0.3  # long enough to overlap with other calls, short enough for a test


class FaultKind(StrEnum):
    """What can go wrong with one call; each has been seen in the field or on a wire."""

    QUOTA = "429"
    QUOTA_403 = "403_rate"
    QUOTA_TEXT = "429_plain_text"
    INTERNAL = "500"
    BAD_GATEWAY = "502_html"
    UNAVAILABLE = "503"
    ABORTED = "aborted"
    PHANTOM_404 = "phantom_404"  # a valid address is missing, and found when asked again
    SLOW = "slow"  # the true answer, late
    HANG = "hang"  # no answer until the client goes away, deed not done
    CLOSED = "closed"  # connection closed before the status line, deed not done
    RESET = "reset"  # the same with a TCP reset
    REPLY_LOST = "reply_lost"  # deed done, connection closed before the status line
    TRUNCATED_JSON = "truncated_json"  # deed done, half a body
    NOT_JSON_200 = "not_json_200"  # deed done, 200 with a text


Key = tuple[str, str, str]  # method, course, user
MATCHED = frozenset({"method", "course", "user", "subject"})


@dataclass(frozen=True, kw_only=True)
class Occasion:
    """One call as rules and seeds see it: every name by which course and user could be called."""

    key: Key
    courses: frozenset[str]
    users: frozenset[str]
    subject: str
    course_id: str | None = None
    user_id: str | None = None


@dataclass(frozen=True, kw_only=True)
class Fault:
    """The fault of one call; `pick` chooses among several wordings."""

    kind: FaultKind
    seconds: float = SLOW_SECONDS
    pick: int = 0


class RuleError(ValueError):
    """A rule that cannot be followed; says what may stand in one."""


@dataclass(frozen=True, kw_only=True)
class Rule:
    """Give this fault to calls that match, as often as `times` says (None: always)."""

    fault: FaultKind
    method: str | None = None
    course: str | None = None
    user: str | None = None
    subject: str | None = None
    times: int | None = None
    seconds: float = SLOW_SECONDS

    @classmethod
    def from_json(cls, rule: object) -> Self:
        """The rule `{match: {method, course, user, subject}, fault, times, seconds}`."""
        if not isinstance(rule, Mapping) or rule.get("fault") not in set(FaultKind):
            raise RuleError(f"fault: must be one of {', '.join(FaultKind)}")
        if rule.keys() - {"match", "fault", "times", "seconds"}:
            raise RuleError("a rule is {match, fault, times, seconds}")
        match = rule.get("match", {})
        if not isinstance(match, Mapping) or match.keys() - MATCHED:
            raise RuleError(f"match: may hold {', '.join(sorted(MATCHED))}")
        if not all(isinstance(name, str) for name in match.values()):
            raise RuleError("match: holds strings")
        times, seconds = rule.get("times"), rule.get("seconds", SLOW_SECONDS)
        if not (times is None or isinstance(times, int)) or not isinstance(seconds, (int, float)):
            raise RuleError("times: must be a whole number or null; seconds: a number")
        return cls(fault=FaultKind(rule["fault"]), times=times, seconds=seconds, **match)

    def matches(self, occasion: Occasion) -> bool:
        """True if each name given is one of the call's; `students.create` is enough of a method."""
        return (
            (self.method is None or f".{occasion.key[0]}".endswith(f".{self.method}"))
            and (self.course is None or self.course in occasion.courses)
            and (self.user is None or self.user.lower() in occasion.users)
            and (self.subject is None or self.subject.lower() == occasion.subject)
        )


class Script:
    """The rules in the order they came; each is spent after its `times`."""

    def __init__(self, rules: Iterable[Rule] = ()) -> None:
        self._rules: list[tuple[Rule, int]] = []
        self._used: dict[int, int] = {}
        self._added = 0
        self.add(rules)

    def add(self, rules: Iterable[Rule]) -> None:
        """Append rules behind those that stand."""
        for rule in rules:
            self._rules.append((rule, self._added))
            self._added += 1

    def clear(self) -> None:
        """Forget every rule."""
        self._rules.clear()
        self._used.clear()

    def draw(self, occasion: Occasion) -> Fault | None:
        """The fault of the first rule that matches and is not spent."""
        for rule, number in self._rules:
            used = self._used.get(number, 0)
            if (rule.times is None or used < rule.times) and rule.matches(occasion):
                self._used[number] = used + 1
                return Fault(kind=rule.fault, seconds=rule.seconds, pick=used)
        return None
