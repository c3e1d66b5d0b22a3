"""Who may send to the local stack: a made-up sender for each format that a person can try."""

import json
from collections.abc import Iterable
from itertools import islice

from infra.local.push import Address

SECRET_NAME = "SIS_WEBHOOK_SECRET"
# Made up, and of no use elsewhere: the stack listens on loopback only.
SECRET = "whsec_bG9jYWwgc3RhY2sgb25seTogbWFkZSB1cCBzZWNyZXQ="
ADDRESS_NAME, FORM_NAME = "SIS_WEBHOOK", "SIGNUP_FORM"
SENDERS = {"sis": "native", "oneroster": "oneroster"}
MOST_CHOICES = 5  # of a form that shows how it looks


def sources_toml(domains: object, courses: Iterable[str] = ()) -> str:
    """The declarations of the local stack; at its form one chooses among the first courses."""
    lines = ["[school]", f"domains = {json.dumps(domains)}"]
    for name, written in SENDERS.items():
        lines += [
            "",
            f"[sources.{name}]",
            'kind = "webhook"',
            f'format = "{written}"',
            f'verify = {{ scheme = "standard-webhooks", secrets = ["env://{SECRET_NAME}"] }}',
        ]
    lines += ["", "[sources.signup]", 'kind = "web_form"', 'format = "web_form"']
    if choices := list(islice(dict.fromkeys(courses), MOST_CHOICES)):
        lines += ["", "[sources.signup.form.choices]"]
        lines += [f"{json.dumps(each)} = {json.dumps(each)}" for each in choices]
    return "\n".join([*lines, ""])


def addresses(webhook: Address | None, form: Address | None) -> dict[str, str]:
    """Where a person's own sender posts to, and where the form is, while the instances live."""
    there = {}
    if webhook is not None:
        there[ADDRESS_NAME] = "http://{}:{}/sis".format(*webhook)
    if form is not None:
        there[FORM_NAME] = "http://{}:{}/signup".format(*form)
    return there
