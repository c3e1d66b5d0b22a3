"""Reading Google's error bodies: two shapes, a list around them, plain text, HTML, half a JSON.

google-api-python-client hides `error.status` and, when there are details, `errors[].reason`; so the
body itself is read. Facts: error-structure page (`@Code ` with its trailing space), classroom-api
facts §2.1 and §2.3.
"""

import json
import re
from dataclasses import dataclass

CODE = re.compile(r"@([A-Za-z][A-Za-z0-9]{0,63})(?= )")
UNREADABLE = "?"  # stands for an `@` that no code can be read behind
QUOTA_WORDS = ("quota exceeded", "rate limit", "request rate higher", "rate exceeded")
QUOTA_REASONS = frozenset({"rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"})
# Where `error.status` is missing, the coarse reason tells it.
STATUS_OF_REASON = {
    "failedPrecondition": "FAILED_PRECONDITION",
    "invalidArgument": "INVALID_ARGUMENT",
    "invalid": "INVALID_ARGUMENT",
    "alreadyExists": "ALREADY_EXISTS",
    "duplicate": "ALREADY_EXISTS",
    "aborted": "ABORTED",
    "notFound": "NOT_FOUND",
    "forbidden": "PERMISSION_DENIED",
}


@dataclass(frozen=True, kw_only=True)
class Problem:
    """What an error answer says. `words` is kept for looking up only; it may hold an address."""

    http: int
    status: str | None
    code: str | None
    reasons: frozenset[str]
    words: str
    is_json: bool

    @property
    def detail(self) -> str:
        """What may be shown and stored: codes, never Google's sentence, which may name a person."""
        parts = [str(self.http), self.status or ("" if self.is_json else "no JSON")]
        if self.code:
            parts.append(f"@{self.code}")
        return " ".join(part for part in parts if part)

    @property
    def quota(self) -> bool:
        """Whether it speaks of the quota for calls, by its reason or its words."""
        worded = any(words in self.words for words in QUOTA_WORDS)
        return bool(self.reasons & QUOTA_REASONS) or "RATE_LIMIT_EXCEEDED" in self.reasons or worded


def read_problem(http: int, content: bytes) -> Problem:
    """What an error answer with this HTTP status says."""
    error = _error(content)
    if error is None:
        words = content.decode(errors="replace").lower()
        return Problem(
            http=http, status=None, code=None, reasons=frozenset(), words=words, is_json=False
        )
    message = error.get("message")
    message = message if isinstance(message, str) else ""
    code = CODE.match(message)
    odd = message.startswith("@") and code is None
    reasons = _reasons(error)
    return Problem(
        http=http,
        status=_status(error, reasons),
        code=code.group(1) if code else UNREADABLE if odd else None,
        reasons=reasons,
        words=message.lower(),
        is_json=True,
    )


def _error(content: bytes) -> dict[str, object] | None:
    try:
        body = json.loads(content)
    except (ValueError, RecursionError):
        return None
    if isinstance(body, list) and body:
        body = body[0]
    error = body.get("error") if isinstance(body, dict) else None
    return error if isinstance(error, dict) else None


def _status(error: dict[str, object], reasons: frozenset[str]) -> str | None:
    status = error.get("status")
    if isinstance(status, str) and re.fullmatch(r"[A-Z_]{2,40}", status):
        return status
    return next(
        (STATUS_OF_REASON[each] for each in sorted(reasons) if each in STATUS_OF_REASON), None
    )


def _reasons(error: dict[str, object]) -> frozenset[str]:
    found = set()
    for name in ("errors", "details"):
        listed = error.get(name)
        for each in listed if isinstance(listed, list) else []:
            reason = each.get("reason") if isinstance(each, dict) else None
            if isinstance(reason, str):
                found.add(reason)
    return frozenset(found)
