"""Who a call is made as: keyless domain-wide delegation, or anybody on a loopback school.

Keyless: the service account signs by IAM `signJwt` for a subject; no key file exists. For Classroom
scope `classroom.rosters` alone (classroom-api facts §5.1, §5.2 route B; google-auth >= 2.38).
"""

import json
import threading
from collections import OrderedDict
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from typing import Any, Protocol

import google.auth
import google_auth_httplib2
import httplib2
from google.auth import credentials as google_credentials
from google.auth import exceptions, impersonated_credentials

from enrollment.adapters.classroom.proxy import TunnelledHttps
from enrollment.adapters.clock import monotonic
from enrollment.ports import Misconfigured, Refused, Trouble, Unavailable
from enrollment.reasons import Reason

SCOPES = ("https://www.googleapis.com/auth/classroom.rosters",)
SIGNING_SCOPE = "https://www.googleapis.com/auth/cloud-platform"
SUBJECTS = 256  # students' credentials kept; a token is worth keeping for an hour at most
FRESH_SECONDS = 60.0


class Identities(Protocol):
    """Gives the headers of a call made as somebody."""

    def headers(self, subject: str, *, as_student: bool, timeout: float) -> dict[str, str]:
        """The headers that say who calls. Raises Refused, Unavailable or Misconfigured."""

    def rejected(self, subject: str, headers: dict[str, str]) -> bool:
        """Google said 401: forget these; True if they were fresh, so new ones will not help."""


class LoopbackIdentities:
    """Identities for a school on this machine: no secret, only a name."""

    def headers(self, subject: str, *, as_student: bool, timeout: float) -> dict[str, str]:
        """Say who calls, as a fake Classroom understands it."""
        del as_student, timeout
        return {"authorization": f"Bearer loopback:{subject}"}

    def rejected(self, subject: str, headers: dict[str, str]) -> bool:
        """A name cannot be renewed."""
        del subject, headers
        return True


class Transport:
    """How google-auth calls: all calls for one token, its repetitions too, end within `seconds`."""

    def __init__(self, seconds: float) -> None:
        self._ends = monotonic() + seconds

    def __call__(self, url: str, **call: Any) -> Any:
        """Make one call. Raises TransportError or OSError."""
        left = self._ends - monotonic()
        if left <= 0:
            raise exceptions.TransportError("no time is left")
        if url.startswith("https:"):
            call["connection_type"] = TunnelledHttps
        with closing(httplib2.Http(timeout=left, proxy_info=None)) as http:
            return google_auth_httplib2.Request(http)(url, **call)


@dataclass
class _Token:
    credentials: Any
    lock: threading.Lock = field(default_factory=threading.Lock)
    renewed_at: float = float("-inf")

    @property
    def headers(self) -> dict[str, str]:
        return {"authorization": f"Bearer {self.credentials.token}"}

    def renew(self, transport: Callable[..., Any]) -> None:
        self.credentials.refresh(transport)
        self.renewed_at = monotonic()


@dataclass
class Delegation:
    """Identities of a Workspace domain, signed for by the service account `delegate`.

    The subject "" is the service account itself.
    """

    delegate: str
    source: google_credentials.Credentials | None = None
    transport: Callable[[float], Callable[..., Any]] = Transport
    scopes: Sequence[str] = SCOPES
    _tokens: OrderedDict[str, _Token] = field(default_factory=OrderedDict, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)

    def headers(self, subject: str, *, as_student: bool, timeout: float) -> dict[str, str]:
        """The subject's access token, renewed when it is about to end."""
        transport = self.transport(timeout)
        try:
            token = self._token(subject)
            if not token.lock.acquire(timeout=timeout):  # others wait for the same token endpoint
                raise Unavailable(Reason.CLASSROOM_DOWN, "no token: it is being renewed")
            try:
                if token.credentials.token_state.name != "FRESH":
                    token.renew(transport)
                return token.headers
            finally:
                token.lock.release()
        except (exceptions.GoogleAuthError, OSError, httplib2.HttpLib2Error) as error:
            raise token_trouble(error, as_student=as_student) from error

    def rejected(self, subject: str, headers: dict[str, str]) -> bool:
        """Forget the subject's token, unless another call has had it renewed already."""
        with self._lock:
            token = self._tokens.get(subject)
            if token is None or token.headers != headers:
                return False
            del self._tokens[subject]
        return monotonic() - token.renewed_at < FRESH_SECONDS

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
                        target_scopes=list(self.scopes),
                        subject=subject or None,
                    )
                )
            self._tokens.move_to_end(subject)
            while len(self._tokens) > SUBJECTS:
                self._tokens.popitem(last=False)
            return token


# They speak of the service account, whoever it acts for (classroom-api facts, §5.3).
OURS = (
    "unauthorized_client",
    "invalid_client",
    "disabled_client",
    "deleted_client",
    "client not authorized",
    "invalid_scope",
    "org_internal",
    "invalid jwt",
    "expired or revoked",
)
# They speak of the account that it acts for.
SUBJECTS_OWN = ("invalid_grant", "invalid_account", "account restricted", "admin_policy_enforced")


def token_trouble(error: Exception, *, as_student: bool) -> Trouble:
    """What a token that could not be had means (classroom-api facts §5.2, §5.3)."""
    said = str(error).lower()
    if "error calling the iam" in said:
        return Misconfigured(Reason.SIGNING_REFUSED, "IAM refused to sign")
    if isinstance(error, exceptions.RefreshError):
        return _refresh_trouble(error, said, as_student=as_student)
    if isinstance(error, exceptions.DefaultCredentialsError):
        return Misconfigured(Reason.NO_CREDENTIALS, "no default credentials")
    return Unavailable(Reason.CLASSROOM_DOWN, f"no token: {type(error).__name__}")


def _refresh_trouble(error: exceptions.RefreshError, said: str, *, as_student: bool) -> Trouble:
    # The metadata server's troubles come as a RefreshError that was a TransportError.
    if error.retryable or isinstance(error.__cause__, exceptions.TransportError):
        return Unavailable(Reason.CLASSROOM_DOWN, "no token: the token endpoint is away")
    if "unable to acquire impersonated credentials" in said:
        if _refused(error):
            return Misconfigured(Reason.SIGNING_REFUSED, "IAM refused to sign")
        return Unavailable(Reason.CLASSROOM_DOWN, "no token: IAM is away")
    if not as_student or any(words in said for words in OURS):
        return Misconfigured(Reason.DELEGATION_REFUSED, "the token was refused")
    if any(words in said for words in SUBJECTS_OWN):
        return Refused(Reason.STUDENT_ACCESS, "the token was refused")
    return Unavailable(Reason.UNKNOWN_ANSWER, "the token was refused")


def _refused(error: exceptions.RefreshError) -> bool:
    """Whether IAM's own answer, which google-auth passes on as text, was a no to this caller."""
    body = error.args[1] if len(error.args) > 1 else ""
    try:
        code = json.loads(body)["error"]["code"]
    except (ValueError, TypeError, KeyError):
        return False  # a page that somebody on the way put in
    return isinstance(code, int) and 400 <= code < 500 and code != 429
