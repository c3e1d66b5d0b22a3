"""Who a call is made as: keyless domain-wide delegation, or anybody on a loopback school.

Keyless: the service account signs by IAM `signJwt` for a subject; no key file exists. Scope
`classroom.rosters` alone (classroom-api facts §5.1, §5.2 route B; google-auth >= 2.38).
"""

import json
import threading
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from typing import Any, Protocol

import google.auth
import google_auth_httplib2
import httplib2
from google.auth import credentials as google_credentials
from google.auth import exceptions, impersonated_credentials

from enrollment.ports import Misconfigured, Refused, Trouble, Unavailable
from enrollment.reasons import Reason

SCOPES = ["https://www.googleapis.com/auth/classroom.rosters"]
SIGNING_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
SUBJECTS = 256  # students' credentials kept; a token is worth keeping for an hour at most
FRESH_SECONDS = 60.0


class Identities(Protocol):
    """Gives the headers of a call made as somebody."""

    def headers(self, subject: str, *, as_student: bool, timeout: float) -> dict[str, str]:
        """The headers that say who calls. Raises Refused, Unavailable or Misconfigured."""

    def rejected(self, subject: str) -> bool:
        """Google said 401: forget the token; True if it was fresh, so a new one will not help."""


class LoopbackIdentities:
    """Identities for a school on this machine: no secret, only a name."""

    def headers(self, subject: str, *, as_student: bool, timeout: float) -> dict[str, str]:
        """Say who calls, as a fake Classroom understands it."""
        del as_student, timeout
        return {"authorization": f"Bearer loopback:{subject}"}

    def rejected(self, subject: str) -> bool:
        """A name cannot be renewed."""
        del subject
        return True


@dataclass
class _Token:
    credentials: Any
    lock: threading.Lock = field(default_factory=threading.Lock)
    renewed_at: float = float("-inf")


@dataclass
class Delegation:
    """Identities of a Workspace domain, signed for by the service account `delegate`."""

    delegate: str
    source: google_credentials.Credentials | None = None
    _tokens: OrderedDict[str, _Token] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def headers(self, subject: str, *, as_student: bool, timeout: float) -> dict[str, str]:
        """The subject's access token, renewed when it is about to end."""
        try:
            token = self._token(subject)
            with token.lock:
                if token.credentials.token_state.name != "FRESH":
                    request = google_auth_httplib2.Request(httplib2.Http(timeout=timeout))
                    token.credentials.refresh(request)
                    token.renewed_at = time.monotonic()
            return {"authorization": f"Bearer {token.credentials.token}"}
        except (exceptions.GoogleAuthError, OSError, httplib2.HttpLib2Error) as error:
            raise token_trouble(error, as_student=as_student) from error

    def rejected(self, subject: str) -> bool:
        """Forget the subject's token."""
        with self._lock:
            token = self._tokens.pop(subject, None)
        return token is None or time.monotonic() - token.renewed_at < FRESH_SECONDS

    def _token(self, subject: str) -> _Token:
        with self._lock:
            if self.source is None:
                self.source, _ = google.auth.default(scopes=[SIGNING_SCOPE])
            token = self._tokens.get(subject)
            if token is None:
                # The scopes are given here: a later with_scopes() would drop the subject silently.
                token = self._tokens[subject] = _Token(
                    impersonated_credentials.Credentials(
                        self.source,
                        target_principal=self.delegate,
                        target_scopes=SCOPES,
                        subject=subject,
                    )
                )
            self._tokens.move_to_end(subject)
            while len(self._tokens) > SUBJECTS:
                self._tokens.popitem(last=False)
            return token


def token_trouble(error: Exception, *, as_student: bool) -> Trouble:
    """What a token that could not be had means (classroom-api facts §5.2, §5.3)."""
    said = str(error).lower()
    if isinstance(error, exceptions.RefreshError):
        return _refresh_trouble(error, said, as_student=as_student)
    if "error calling the iam" in said:
        return Misconfigured(Reason.SIGNING_REFUSED, "IAM refused to sign")
    if isinstance(error, exceptions.DefaultCredentialsError):
        return Misconfigured(Reason.CREDENTIALS_REJECTED, "no default credentials")
    return Unavailable(Reason.CLASSROOM_DOWN, f"no token: {type(error).__name__}")


def _refresh_trouble(error: exceptions.RefreshError, said: str, *, as_student: bool) -> Trouble:
    if error.retryable:
        return Unavailable(Reason.CLASSROOM_DOWN, "no token: the token endpoint is away")
    if "unable to acquire impersonated credentials" in said:
        if _server_error(error):
            return Unavailable(Reason.CLASSROOM_DOWN, "no token: IAM is away")
        return Misconfigured(Reason.SIGNING_REFUSED, "IAM refused to sign")
    if "unauthorized_client" in said or not as_student:
        return Misconfigured(Reason.DELEGATION_REFUSED, "the token was refused")
    return Refused(Reason.STUDENT_ACCESS, "the token was refused")


def _server_error(error: exceptions.RefreshError) -> bool:
    """Whether IAM's own answer, which google-auth passes on as text, was a 429 or 5xx."""
    body = error.args[1] if len(error.args) > 1 else ""
    try:
        code = json.loads(body)["error"]["code"]
    except (ValueError, TypeError, KeyError):
        return False
    return isinstance(code, int) and (code == 429 or code >= 500)
