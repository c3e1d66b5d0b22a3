"""Lists, a page at a time."""

from base64 import b64decode, urlsafe_b64encode
from collections.abc import Iterable, Mapping
from itertools import islice
from typing import TypeVar

from infra.fake_classroom import refusals
from infra.fake_classroom.errors import Refusal

Item = TypeVar("Item")


def page(
    items: Iterable[Item], query: Mapping[str, str], *, default: int
) -> tuple[list[Item], dict[str, str]]:
    """The items that `pageSize` and `pageToken` ask for, and `nextPageToken` if there are more."""
    size = int(query.get("pageSize", "0")) or default  # 0 means the default (discovery document)
    start = _start(query.get("pageToken", ""))
    if size < 0 or start < 0:
        raise Refusal(refusals.INVALID_ARGUMENT)
    found = list(islice(items, start, start + size + 1))
    if len(found) <= size:
        return found, {}
    token = urlsafe_b64encode(str(start + size).encode()).decode()
    return found[:size], {"nextPageToken": token}


def _start(token: str) -> int:
    try:
        return int(b64decode(token, altchars=b"-_", validate=True) or b"0")
    except ValueError:
        return -1
