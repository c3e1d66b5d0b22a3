"""A person who signs in with Google: whose account it is, as Google's ID token says.

The facts are Google's, "OpenID Connect" and "Verify the Google ID token on your server side".
"""

import hmac
from dataclasses import dataclass, field
from datetime import datetime

from enrollment.verify.google_oidc import google_claims, verified_email
from enrollment.verify.jwks import Keys
from enrollment.verify.received import NotVerified, Why

CONSUMERS = ("gmail.com", "googlemail.com")  # whose accounts Google itself gives


@dataclass(frozen=True)
class GoogleSignIn:
    """Believes Google's word that was given to this client."""

    client_id: str
    keys: Keys = field(repr=False)

    def person(self, token: str, nonce: str, now: datetime) -> str:
        """The address of whoever has signed in, in lower case. Raises NotVerified.

        Google speaks for the addresses of a Workspace account and for its own. Anybody may have
        given another address to a private account, and may no longer hold its mailbox.
        """
        claims = google_claims(token, self.keys, self.client_id, now)
        said = claims.get("nonce")
        if not isinstance(said, str) or not hmac.compare_digest(said.encode(), nonce.encode()):
            raise NotVerified(Why.WRONG_NONCE)
        address = verified_email(claims)
        hosted = isinstance(claims.get("hd"), str) and claims["hd"]
        if not hosted and address.rpartition("@")[2] not in CONSUMERS:
            raise NotVerified(Why.PRIVATE_ACCOUNT)
        return address
