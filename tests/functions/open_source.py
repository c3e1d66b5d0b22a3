"""A source with a password, and what it has sent before a test begins."""

import base64

from enrollment.openapi import Door
from tests.functions.conftest import ADA
from tests.functions.open_door import Caller, Opened

BASIC = "sis:a-long-made-up-password"
SOURCES = """
[school]
domains = ["northside.example"]

[sources.sis]
kind = "webhook"
format = "native"
verify = { scheme = "basic", secrets = ["env://BASIC"] }
"""
CHOSEN = "fall26:sis:1"
WISH = {"course_id": "d:math", "student": ADA}
UNKNOWN = "r1-" + "0" * 40


def credentials(pair=BASIC):
    return {"Authorization": "Basic " + base64.b64encode(pair.encode()).decode()}


def sent_before(doors, tmp_path):
    """Declare the source and send two wishes, one under an id of its own; the ids of both."""
    declared = tmp_path / "sources.toml"
    declared.write_text(SOURCES)
    doors.start_again(SOURCES_FILE=str(declared), BASIC=BASIC)
    client = doors.app("sis_webhook").test_client()
    return [
        client.post("/sis", json=each, headers=credentials()).json["request_id"]
        for each in (WISH, WISH | {"request_id": CHOSEN})
    ]


def opened(doors, tmp_path):
    """The webhook, with all of this."""
    ids = [*sent_before(doors, tmp_path), UNKNOWN, "nobody:1"]
    return Opened(
        door=Door.SIS_WEBHOOK,
        names={"/requests/{request_id}": {"request_id": ids}},
        callers={
            "known": Caller(sources=["sis"], headers=credentials),
            "stranger": Caller(sources=["sis"]),
        },
        hidden=[ADA, BASIC, CHOSEN],
        bodies={},
    )
