"""The arithmetic of the bench: medians, spreads, ratios round by round, sliding minutes."""

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

MINUTE = 60.0


@dataclass(frozen=True)
class Middle:
    """The median of some values, and the smallest and largest of them."""

    value: float
    least: float
    most: float

    @property
    def spread(self) -> tuple[float, float]:
        return self.least, self.most


def middle(values: Sequence[float]) -> Middle:
    return Middle(median(values), min(values), max(values))


def ratios(ours: Sequence[float], theirs: Sequence[float]) -> Middle:
    """How many times theirs ours are: each round by itself, for the machine's mood changes."""
    return middle([mine / other for mine, other in zip(ours, theirs, strict=True)])


def growth(first: float, last: float) -> float:
    """By how much of the first the last is larger; below zero if it shrank."""
    return (last - first) / first


def within(times: Sequence[float], begin: float, end: float) -> int:
    """How many of some sorted times lie in the half-open span (begin, end]."""
    return bisect_right(times, end) - bisect_right(times, begin)


def sliding_minutes(times: Sequence[float], begin: float, end: float) -> list[int]:
    """How many calls lay in the minute before each call, for whole minutes of a span only."""
    whole = [each for each in times if begin + MINUTE <= each <= end]
    return [within(times, each - MINUTE, each) for each in whole]
