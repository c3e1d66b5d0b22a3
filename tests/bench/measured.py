"""One measurement: what was measured, its value with its spread, its target and the verdict."""

from dataclasses import asdict, dataclass, field
from enum import StrEnum


class Verdict(StrEnum):
    MET = "met"
    NOT_MET = "not met"
    FAILED = "failed"
    ELSEWHERE = "measured elsewhere"
    QUICK = "quick: no verdict"
    TOLD = "no target"


class Bound(StrEnum):
    AT_MOST = "at most"
    AT_LEAST = "at least"


@dataclass(frozen=True, kw_only=True)
class Measured:
    """`how` says what was done, so that a number can be doubted; `details` are further numbers."""

    row: str
    what: str
    how: str
    value: float | None = None
    unit: str = ""
    spread: tuple[float, float] | None = None
    target: float | None = None
    bound: Bound = Bound.AT_MOST
    quick: bool = False
    elsewhere: bool = False
    failed: bool = False
    details: dict[str, object] = field(default_factory=dict)

    @property
    def ratio(self) -> float | None:
        """The value as a share of its target."""
        if self.value is None or not self.target:
            return None
        return self.value / self.target

    @property
    def verdict(self) -> Verdict:
        """A quick run is too short to have met anything."""
        if self.failed:
            return Verdict.FAILED
        if self.elsewhere:
            return Verdict.ELSEWHERE
        if self.target is None:
            return Verdict.TOLD
        if self.quick:
            return Verdict.QUICK
        assert self.value is not None
        within = (
            self.value <= self.target if self.bound is Bound.AT_MOST else self.value >= self.target
        )
        return Verdict.MET if within else Verdict.NOT_MET

    def as_json(self) -> dict[str, object]:
        return {**asdict(self), "ratio": self.ratio, "verdict": self.verdict}
