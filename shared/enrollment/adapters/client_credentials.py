"""The access token of a client, by OAuth 2.0's client credentials (RFC 6749, 4.4)."""

import base64
import json
import re
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlencode
from urllib.request import OpenerDirector

from enrollment.adapters.kept import PAUSE, Fetched, Gone, Kept
from enrollment.adapters.secrets import trouble as secret_trouble
from enrollment.adapters.web import Answer, NoAnswer, ask
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from enrollment.sources.lookup import LookupPlace
from enrollment.timing import LOOKUP_LIMIT
from enrollment.verify.plain_secrets import UnusableSecret, plain

TOKEN = re.compile(r"[\x21-\x7e]{1,8192}")  # a header, of which servers take 8 KiB
OK = 200
EARLIER = 60.0  # seconds before its end a token is renewed, so that none ends on its way
UNSAID, MOST_KEPT = 5 * 60.0, 24 * 3600.0  # seconds, if it is not said how long it is good


class ClientCredentials:
    """A token that is renewed shortly before it ends. For any number of threads."""

    def __init__(
        self,
        place: LookupPlace,
        secret: Callable[[str], str],
        through: OpenerDirector,
        clock: Callable[[], float],
    ) -> None:
        self._place, self._secret, self._through = place, secret, through
        self._kept = Kept[str](self._fetch, clock)

    def token(self) -> str:
        """The token. Raises Unavailable."""
        return self._kept.value()

    def newer(self) -> str:
        """Another one than a service has refused, or the same if it is new. Raises Unavailable."""
        return self._kept.newer(than=PAUSE)

    def _fetch(self) -> Fetched[str]:
        answer = self._asked(self._basic())
        if answer.status != OK:
            trouble = _trouble(f"the answer for a token is {answer.status}")
            # Who is refused has no token; a server in trouble (408, 429, 5xx) says nothing of it.
            refused = 300 <= answer.status < 500 and answer.status not in (408, 429)
            raise Gone(trouble) if refused else trouble
        try:
            said = json.loads(answer.body)
        except (ValueError, RecursionError):
            said = None
        token = said.get("access_token") if isinstance(said, Mapping) else None
        if not isinstance(token, str) or not TOKEN.fullmatch(token):
            raise _trouble("the answer for a token holds none")
        return Fetched(token, _good_for(said))

    def _asked(self, basic: str) -> Answer:
        wanted = {"grant_type": "client_credentials"}
        if self._place.scope is not None:
            wanted["scope"] = self._place.scope
        try:
            return ask(
                self._place.token_url,
                LOOKUP_LIMIT.total_seconds(),
                data=urlencode(wanted).encode(),
                headers={"Authorization": basic},
                through=self._through,
            )
        except NoAnswer as none:
            raise _trouble(f"for a token {none}") from None

    def _basic(self) -> str:
        """The client as HTTP Basic has it; the services know ids and secrets as they are written.

        RFC 6749 has both percent-encoded first, which few of these services undo.
        """
        reference = self._place.client
        try:
            pair = plain(self._secret(reference))
        except UnusableSecret as wrong:
            raise Gone(secret_trouble(reference, str(wrong))) from None
        if b":" not in pair:
            raise Gone(secret_trouble(reference, "has no colon: store the whole id:secret"))
        return f"Basic {base64.b64encode(pair).decode()}"


def _good_for(said: Mapping[str, Any]) -> float:
    seconds = said.get("expires_in")
    if isinstance(seconds, str) and seconds.isascii() and seconds.isdigit():  # as some write it
        seconds = float(seconds[:9])
    if isinstance(seconds, bool) or not isinstance(seconds, int | float) or not seconds > 0:
        seconds = UNSAID
    return min(max(seconds - EARLIER, seconds / 2), MOST_KEPT)


def _trouble(fact: str) -> Unavailable:
    return Unavailable(Reason.SIS_DOWN, fact)
