"""One visit of a hosted form: who comes, from where, and what the browser keeps for us."""

import math
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field

import flask

from enrollment.clock import Deadline
from enrollment.problems import Kind, Problem
from enrollment.sources.declared import Declaration
from enrollment.wiring.distributed import CLOCK
from enrollment.wiring.pages import Pages

BROWSER, PERSON, SIGNING = "form-browser", "form-person", "form-signing"
OWN_HOST = "__Host-"  # no neighbour under the same domain can set such a cookie


@dataclass
class Visit:
    """A request of a browser to a page of a declared form."""

    request: flask.Request
    source: str
    declaration: Declaration
    pages: Pages
    deadline: Deadline
    _set: dict[str, str] = field(default_factory=dict, repr=False)  # "" for what is forgotten

    @property
    def here(self) -> str:
        """The form's address as seen from this page; a prefix that a proxy has cut off stays."""
        return "../" * (self.request.path.count("/") - 1) + self.source

    @property
    def back_to(self) -> str:
        """Where Google sends people back to; Google's console has to know it."""
        scheme = "https" if self._is_secure else "http"
        return f"{scheme}://{self.request.host}/{self.source}/signed-in"

    @property
    def needs_person(self) -> bool:
        """Whether people sign in here."""
        return self.declaration.verify is not None

    def limit(self) -> None:
        """Raise Problem if somebody sends without end: who has signed in, or else a network.

        Behind one network's address there may be a whole school.
        """
        who = self.person() or self._client
        if wait := self.pages.clients.take(who):
            fact = "Too many requests came from you. Wait a moment, then try again."
            if who == self._client:
                fact = "Too many requests came from your network. Wait a moment, then try again."
            raise Problem(Kind.TOO_MANY, fact, retry_after=math.ceil(wait))

    def person(self) -> str | None:
        """The address of whoever has signed in for this form, or None."""
        said = self.pages.person.recall(self.kept(PERSON), CLOCK.now())
        return said["email"] if said and said["source"] == self.source else None

    def keep_person(self, address: str) -> None:
        """Remember who has signed in, until the browser is closed and for an hour at most."""
        said = {"source": self.source, "email": address}
        self.keep(PERSON, self.pages.person.keep(said, CLOCK.now()))

    def token(self) -> str:
        """What a page's form sends along: good in this browser alone, and for this person."""
        said = {**self._bound(self._browser()), "id": secrets.token_urlsafe(16)}
        return self.pages.page.keep(said, CLOCK.now())

    def page_of(self, token: str) -> str | None:
        """The id of the page that a form was sent from, if it is one of ours in this browser."""
        said = self.pages.page.recall(token, CLOCK.now())
        bound = self._bound(self.kept(BROWSER))
        if said is None or not bound["browser"] or {**bound, "id": said.get("id")} != said:
            return None
        return said["id"]

    def kept(self, name: str) -> str:
        """What the browser brings back, or ""."""
        return self.request.cookies.get(self._named(name), "")

    def keep(self, name: str, value: str) -> None:
        """Let the browser keep it until it is closed; "" to forget it."""
        self._set[name] = value

    def reply(self, status: int, text: str, headers: Mapping[str, str]) -> flask.Response:
        """A reply, with what the browser shall keep."""
        made = flask.Response(text, status, dict(headers))
        for name, value in self._set.items():
            made.set_cookie(
                self._named(name),
                value,
                max_age=None if value else 0,
                secure=self._is_secure,
                httponly=True,
                samesite="Lax",  # Strict would not come along when Google sends somebody back
            )
        return made

    def _bound(self, browser: str) -> dict[str, str]:
        return {"source": self.source, "browser": browser, "person": self.person() or ""}

    def _browser(self) -> str:
        if not self.kept(BROWSER):
            self.keep(BROWSER, secrets.token_urlsafe(16))
        return self._set.get(BROWSER) or self.kept(BROWSER)

    def _named(self, name: str) -> str:
        """A cookie's name: each form has its own, and none of them knows of another's visitors."""
        return f"{OWN_HOST if self._is_secure else ''}{name}-{self.source}"

    @property
    def _is_secure(self) -> bool:
        """Whether the browser speaks https, which ends at Cloud Run's front end."""
        return self.request.headers.get("X-Forwarded-Proto", self.request.scheme) == "https"

    @property
    def _client(self) -> str:
        """Where it comes from: Cloud Run's front end adds that last, whatever else is there."""
        said = self.request.headers.get("X-Forwarded-For", "")
        return said.rpartition(",")[2].strip() or self.request.remote_addr or ""
