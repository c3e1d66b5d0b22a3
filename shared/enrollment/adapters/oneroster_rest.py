"""A OneRoster service (1.1 or 1.2), asked about one person or class at a time.

After any trouble it is left alone for a while: whoever comes meanwhile hears the same at once.
"""

import json
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Never
from urllib.parse import quote
from urllib.request import HTTPSHandler, ProxyHandler

from enrollment.adapters.client_credentials import ClientCredentials
from enrollment.adapters.clock import monotonic
from enrollment.adapters.kept import PAUSE
from enrollment.adapters.web import Answer, NoAnswer, ask, opener
from enrollment.clock import Deadline
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from enrollment.sources.candidates import Person, Section
from enrollment.sources.events import Unfit
from enrollment.sources.known import Known
from enrollment.sources.lookup import LookupPlace
from enrollment.sources.oneroster_events import read_oneroster
from enrollment.timing import LOOKUP_LIMIT

OK = 200
MOST_ID = 255  # characters, by the specification
MOST_PAUSE = 300.0  # seconds, whatever the service asks for
AT_ONCE = 4  # questions; an instance has up to 80 deliveries at once
# The service knows nobody of this id, or takes it for none: asked again it says the same.
NOBODY = (400, 404, 410, 422)
ASKER = (401, 429, 503)  # trouble with whoever asks, or with all of the service


@dataclass(frozen=True)
class _Rest:
    """No question before this time, and why."""

    until: float
    trouble: Unavailable


class _Failed(Exception):
    """No usable answer. `of_one`: it may be the trouble of this one record alone."""

    def __init__(self, what: str, pause: float = PAUSE, *, of_one: bool = False) -> None:
        super().__init__(what)
        self.pause, self.of_one = pause, of_one


class OneRosterRest:
    """The people and classes of one service. For any number of threads."""

    def __init__(
        self,
        place: LookupPlace,
        secret: Callable[[str], str],
        clock: Callable[[], float] = monotonic,
    ) -> None:
        """`secret` gives what a reference stands for, or raises Unavailable."""
        self._url, self._clock = place.url, clock
        # One context: each loads all certificates of the machine.
        https = HTTPSHandler(context=ssl.create_default_context())
        self._through = opener(ProxyHandler({}), https)
        self._credentials = ClientCredentials(place, secret, self._through, clock)
        self._seats = threading.BoundedSemaphore(AT_ONCE)
        self._rest: _Rest | None = None

    def person(self, user_id: str, deadline: Deadline) -> Person | None:
        return self._known("users", user_id, deadline).people.get(user_id)

    def section(self, class_id: str, deadline: Deadline) -> Section | None:
        return self._known("classes", class_id, deadline).sections.get(class_id)

    def _known(self, kind: str, sourced_id: str, deadline: Deadline) -> Known:
        """What the service tells of an id; whoever else it tells of, nobody has asked about."""
        # Dots alone would lead to another address, however they are quoted.
        if len(sourced_id) > MOST_ID or not sourced_id.strip("."):
            return Known()
        if not deadline.remaining():
            raise Unavailable(Reason.SIS_DOWN, "no time is left to ask")
        if not self._seats.acquire(timeout=deadline.within(LOOKUP_LIMIT)):
            raise Unavailable(Reason.SIS_DOWN, "too many others are asking")
        try:
            self._see_whether_it_rests()
            return self._spared(kind, sourced_id, deadline)
        finally:
            self._seats.release()

    def _spared(self, kind: str, sourced_id: str, deadline: Deadline) -> Known:
        """What is told of an id; a service in trouble is left alone from now on."""
        try:
            return self._told_at_last(kind, sourced_id, deadline)
        except _Failed as failed:
            what = f"{self._url}: {failed}"
            self._leave_alone(Unavailable(Reason.SIS_DOWN, what), failed.pause)
        except Unavailable as trouble:  # no token
            self._leave_alone(trouble, PAUSE)

    def _told_at_last(self, kind: str, sourced_id: str, deadline: Deadline) -> Known:
        """What is told of an id. Raises _Failed or Unavailable.

        An id at which a service that is well fails twice is nobody: the rest of a delivery would
        wait for it for ever.
        """
        records = f"{self._url}/{kind}"
        address = f"{records}/{quote(sourced_id, safe='')}"
        try:
            return self._told(address, deadline)
        except _Failed as failed:
            if not failed.of_one or not self._told(f"{records}?limit=1", deadline):
                raise
        try:
            return self._told(address, deadline)
        except _Failed as failed:
            if not failed.of_one:
                raise
            return Known()

    def _told(self, address: str, deadline: Deadline) -> Known:
        try:
            answer = self._asked(address, deadline)
        except NoAnswer as none:
            raise _Failed(str(none)) from None
        if answer.status in NOBODY:
            return Known()
        if answer.status != OK:
            what, pause = f"the answer is {answer.status}", _wished_for(answer)
            raise _Failed(what, pause, of_one=answer.status not in ASKER)
        try:
            return read_oneroster(_json(answer.body)).known
        except (ValueError, RecursionError, Unfit):
            raise _Failed("what is there is no OneRoster", of_one=True) from None

    def _asked(self, address: str, deadline: Deadline) -> Answer:
        """The answer; a token that has ended early is renewed once."""
        token = self._credentials.token()
        answer = self._get(address, token, deadline)
        if answer.status != 401 or (newer := self._credentials.newer()) == token:
            return answer
        return self._get(address, newer, deadline)

    def _get(self, address: str, token: str, deadline: Deadline) -> Answer:
        if not (seconds := deadline.within(LOOKUP_LIMIT)):
            raise NoAnswer("the token took all the time")
        headers = {"Authorization": f"Bearer {token}"}
        return ask(address, seconds, headers=headers, through=self._through)

    def _see_whether_it_rests(self) -> None:
        if (rest := self._rest) is not None and (left := rest.until - self._clock()) > 0:
            trouble, wait = rest.trouble, timedelta(seconds=left)
            raise Unavailable(trouble.reason, trouble.detail, retry_after=wait)

    def _leave_alone(self, trouble: Unavailable, pause: float) -> Never:
        self._rest = _Rest(self._clock() + pause, trouble)
        wait = timedelta(seconds=pause)
        raise Unavailable(trouble.reason, trouble.detail, retry_after=wait) from None


def _json(body: bytes) -> object:
    """The JSON of an answer. Raises ValueError or RecursionError."""
    said = json.loads(body.decode())
    json.dumps(said, ensure_ascii=False).encode()  # half a surrogate pair, no store can hold
    return said


def _wished_for(answer: Answer) -> float:
    """The seconds for which the service asks to be left alone, within reason."""
    said = answer.headers.get("retry-after", "").strip()
    seconds = float(said[:9]) if said.isascii() and said.isdigit() else 0.0
    return max(PAUSE, min(seconds, MOST_PAUSE))
