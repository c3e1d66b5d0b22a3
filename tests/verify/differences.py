"""Where we and the reference library differ, and why: the whole list.

A rule explains a difference in one direction alone. What none explains is a fault of one of us.
"""

import base64
import re
from collections.abc import Callable
from dataclasses import dataclass

from tests.verify.deliveries import PARTS, Delivery


@dataclass(frozen=True)
class Rule:
    """A difference that is meant: `we_believe` what the reference library does not, or not."""

    name: str
    reason: str
    we_believe: bool
    applies: Callable[[Delivery], bool]


def _header(it: Delivery, part: str) -> str:
    return it.headers.get(f"{it.family() or 'webhook'}-{part}", "")


def _listed(it: Delivery) -> list[str]:
    return _header(it, "signature").split(" ")


def _leading_zeros(it: Delivery) -> bool:
    return bool(re.fullmatch(r"0[0-9]{1,11}", _header(it, "timestamp")))


def _one_that_only_leniency_reads(it: Delivery) -> bool:
    return any(
        version == "v1" and _read(text, strict=False) != _read(text, strict=True)
        for version, _, text in (each.partition(",") for each in _listed(it))
    )


def _read(text: str, *, strict: bool) -> bytes | None:
    try:
        return base64.b64decode(text, validate=strict)
    except ValueError:
        return None


def _makes_it_stumble(entry: str) -> bool:
    """An entry at which the reference library raises something that is no refusal."""
    version, _, text = entry.partition(",")
    return entry.count(",") != 1 or (version == "v1" and _read(text, strict=False) is None)


def _not_utf8(it: Delivery) -> bool:
    try:
        it.body.decode()
    except UnicodeDecodeError:
        return True
    return False


RULES = (
    Rule(
        "a number written in another way",
        "it reads the time as a float, so blanks, signs, fractions, exponents and the digits of "
        "other scripts pass, and signs again what it has read; the header is an integer",
        we_believe=False,
        applies=lambda it: not re.fullmatch(r"[0-9]{1,12}", _header(it, "timestamp")),
    ),
    Rule(
        "leading zeros, signed without them",
        "what is signed holds the header as it stands; it writes the number anew",
        we_believe=False,
        applies=_leading_zeros,
    ),
    Rule(
        "leading zeros, signed with them",
        "the same, seen from the other side",
        we_believe=True,
        applies=_leading_zeros,
    ),
    Rule(
        "an id that is none",
        "a dot would let id and time be told apart in two ways; 256 visible characters are enough "
        "for an id, and fit the memory of ids",
        we_believe=False,
        applies=lambda it: not re.fullmatch(r"[!-\-/-~]{1,256}", _header(it, "id")),
    ),
    Rule(
        "a header of more than 4 KiB",
        "nobody who has not signed yet may make us work",
        we_believe=False,
        applies=lambda it: max(len(_header(it, part)) for part in PARTS) > 4096,
    ),
    Rule(
        "more than 16 signatures",
        "the same",
        we_believe=False,
        applies=lambda it: len(_listed(it)) > 16,
    ),
    Rule(
        "a signature with foreign characters in it",
        "it drops what is no base64, so many texts are the same signature",
        we_believe=False,
        applies=_one_that_only_leniency_reads,
    ),
    Rule(
        "a list with an entry that is none",
        "it stumbles over an entry without one comma, or with bad base64, before the good one; a "
        "list is there so that others may stand in it",
        we_believe=True,
        applies=lambda it: any(map(_makes_it_stumble, _listed(it))),
    ),
    Rule(
        "the names of Svix",
        "it knows the names webhook-* alone; Svix's own library knows both",
        we_believe=True,
        applies=lambda it: it.family() == "svix",
    ),
    Rule(
        "a body that is not UTF-8",
        "the bytes are signed; it decodes them first",
        we_believe=True,
        applies=_not_utf8,
    ),
)
