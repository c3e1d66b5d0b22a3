"""IAM and the token endpoint in memory, and a delegation that asks them."""

import json
from types import SimpleNamespace
from urllib.parse import parse_qs

from google.auth.credentials import Credentials

from enrollment.adapters.classroom.credentials import Delegation

ADMIN = "admin@northside.example"
ADA = "ada@northside.example"
DELEGATE = "enroller@school.iam.gserviceaccount.com"
ROSTERS = "https://www.googleapis.com/auth/classroom.rosters"
SIGN_JWT = f"https://iamcredentials.googleapis.com/v1/projects/-/serviceAccounts/{DELEGATE}:signJwt"
TOKEN = "https://oauth2.googleapis.com/token"


class Source(Credentials):
    """The identity that the program runs as."""

    def __init__(self):
        super().__init__()
        self.token = "source"

    def refresh(self, request):
        """It never ends."""


class Google:
    """IAM and the token endpoint, and what they were asked."""

    def __init__(self, *, lasts=3600, refusal=None):
        self.signed, self.granted, self.timeouts = [], [], []
        self._lasts, self._refusal = lasts, refusal

    def transport(self, timeout):
        self.timeouts.append(timeout)
        return self.answer

    def answer(self, url, method, headers, body):
        if url == TOKEN:
            self.granted.append(parse_qs(body.decode()))
            if self._refusal:
                return self._said(400, {"error": self._refusal})
            token = {"access_token": f"token-{len(self.granted)}", "expires_in": self._lasts}
            return self._said(200, token)
        self.signed.append((url, headers["authorization"], json.loads(body)))
        return self._said(200, {"signedJwt": f"signed-{len(self.signed)}"})

    @staticmethod
    def _said(status, said):
        return SimpleNamespace(status=status, data=json.dumps(said).encode(), headers={})

    @property
    def claims(self):
        return [json.loads(body["payload"]) for _, _, body in self.signed]


def delegation(google):
    return Delegation(DELEGATE, source=Source(), transport=google.transport)
