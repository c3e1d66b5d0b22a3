"""Deliveries as Standard Webhooks has them signed, for its tests."""

from enrollment.verify.standard_webhooks import StandardWebhooks, sign
from tests.unit.verify.saying import NOW

CURRENT = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
OLD = "whsec_ICEiIyQlJicoKSorLC0uLzAxMjM0NTY3ODk6Ozw9Pj8="
BODY = b'{"type":"ping"}'


def scheme(*secrets):
    return StandardWebhooks.with_secrets(secrets or [CURRENT])


def signed(secret=CURRENT, sent_at=NOW, body=BODY, **changes):
    """The headers of a delivery that is right, but for the changes."""
    headers = sign(secret, "msg_1", sent_at, body)
    return headers | {f"webhook-{name}": value for name, value in changes.items()}
