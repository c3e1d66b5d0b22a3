"""What people fill in ends as a student on the roster: at our own page, and in a Google Form."""

from datetime import UTC, datetime
from http.client import HTTPConnection
from urllib.parse import urlencode, urljoin

import pytest

from enrollment.adapters.pubsub import PubsubTopic
from enrollment.ports import Message
from enrollment.review import Desk
from infra.local.stack import FORM_NOTIFICATIONS, REQUESTS
from tests.forms import CLUBS, COURSE
from tests.forms_api import FakeForms
from tests.functions.visitor import Page
from tests.stack.evidence import pairs
from tests.stack.laws import CREATE
from tests.stack.stage import CLOCK, a_stage
from tests.stack.wishes import OWN, PLAIN

pytestmark = [pytest.mark.stack, pytest.mark.emulators]

SOURCES = f"""
[school]
domains = ["{OWN}"]

[sources.signup]
kind = "web_form"
format = "web_form"
form = {{ choices = {{ "Maths" = "d:math" }} }}

[sources.clubs]
kind = "google_form"
format = "google_forms"

[sources.clubs.form]
id = "{CLUBS}"
questions = {{ course = "{COURSE}", student = "respondent" }}
choices = {{ "Maths" = "d:math" }}
"""
PATIENCE = 30.0


class Browser:
    """A browser at the running function; it keeps one cookie."""

    def __init__(self, stage):
        self.stage, self.at, self.cookie = stage, "/signup", ""

    def go(self, method, address, body=None):
        self.at = urljoin(self.at, address)
        host, port = self.stage.stack.functions["form_intake"].address(60)
        connection = HTTPConnection(host, port, timeout=60)
        headers = {"Accept": "text/html", "Cookie": self.cookie}
        if body is not None:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
        try:
            connection.request(method, self.at, body, headers)
            reply = connection.getresponse()
            said = reply.read().decode()
        finally:
            connection.close()
        self.cookie = reply.headers.get("Set-Cookie", self.cookie).partition(";")[0]
        return reply.status, reply.headers.get("Location"), said

    def fill_in(self, **filled):
        page = Page(self.go("GET", "/signup")[2])
        (form,) = page.all("form")
        return self.go("POST", form["action"], urlencode(page.fields() | filled))


@pytest.fixture
def google():
    with FakeForms() as opened:
        opened.form(CLUBS)
        yield opened


def seated(stage):
    return {student for _, student in pairs(stage.fake.roster()["students"])}


def creates(stage):
    return sum(each.method == CREATE for each in stage.fake.log)


def test_from_a_form_to_the_roster(emulators, tmp_path, google):
    with a_stage(
        emulators, tmp_path, seed=7, quota=6000, sources=SOURCES, forms=google.endpoint
    ) as stage:
        by_page, by_look, by_notice = (
            stage.wishes.one(PLAIN)[0][0].request.student for _ in range(3)
        )

        # At our own page nobody has proved who they are: a person approves it.
        status, told_at, _ = (browser := Browser(stage)).fill_in(student=by_page, course="Maths")
        assert status == 303
        assert "A person at the school looks at it" in browser.go("GET", told_at)[2]
        stage.until(stage.memory.open_items, PATIENCE, "what was filled in comes to review")
        assert creates(stage) == 0
        approve(stage)
        stage.until(lambda: by_page in seated(stage), PATIENCE, "what was approved is enrolled")

        # In a Google Form, Google knows who answers, once a look has seen that it does. If Google
        # tells nobody, the hourly look finds it.
        stage.until(lambda: google.calls["get"], PATIENCE, "the first look sees how it collects")
        answer(google, "r-1", by_look)
        stage.until(lambda: by_look in seated(stage), PATIENCE, "the look of wake finds a response")

        # Told as often as it likes, and an instance killed meanwhile: each response counts once.
        answer(google, "r-2", by_notice)
        notices = [Message(b"", {"eventType": "RESPONSES", "formId": CLUBS})] * 5
        topic = PubsubTopic(stage.pubsub.publisher, stage.pubsub.topic(FORM_NOTIFICATIONS))
        topic.publish(notices, stage.memory.deadline)
        stage.kill("form_intake", "while it is told of a response")
        stage.until(lambda: by_notice in seated(stage), PATIENCE, "what was told of is enrolled")
        assert creates(stage) == 3
        assert google.forms[CLUBS].watch["state"] == "ACTIVE"


def answer(google, name, student):
    now = f"{datetime.now(UTC):%Y-%m-%dT%H:%M:%S.%fZ}"
    google.forms[CLUBS].answered(name, now, student, **{COURSE: "Maths"})


def approve(stage):
    (stored,) = stage.memory.reviews.open_items(stage.memory.deadline)
    requests = PubsubTopic(stage.pubsub.publisher, stage.pubsub.topic(REQUESTS))
    desk = Desk(stage.memory.reviews, stage.memory.ledger, requests, CLOCK)
    desk.replay(stored, "office", stage.memory.deadline)
