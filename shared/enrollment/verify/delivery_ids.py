"""The sender's own id of a delivery, where no signature covers it."""

import re
from collections.abc import Mapping

# A token (RFC 9110, 5.6.2) with what UUIDs, URNs and base64 need besides; in quotes as well, as the
# draft of Idempotency-Key has it. 256 characters, as in Standard Webhooks.
_ID = re.compile(r'("?)([A-Za-z0-9!#$%&\'*+.^_`|~:/=-]{1,256})\1')
NAMES = ("webhook-id", "idempotency-key")


def delivery_id(headers: Mapping[str, str], names: tuple[str, ...] = NAMES) -> str | None:
    """The first of these headers that is one plain token; None if none is."""
    for name in names:
        found = _ID.fullmatch(headers.get(name, ""))
        if found:
            return found[2]
    return None
