"""Trouble that a seed decides, the same however threads race.

The decision is a hash of seed, method, course, user and how often just that was asked before;
calls that quota or trouble turned away are not counted, since they depend on the clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from hashlib import blake2b
from types import MappingProxyType

from infra.fake_classroom.faults import Fault, FaultKind, Key, Occasion

MOST_IN_A_ROW = 3  # for one key, so that whoever asks again gets through
MOST_PHANTOMS = 2  # "disappears on re-try": missing once or twice, and never again


class Level(StrEnum):
    """How rude the fake is by itself."""

    NONE = "none"
    SOME = "some"
    MANY = "many"


SHARE: Mapping[Level, float] = MappingProxyType(
    {Level.NONE: 0.0, Level.SOME: 0.08, Level.MANY: 0.25}
)

# How often each kind comes up among the faults. `hang` is left to rules, since each costs a
# client its whole timeout.
ANY_CALL: Mapping[FaultKind, int] = MappingProxyType(
    {
        FaultKind.QUOTA: 3,
        FaultKind.QUOTA_403: 2,
        FaultKind.QUOTA_TEXT: 1,
        FaultKind.INTERNAL: 2,
        FaultKind.BAD_GATEWAY: 2,
        FaultKind.UNAVAILABLE: 4,
        FaultKind.SLOW: 3,
        FaultKind.CLOSED: 2,
        FaultKind.RESET: 2,
        FaultKind.REPLY_LOST: 4,
        FaultKind.TRUNCATED_JSON: 1,
        FaultKind.NOT_JSON_200: 1,
    }
)
EXTRA: Mapping[str, Mapping[FaultKind, int]] = MappingProxyType(
    {
        "courses.students.create": {FaultKind.ABORTED: 2, FaultKind.PHANTOM_404: 3},
        "invitations.create": {FaultKind.ABORTED: 2},
    }
)


def _deck(method: str) -> tuple[FaultKind, ...]:
    weights = {**ANY_CALL, **EXTRA.get(method, {})}
    return tuple(kind for kind, weight in weights.items() for _ in range(weight))


@dataclass(kw_only=True)
class _Past:
    """What has befallen one key so far."""

    asked: int = 0
    in_a_row: int = 0
    phantoms_to_come: int = 0
    has_had_phantoms: bool = False


class Seeded:
    """Draws faults by seed and level."""

    def __init__(self, *, seed: int, level: Level) -> None:
        self._seed = seed
        self._share = SHARE[level]
        self._decks = {method: _deck(method) for method in EXTRA}
        self._usual = _deck("")
        self._past: dict[Key, _Past] = {}

    def forget(self) -> None:
        """Start again, as for a new school."""
        self._past.clear()

    def draw(self, occasion: Occasion) -> Fault | None:
        """The fault of this call, if any."""
        if self._share == 0:
            return None
        past = self._past.setdefault(occasion.key, _Past())
        past.asked += 1
        fault = self._fault(occasion, past)
        past.in_a_row = past.in_a_row + 1 if fault else 0
        return fault

    def _fault(self, occasion: Occasion, past: _Past) -> Fault | None:
        if past.phantoms_to_come:
            past.phantoms_to_come -= 1
            return Fault(kind=FaultKind.PHANTOM_404)
        whether, which, pick = draws(self._seed, occasion.key, past.asked)
        if past.in_a_row >= MOST_IN_A_ROW or whether >= self._share:
            return None
        deck = self._decks.get(occasion.key[0], self._usual)
        kind = deck[which % len(deck)]
        if kind is FaultKind.PHANTOM_404:
            # only people who exist can be missing for a while
            if past.has_had_phantoms or occasion.user_id is None:
                return Fault(kind=FaultKind.UNAVAILABLE)
            past.has_had_phantoms = True
            past.phantoms_to_come = pick % MOST_PHANTOMS
        return Fault(kind=kind, pick=pick)


def draws(seed: int, key: Key, nth: int) -> tuple[float, int, int]:
    """Three independent numbers, the first in [0, 1), that belong to this very call."""
    text = "\x1f".join((str(seed), *key, str(nth)))
    digest = blake2b(text.encode(), digest_size=24).digest()
    first, second, third = (int.from_bytes(digest[at : at + 8], "big") for at in (0, 8, 16))
    return first / 2**64, second, third
