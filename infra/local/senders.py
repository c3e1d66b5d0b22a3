"""Who may send to the local stack: a made-up sender for each format that a person can try."""

import json

from infra.local.push import Address

SECRET_NAME = "SIS_WEBHOOK_SECRET"
# Made up, and of no use elsewhere: the stack listens on loopback only.
SECRET = "whsec_bG9jYWwgc3RhY2sgb25seTogbWFkZSB1cCBzZWNyZXQ="
ADDRESS_NAME = "SIS_WEBHOOK"
SENDERS = {"sis": "native", "oneroster": "oneroster"}


def sources_toml(domains: object) -> str:
    """The declarations of the local stack."""
    lines = ["[school]", f"domains = {json.dumps(domains)}"]
    for name, written in SENDERS.items():
        lines += [
            "",
            f"[sources.{name}]",
            'kind = "webhook"',
            f'format = "{written}"',
            f'verify = {{ scheme = "standard-webhooks", secrets = ["env://{SECRET_NAME}"] }}',
        ]
    return "\n".join([*lines, ""])


def webhook_addresses(at: Address | None) -> dict[str, str]:
    """Where a person's own sender may post to, for as long as this instance lives."""
    if at is None:
        return {}
    host, port = at
    return {ADDRESS_NAME: f"http://{host}:{port}/sis"}
