"""What a check finds: in order, wrong with its remedy, or not checked and why."""

from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a check ended."""

    OK = "ok"
    WRONG = "wrong"
    NOT_CHECKED = "not checked"


@dataclass(frozen=True, kw_only=True)
class Finding:
    """One line of the doctor."""

    check: str
    state: State
    told: str
    remedy: str | None = None


def ok(check: str, told: str) -> Finding:
    """It is in order."""
    return Finding(check=check, state=State.OK, told=told)


def wrong(check: str, told: str, remedy: str) -> Finding:
    """It is not, and what mends it."""
    return Finding(check=check, state=State.WRONG, told=told, remedy=remedy)


def not_checked(check: str, told: str, remedy: str | None = None) -> Finding:
    """It cannot be seen from here, or need not be."""
    return Finding(check=check, state=State.NOT_CHECKED, told=told, remedy=remedy)
