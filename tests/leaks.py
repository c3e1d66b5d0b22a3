"""What may stand in nothing that others see: addresses, names, codes, secrets, parts of bodies."""

import base64
import re
from typing import NamedTuple

from infra.local.senders import SECRET
from infra.samples.names import FAMILY, GIVEN, slug

MOST = 20  # leaks that are told
LEAST = 4  # characters of a text to look for: a shorter one stands anywhere


class Leak(NamedTuple):
    """Where something was seen that nobody may see, and what kind of thing it is."""

    place: str
    kind: str
    seen: str


def _any(texts):
    return "|".join(sorted(map(re.escape, texts), key=len, reverse=True))


def _names():
    """Given and family names beside each other, as people and as addresses write them."""
    given, family = {*GIVEN, *map(slug, GIVEN)}, {*FAMILY, *map(slug, FAMILY)}
    return rf"\b(?:{_any(given)})(?:[ ._+]|%20)(?:{_any(family)})(?![a-z])"


IN_BASE64 = base64.b64encode(b'{"schema_version"').decode()[:22]
KINDS = {
    "an address": r"[a-z0-9._%+'-]+(?:@|%40|\\+u0040)[a-z0-9-]+(?:\.[a-z0-9-]+)+",
    "a name": _names(),
    "a secret": rf"whsec_[a-z0-9+/=]{{8,}}|{re.escape(SECRET)}|basic [a-z0-9+/]{{8,}}=*",
    # A key of a body, however often the quotes around it are escaped.
    "a body": r"""\\*["'](?:action|schema_version|enrollment_code|password|sourcedId|\w*_?email"""
    rf"""|(?:given|family)_?name)\\*["']\s*:|{IN_BASE64}""",
}
PATTERNS = {kind: re.compile(pattern, re.IGNORECASE) for kind, pattern in KINDS.items()}


def leaks_in(written, secrets=()):
    """What was seen that nobody may see, in pairs of a place and what was written there.

    `secrets` are further texts that may not be seen.
    """
    known = [text.casefold() for text in secrets if len(text) >= LEAST]
    found = []
    for place, text in written:
        found += [
            Leak(place, kind, match[0])
            for kind, pattern in PATTERNS.items()
            for match in pattern.finditer(text)
        ]
        folded = text.casefold()
        found += [Leak(place, "a text of the test", each) for each in known if each in folded]
    return found


def no_leaks_in(written, secrets=()):
    """Fail with what was seen that nobody may see; all of it is made up, so it may be told."""
    if found := leaks_in(written, secrets):
        told = "\n".join(f"{each.place} shows {each.kind}: {each.seen}" for each in found[:MOST])
        raise AssertionError(f"{len(found)} leaks\n{told}")


def logs_under(folder):
    """Every log below a folder, as it was written."""
    return [
        (str(each.relative_to(folder)), each.read_text(errors="replace"))
        for each in sorted(folder.rglob("*.log"))
    ]
