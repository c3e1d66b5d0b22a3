"""Secrets by reference: `env://NAME` from the environment, `secret://NAME` from Secret Manager.

What is fetched is kept for five minutes, so a new version is live without a deployment; while
Secret Manager is away, what was fetched last is served on.
"""

import base64
import binascii
import os
import re
import threading
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Any

from enrollment.adapters.clock import monotonic
from enrollment.adapters.kept import Fetched, Gone, Kept
from enrollment.ports import Unavailable
from enrollment.reasons import Reason

if TYPE_CHECKING:
    from google.auth.credentials import Credentials

ENDPOINT = "https://secretmanager.googleapis.com"
SCOPE = "https://www.googleapis.com/auth/cloud-platform"
KEPT = 5 * 60.0  # seconds
SECONDS = 5.0  # of one call; the token, if a new one is needed, has as many
NAME = re.compile(r"[A-Za-z0-9_-]{1,255}")  # Secret Manager's rule
# What is told when nobody could look; 404 is an answer about the secret itself.
UNSEEN = re.compile(r"cannot be had |needs GOOGLE_CLOUD_PROJECT |Secret Manager answers (?!404)")


class Secrets:
    """The values of references. For any number of threads.

    Without `credentials`, those of the machine are found when the first secret is asked for.
    """

    def __init__(
        self,
        project: str | None,
        *,
        endpoint: str = ENDPOINT,
        credentials: "Credentials | None" = None,
        environment: Mapping[str, str] = os.environ,
        clock: Callable[[], float] = monotonic,
    ) -> None:
        self._project, self._endpoint, self._credentials = project, endpoint, credentials
        self._environment, self._clock = environment, clock
        self._kept: dict[str, Kept[str]] = {}
        self._lock = threading.Lock()

    def value(self, reference: str) -> str:
        """What the reference stands for. Raises Unavailable, naming the reference alone."""
        place, _, name = reference.partition("://")
        if place == "env":
            value = self._environment.get(name)
            if not value:
                raise trouble(reference, "is not set in the environment")
            return value
        if place != "secret" or not NAME.fullmatch(name):
            raise Unavailable(Reason.SECRETS_DOWN, "no reference like secret://NAME or env://NAME")
        with self._lock:
            kept = self._kept.setdefault(
                reference, Kept(partial(self._fetch, reference, name), self._clock)
            )
        return kept.value()

    def _fetch(self, reference: str, name: str) -> Fetched[str]:
        if self._project is None:
            raise Gone(trouble(reference, "needs GOOGLE_CLOUD_PROJECT to be set"))
        path = f"/v1/projects/{self._project}/secrets/{name}/versions/latest:access"
        status, said = self._ask(reference, self._endpoint + path)
        if status == 200:
            return Fetched(_payload(reference, said), KEPT)
        fact = trouble(reference, f"cannot be read: Secret Manager answers {status}")
        # Destroyed, disabled or no longer ours: what was taken away is not served on. A request
        # that is too much (429) or that took too long (408) says nothing about the secret.
        raise Gone(fact) if 400 <= status < 500 and status not in (408, 429) else fact

    def _ask(self, reference: str, address: str) -> tuple[int, Any]:
        import google.auth
        from google.auth.exceptions import GoogleAuthError
        from google.auth.transport.requests import AuthorizedSession

        try:
            credentials = self._credentials or google.auth.default(scopes=[SCOPE])[0]
            self._credentials = credentials
            # A session for each fetch: they are minutes apart, and it is not for several threads.
            with AuthorizedSession(credentials, refresh_timeout=SECONDS) as session:
                if self._endpoint != ENDPOINT:
                    session.trust_env = False  # no proxy stands before a stand-in
                answer = session.get(address, timeout=SECONDS, allow_redirects=False)
                return answer.status_code, answer.json() if answer.status_code == 200 else None
        except (GoogleAuthError, OSError, ValueError) as error:  # those of requests are OSErrors
            raise trouble(reference, f"cannot be had ({type(error).__name__})") from None


def _payload(reference: str, said: Any) -> str:
    try:
        return base64.b64decode(said["payload"]["data"], validate=True).decode()
    except (KeyError, TypeError, binascii.Error, UnicodeDecodeError):
        raise trouble(reference, "is not the text of a secret: store it as plain UTF-8") from None


def trouble(reference: str, fact: str) -> Unavailable:
    """What is told of a secret that cannot be had."""
    return Unavailable(Reason.SECRETS_DOWN, f"{reference} {fact}")


def unseen(trouble: Unavailable) -> bool:
    """Whether it says nothing of the secret: whoever asked may not see it, or got no answer."""
    return UNSEEN.search(trouble.detail) is not None
