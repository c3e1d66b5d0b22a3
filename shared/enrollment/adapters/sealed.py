"""What a browser keeps for us: nobody else can read it, change it, or make it up.

Fernet (cryptography's documentation): AES-128-CBC and HMAC-SHA256, with the time in it.
"""

import base64
import hashlib
import hmac
import json
from collections.abc import Mapping
from datetime import datetime

from cryptography.fernet import Fernet, InvalidToken


class Seal:
    """Seals small texts for one purpose; what was sealed for another is none."""

    def __init__(self, key: bytes, purpose: str) -> None:
        own = hmac.digest(key, f"sealed for {purpose}".encode(), hashlib.sha256)
        self._fernet = Fernet(base64.urlsafe_b64encode(own))

    def sealed(self, said: Mapping[str, str], now: datetime) -> str:
        """The texts as one token."""
        told = json.dumps(dict(said)).encode()
        return self._fernet.encrypt_at_time(told, int(now.timestamp())).decode()

    def opened(self, token: str, good_for: int, now: datetime) -> Mapping[str, str] | None:
        """What was sealed no more than so many seconds ago; None for everything else."""
        try:
            told = self._fernet.decrypt_at_time(
                token.encode(), ttl=good_for, current_time=int(now.timestamp())
            )
        except (InvalidToken, UnicodeEncodeError):
            return None
        said = json.loads(told)
        return said if isinstance(said, dict) else None
