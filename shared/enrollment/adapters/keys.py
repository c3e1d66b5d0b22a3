"""The keys that an issuer publishes at an address, kept as long as the issuer says.

By the standard library: one GET without credentials needs no session, and a function that verifies
by secrets alone does not pay for loading an HTTP client.
"""

import re
from collections.abc import Callable, Mapping
from http.client import HTTPException, HTTPResponse
from typing import Never
from urllib.error import HTTPError
from urllib.request import HTTPRedirectHandler, OpenerDirector, ProxyHandler, Request, build_opener

from cryptography.hazmat.primitives.asymmetric.rsa import RSAPublicKey

from enrollment.adapters.clock import monotonic
from enrollment.adapters.kept import Fetched, Kept
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from enrollment.verify.jwks import published
from enrollment.verify.options import here
from enrollment.verify.options import published as wrong_address

SECONDS = 5.0  # for the whole answer; a sender waits 15 s and more for ours
MOST_BYTES = 64 * 1024  # Google's two keys take 1.5 KiB
CHUNK = 8 * 1024
LEAST_KEPT, MOST_KEPT = 5 * 60, 24 * 3600  # seconds, whatever the issuer says
# Seconds between two fetches for the sake of unknown ids: anybody can make up ids.
UNKNOWN_PAUSE = 60.0
# Python's own name is turned away by some of the walls that stand before such addresses.
ASKED_BY = {"User-Agent": "classroom-enrollment", "Accept": "application/json"}
MAX_AGE = re.compile(r"(?:^|[,\s])max-age\s*=\s*\"?(\d{1,10})", re.IGNORECASE)


class _NoRedirects(HTTPRedirectHandler):
    """An issuer's address is written in sources.toml, and nobody else may name another."""

    def redirect_request(self, *_: object) -> None:
        return None


class PublishedKeys:
    """The keys at one address. For any number of threads. Raises ValueError for other addresses."""

    def __init__(self, address: str, clock: Callable[[], float] = monotonic) -> None:
        if wrong := wrong_address(address):
            raise ValueError(f"the address of the keys {wrong}")
        self._address, self._clock = address, clock
        self._kept = Kept[Mapping[str, RSAPublicKey]](self._fetch, clock)

    def key(self, kid: str) -> RSAPublicKey | None:
        found = self._kept.value().get(kid)
        return found or self._kept.newer(than=UNKNOWN_PAUSE).get(kid)

    def _fetch(self) -> Fetched[Mapping[str, RSAPublicKey]]:
        ends = self._clock() + SECONDS
        try:
            asked = Request(self._address, headers=ASKED_BY)  # noqa: S310 - https or this machine
            with _opener(self._address).open(asked, timeout=SECONDS) as answer:
                document = self._whole(answer, ends)
                good_for = _good_for(answer.headers.get("cache-control", ""))
            return Fetched(published(document), good_for)
        except HTTPError as error:
            error.close()
            self._fail(f"the answer is {error.code}")
        except (OSError, HTTPException) as error:  # whose text may hold what was answered
            self._fail(f"there is no answer ({_kind(error)})")
        except ValueError as error:
            self._fail(f"what is there {error}")

    def _whole(self, answer: HTTPResponse, ends: float) -> bytes:
        document = b""
        while piece := answer.read1(CHUNK):
            document += piece
            if len(document) > MOST_BYTES:
                raise ValueError(f"is larger than {MOST_BYTES // 1024} KiB")
            if self._clock() > ends:  # the timeout alone begins anew with every piece
                raise TimeoutError
        return document

    def _fail(self, what: str) -> Never:
        raise Unavailable(Reason.KEYS_DOWN, f"{self._address}: {what}") from None


def _opener(address: str) -> OpenerDirector:
    """Through the proxy that the environment names, but never to this machine itself."""
    elsewhere = here(address) is not None
    return build_opener(_NoRedirects, ProxyHandler(None if elsewhere else {}))


def _kind(error: Exception) -> str:
    """What went wrong; urllib wraps it once."""
    reason = getattr(error, "reason", None)
    return type(reason if isinstance(reason, Exception) else error).__name__


def _good_for(cache_control: str) -> float:
    found = MAX_AGE.search(cache_control)
    return max(LEAST_KEPT, min(MOST_KEPT, int(found[1]))) if found else LEAST_KEPT
