"""A school with two senders, and a way to post as they do."""

import base64
import json
from datetime import UTC, datetime

from enrollment.verify.standard_webhooks import sign
from enrollment.wire import decode
from tests.functions.conftest import ADA

NEW, OLD = ("whsec_" + base64.b64encode(bytes(range(n, n + 32))).decode() for n in (0, 64))
BASIC = "sis:a-long-made-up-password"
SOURCES = """
[school]
domains = ["northside.example"]

[sources.sis]
kind = "webhook"
format = "native"
verify = { scheme = "standard-webhooks", secrets = ["env://NEW", "env://OLD"] }
courses = ["d:*"]
email_domains = ["northside.example"]

[sources.roster]
kind = "webhook"
format = "oneroster"
answer = 200
verify = { scheme = "basic", secrets = ["env://BASIC"] }

[sources.nightly]
kind = "file"
"""
WISH = {"course_id": "d:math", "student": ADA}


class Sender:
    """Posts as a sender does, and looks at what came of it."""

    def __init__(self, doors):
        self.doors = doors
        self.client = doors.app("sis_webhook").test_client()

    def post(self, what, *, secret=NEW, delivery_id="msg_1", path="/sis", at=None, **more):
        body = what if isinstance(what, bytes) else json.dumps(what).encode()
        signed = sign(secret, delivery_id, at or datetime.now(UTC), body)
        headers = {"Content-Type": "application/json"} | signed | more.pop("headers", {})
        return self.client.post(path, data=more.pop("data", body), headers=headers)

    def get(self, path, **headers):
        return self.client.get(path, headers=headers)

    def requests(self, number=1):
        return [decode(each.body) for each in self.doors.published("enrollment-requests", number)]


def stranger():
    return "whsec_" + base64.b64encode(b"somebody else's secret, 32 bytes").decode()


def basic(credentials=BASIC):
    return {"Authorization": "Basic " + base64.b64encode(credentials.encode()).decode()}


def enrollment(**changes):
    usual = {"sourcedId": "enr-1", "status": "active", "role": "student",
             "class": {"sourcedId": "math"}, "user": {"sourcedId": "17"}}  # fmt: skip
    return {"enrollment": usual | changes,
            "user": {"sourcedId": "17", "email": ADA, "role": "student"}}  # fmt: skip
