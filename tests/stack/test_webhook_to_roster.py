"""A sender's webhook ends as a student on the roster, whatever the sender and the network do."""

import base64
import json
import random
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from http.client import HTTPConnection

import pytest
from grpc import StatusCode

from enrollment.verify.standard_webhooks import sign
from tests.leaks import leaks_in, no_leaks_in
from tests.stack.evidence import pairs
from tests.stack.laws import CREATE
from tests.stack.stage import Stage, a_stage
from tests.stack.wire import PUBLISH, Weather
from tests.stack.wishes import OWN, PLAIN

pytestmark = [pytest.mark.stack, pytest.mark.emulators]

NEW, OLD = ("whsec_" + base64.b64encode(bytes(range(n, n + 32))).decode() for n in (0, 64))
SOURCES = f"""
[school]
domains = ["{OWN}"]

[sources.sis]
kind = "webhook"
format = "native"
verify = {{ scheme = "standard-webhooks", secrets = ["env://NEW", "env://OLD"] }}
email_domains = ["{OWN}"]
courses = ["d:math"]

[sources.oneroster]
kind = "webhook"
format = "oneroster"
verify = {{ scheme = "standard-webhooks", secrets = ["env://NEW"] }}
"""
PATIENCE = 30.0
UNAVAILABLE = StatusCode.UNAVAILABLE
STUDENT, CODE = "grace.hopper-leak", "k9leakq"


@dataclass
class Sender:
    """Posts to the running function, as it answers now."""

    stage: Stage

    def post(self, wish, delivery_id, *, secret=NEW, source="sis", altered=False):
        body = json.dumps(wish).encode()
        headers = sign(secret, delivery_id, datetime.now(UTC), body)
        if altered:
            body = body.replace(b"d:math", b"d:moth")
        return self._ask("POST", f"/{source}", body, headers)

    def look(self, place):
        return self._ask("GET", place, None, {})[1]

    def _ask(self, method, path, body, headers):
        host, port = self.stage.stack.functions["sis_webhook"].address(60)
        connection = HTTPConnection(host, port, timeout=60)
        try:
            headers = {"Content-Type": "application/json", **headers}
            connection.request(method, path, body, headers)
            reply = connection.getresponse()
            return reply.status, json.loads(reply.read())
        finally:
            connection.close()

    def creates(self):
        return sum(each.method == CREATE for each in self.stage.fake.log)

    def until_settled(self, place):
        give_up = time.monotonic() + PATIENCE
        while (told := self.look(place))["status"] != "settled":
            assert time.monotonic() < give_up, told
            time.sleep(0.1)
        return told


def seated(stage):
    return {student for _, student in pairs(stage.fake.roster()["students"])}


def test_from_the_senders_door_to_the_roster(emulators, tmp_path):
    with a_stage(
        emulators, tmp_path, seed=5, quota=6000, sources=SOURCES, secrets={"NEW": NEW, "OLD": OLD}
    ) as stage:
        sender = Sender(stage)
        first, second, third, fourth = (
            stage.wishes.one(PLAIN)[0][0].request.student for _ in range(4)
        )

        # Signed, it ends on the roster.
        status, told = sender.post(wish(first), "msg_1")
        assert status == 202
        assert sender.until_settled(told["status_url"])["outcome"] == "enrolled"
        assert first in seated(stage)
        assert sender.creates() == 1

        # Sent again, it changes nothing.
        assert sender.post(wish(first), "msg_1") == (202, told | {"duplicate": True})
        # Altered by one byte, it is refused.
        assert sender.post(wish(second), "msg_2", altered=True)[0] == 401
        # With the old secret during rotation, it is accepted.
        status, old = sender.post(wish(second), "msg_3", secret=OLD)
        assert status == 202
        assert sender.until_settled(old["status_url"])["outcome"] == "enrolled"
        assert sender.creates() == 2

        # While publishing fails, heard or not, it is told to come again, and is enrolled once.
        for lost in (False, True):
            weather = Weather(
                random.Random(5), 1.0, (UNAVAILABLE,), frozenset({PUBLISH}), lose=lost
            )
            stage.wires["pubsub"].add(weather)
            assert sender.post(wish(third), "msg_4")[0] == 503
            stage.wires["pubsub"].remove(weather)
            assert weather.spoilt
        status, told = sender.post(wish(third), "msg_4")
        assert (status, told["duplicate"]) == (202, True)
        assert sender.until_settled(told["status_url"])["outcome"] == "enrolled"
        assert sender.creates() == 3

        # Killed while it works, it is asked again, and what was accepted is enrolled once.
        stage.kill("sis_webhook", "between two tries of a sender")
        status, told = sender.post(one_roster(fourth), "msg_5", source="oneroster")
        assert (status, told["accepted"]) == (202, 1)
        place = told["results"][0]["status_url"]
        assert sender.until_settled(place)["outcome"] == "enrolled"
        assert sender.creates() == 4

        for body in ({"student": "me"}, {"course_id": "d:other", "student": first}):
            assert sender.post(wish(first) | body, "msg_6")[0] == 422
        assert {first, second, third, fourth} <= seated(stage)
    said = {first, second, third, fourth, STUDENT, CODE, NEW, OLD, "17-leak"}
    no_leaks_in(stage.ears.written, said)
    told = ("received", "schema_version", "/webhook_ids/delivery-")
    assert {each.seen for each in leaks_in(stage.ears.written, told)} == {*told}  # it would be seen


def wish(student):
    return {"course_id": "d:math", "student": student, "name": STUDENT, "password": CODE}


def one_roster(student):
    return {
        "users": [{"sourcedId": "17-leak", "email": student, "givenName": STUDENT}],
        "enrollments": [
            {
                "sourcedId": "enr-1",
                "role": "student",
                "class": {"sourcedId": "math"},
                "user": {"sourcedId": "17-leak"},
            }
        ],
    }
