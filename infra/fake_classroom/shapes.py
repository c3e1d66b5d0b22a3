"""Google's two error bodies, and which of them a call gets."""

from enum import StrEnum
from zlib import crc32

from infra.fake_classroom.faults import Key


class ErrorFormat(StrEnum):
    """What is answered where `$.xgafv` does not ask for one (discovery document)."""

    V1 = "v1"  # with errors[]
    V2 = "v2"  # without
    MIXED = "mixed"  # in turns, since both have been recorded from Classroom


def is_v1(wanted: ErrorFormat, *, seed: int, key: Key, nth: int) -> bool:
    """True for the shape with `errors[]`; mixed alternates a key's calls, the seed begins."""
    if wanted is ErrorFormat.MIXED:
        return (crc32(repr((seed, key)).encode()) + nth) % 2 == 0
    return wanted is ErrorFormat.V1
