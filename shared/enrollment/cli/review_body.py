"""The body of a review item as it may be shown: never an enrollment code, however it is written."""

import json
import re
from typing import Any

from enrollment.review_item import ReviewItem

BLANK = "***"
SECRET = re.compile(r"code|secret|password|token", re.IGNORECASE)
# A text like this may be a document of its own, or tell its code: `enrollment_code=x7gk2p`.
INNER = re.compile(r"[{\\]|(code|secret|password|token).", re.IGNORECASE | re.DOTALL)


def body_without_code(item: ReviewItem) -> str | None:
    """The message with every code in it blanked; None if it is no JSON object.

    In a text that cannot be taken apart, a code cannot be told from the rest.
    """
    try:
        fields = json.loads(item.body.decode())
        if not isinstance(fields, dict):
            return None
        shown = json.dumps(_blanked(fields, _secrets(fields)), ensure_ascii=False)
    except (ValueError, RecursionError):
        return None
    return shown.encode(errors="replace").decode()


def _secrets(value: Any, *, known: bool = False) -> set[str]:
    """Every text and number under a name that tells a secret."""
    match value:
        case dict():
            inner = ((known or bool(SECRET.search(name)), each) for name, each in value.items())
            return {secret for known, each in inner for secret in _secrets(each, known=known)}
        case list():
            return {secret for each in value for secret in _secrets(each, known=known)}
        case None | bool() | "":
            return set()
        case _:
            return {str(value)} if known else set()


def _blanked(value: Any, secrets: set[str]) -> Any:
    """The value with every secret blanked, wherever it stands."""
    match value:
        case dict():
            return {
                BLANK if _tells(name, secrets) else name: _blanked(each, secrets)
                for name, each in value.items()
            }
        case list():
            return [_blanked(each, secrets) for each in value]
        case str():
            return BLANK if _tells(value, secrets) or INNER.search(value) else value
        case None | bool():
            return value
        case _:
            return BLANK if str(value) in secrets else value


def _tells(text: str, secrets: set[str]) -> bool:
    return any(secret in text for secret in secrets)
