"""The keys that an issuer publishes at an address, kept as long as the issuer says."""

import re
from collections.abc import Callable, Mapping
from typing import Never

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from enrollment.adapters.clock import monotonic
from enrollment.adapters.kept import Fetched, Kept
from enrollment.adapters.web import NoAnswer, ask
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from enrollment.verify.jwks import published
from enrollment.verify.options import published as wrong_address

SECONDS = 5.0  # for the whole answer; a sender waits 15 s and more for ours
LEAST_KEPT, MOST_KEPT = 5 * 60, 24 * 3600  # seconds, whatever the issuer says
# Seconds between two fetches for the sake of unknown ids: anybody can make up ids.
UNKNOWN_PAUSE = 60.0
OK = 200
MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)


class PublishedKeys:
    """The keys at one address. For any number of threads. Raises ValueError for other addresses."""

    def __init__(self, address: str, clock: Callable[[], float] = monotonic) -> None:
        if wrong := wrong_address(address):
            raise ValueError(f"the address of the keys {wrong}")
        self._address = address
        self._kept = Kept[Mapping[str, RSAPublicKey]](self._fetch, clock)

    def key(self, kid: str) -> RSAPublicKey | None:
        found = self._kept.value().get(kid)
        return found or self._kept.newer(than=UNKNOWN_PAUSE).get(kid)

    def _fetch(self) -> Fetched[Mapping[str, RSAPublicKey]]:
        try:
            answer = ask(self._address, SECONDS)
        except NoAnswer as trouble:
            self._fail(str(trouble))
        if answer.status != OK:
            self._fail(f"the answer is {answer.status}")
        try:
            keys = published(answer.body)
        except ValueError as error:
            self._fail(f"what is there {error}")
        return Fetched(keys, _good_for(answer.headers.get("cache-control", "")))

    def _fail(self, what: str) -> Never:
        raise Unavailable(Reason.KEYS_DOWN, f"{self._address}: {what}") from None


def _good_for(cache_control: str) -> float:
    found = MAX_AGE.search(cache_control)
    return max(LEAST_KEPT, min(MOST_KEPT, int(found[1]))) if found else LEAST_KEPT
