"""`sis_webhook` asks the sender's own OneRoster service about ids that nobody has explained."""

import pytest

from tests.functions.conftest import ADA
from tests.functions.open_source import BASIC, credentials
from tests.oneroster_service import CLIENT, oneroster_service

SOURCES = """
[school]
domains = ["northside.example"]

[sources.sis]
kind = "webhook"
format = "oneroster"
verify = { scheme = "basic", secrets = ["env://BASIC"] }
course_id = "d:{course_id}"
lookup = { url = "URL", token_url = "TOKEN", client = "env://CLIENT" }
"""


class Sender:
    """Posts what OneRoster's own enrollments hold: ids, and nobody's address."""

    def __init__(self, doors):
        self.doors, self.client = doors, doors.app("sis_webhook").test_client()

    def post(self, user_id="17", event_id="enr-1"):
        record = {"sourcedId": event_id, "status": "active", "role": "student",
                  "user": {"sourcedId": user_id}, "class": {"sourcedId": "7b"}}  # fmt: skip
        return self.client.post("/sis", json={"enrollment": record}, headers=credentials())


@pytest.fixture
def service():
    with oneroster_service() as there:
        there.knows("17", email=ADA)
        there.has_class("7b", course={"sourcedId": "math"})
        yield there


@pytest.fixture
def sender(doors, service, tmp_path):
    place = service.place
    declared = tmp_path / "sources.toml"
    declared.write_text(SOURCES.replace("URL", place.url).replace("TOKEN", place.token_url))
    doors.start_again(SOURCES_FILE=str(declared), BASIC=BASIC, CLIENT=CLIENT)
    return Sender(doors)


def test_an_enrollment_of_ids_alone_is_looked_up_once(sender, service):
    first = sender.post()
    sender.doors.start_again()  # as another instance would, whose service is not needed
    service.failing = service.no_token = 500
    second = sender.post(event_id="enr-2")

    (request, again) = sender.doors.published("enrollment-requests", 2)
    assert (first.status_code, second.status_code) == (202, 202)
    assert ADA.encode() in request.body
    assert b"d:math" in again.body
    assert service.asked == ["/classes/7b", "/users/17"]
    assert len(service.tokens) == 1


def test_while_the_service_is_away_the_sender_has_to_try_again(sender, service):
    service.failing, service.headers = 503, {"retry-after": "1"}
    away = sender.post()
    again = sender.post()
    asked = len(service.asked)
    service.failing = None
    sender.doors.start_again()  # another instance, which need not wait

    assert (away.status_code, again.status_code, asked) == (503, 503, 1)
    assert (away.headers["Retry-After"], away.json["title"]) == ("10", "It cannot be accepted now")
    assert sender.post().status_code == 202
    assert len(sender.doors.published("enrollment-requests")) == 1


def test_whom_the_service_does_not_know_comes_to_review(sender, service):
    reply = sender.post("18")

    assert reply.json["status"] == "review"
    sender.doors.collect_all()
    (item,) = sender.doors.items()
    assert (item.reason, service.asked) == ("unmapped", ["/classes/7b", "/users/18"])


def test_the_log_names_the_service_and_nobody(sender, service):
    sender.post()
    service.failing = 500
    sender.post("18")

    log = sender.doors.logged.getvalue()
    assert f"{service.place.url}: the answer is 500" in log
    words = (ADA, CLIENT, service.token, BASIC, "users/", "classes/")
    assert [each for each in words if each in log] == []
