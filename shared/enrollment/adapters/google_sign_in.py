"""Signing in with Google, by the authorization code flow with PKCE (RFC 7636).

The addresses are those of Google's discovery document,
https://accounts.google.com/.well-known/openid-configuration.
"""

import base64
import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from enrollment.adapters.web import NoAnswer, ask
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from enrollment.verify.google_oidc import PUBLISHED_AT
from enrollment.verify.received import NotVerified, Why

SECONDS = 10.0
OK, BAD_REQUEST = 200, 400
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass(frozen=True)
class Addresses:
    """Where people sign in, where a code becomes a token, where Google's keys are."""

    authorize: str = "https://accounts.google.com/o/oauth2/v2/auth"
    token: str = "https://oauth2.googleapis.com/token"  # noqa: S105 - where one is had
    keys: str = PUBLISHED_AT

    @classmethod
    def at(cls, place: str) -> "Addresses":
        """Those of a stand-in on this machine."""
        return cls(f"{place}/authorize", f"{place}/token", f"{place}/certs")


@dataclass(frozen=True)
class GoogleClient:
    """An OAuth client of the school's project."""

    client_id: str
    addresses: Addresses

    def way_in(self, back_to: str, state: str, nonce: str, verifier: str) -> str:
        """The address where a person signs in, and is sent back from with a code."""
        challenge = hashlib.sha256(verifier.encode()).digest()
        asked = {
            "client_id": self.client_id,
            "redirect_uri": back_to,
            "response_type": "code",
            "scope": "openid email",
            "state": state,
            "nonce": nonce,
            "code_challenge": base64.urlsafe_b64encode(challenge).rstrip(b"=").decode(),
            "code_challenge_method": "S256",
            "prompt": "select_account",  # at a shared machine somebody else may be signed in
        }
        return f"{self.addresses.authorize}?{urlencode(asked)}"

    def token(self, code: str, back_to: str, verifier: str, secret: "Secret") -> str:
        """The ID token for a code. Raises NotVerified for a code that is none, or Unavailable."""
        asked = {
            "client_id": self.client_id,
            "client_secret": secret.value,
            "code": code,
            "code_verifier": verifier,
            "grant_type": "authorization_code",
            "redirect_uri": back_to,
        }
        try:
            answer = ask(
                self.addresses.token, SECONDS, data=urlencode(asked).encode(), headers=FORM
            )
        except NoAnswer as trouble:
            raise Unavailable(Reason.SIGN_IN_DOWN, str(trouble)) from None
        if answer.status == BAD_REQUEST:  # invalid_grant: used before, too late, or made up
            raise NotVerified(Why.NO_CODE)
        if answer.status != OK:
            raise Unavailable(Reason.SIGN_IN_DOWN, f"the answer is {answer.status}")
        token = _object(answer.body).get("id_token")
        if not isinstance(token, str):
            raise Unavailable(Reason.SIGN_IN_DOWN, "the answer holds no ID token")
        return token


@dataclass(frozen=True)
class Secret:
    """A secret that no traceback shows."""

    value: str = field(repr=False)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        said = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return said if isinstance(said, dict) else {}
