"""Whatever comes in between, every response of a form is received, and none as another request."""

import random
from contextlib import closing, suppress
from datetime import timedelta

import pytest

from enrollment.ports import Unavailable
from tests.doubles import Killed, Overlay
from tests.forms import COURSE, a_reading
from tests.forms_api import FakeForms

STEPS = 40
LATE = 9 * 60  # seconds; Google shows a response that much after a later one


class Story:
    """A form that people answer and edit, and a reading that is hindered in every way."""

    def __init__(self, reading, seed):
        self.reading, self.rng = reading, random.Random(seed)
        self.number, self.queue = 0, reading.door.requests.port

    def answer(self):
        """Somebody answers, or edits an answer; some are shown late."""
        rng, clock = self.rng, self.reading.clock
        edits = self.number and rng.random() < 0.2
        number = rng.randrange(self.number) if edits else self.number
        self.number += not edits
        late = 0 if edits else rng.choice((0, 0, rng.random() * LATE))
        at = clock.now() - timedelta(seconds=late)
        text = f"{at:%Y-%m-%dT%H:%M:%S}" + rng.choice((".", f".{rng.randrange(1000):03}"))
        text = f"{text.removesuffix('.')}Z"
        course = rng.choice(("Chess", "Choir"))
        response_id, who = f"r-{number:03}", f"s{number}@northside.example"
        before = self.reading.clubs.responses.get(response_id)
        if before is None or before["lastSubmittedTime"] < text:
            self.reading.clubs.answered(response_id, text, who, **{COURSE: course})

    def look(self):
        """A notification, with or without something in its way."""
        reading, rng = self.reading, self.rng
        ports = (reading.door.requests, reading.states)
        match rng.randrange(6):
            case 0:
                rng.choice(ports).fail(rng.choice(("publish", "write", "read")))
            case 1:
                reading.google.failing = {rng.choice(("responses", "get", "watches")): 503}
            case 2:
                self._die_while_publishing(rng.randrange(4))
        with suppress(Unavailable, Killed):
            reading.notify(rng.choice((None, "18Xgmr4XQ-clubs-of-2026")))
        for each in ports:
            each.mend()
        reading.door.requests.port = self.queue
        reading.google.failing = {}

    def _die_while_publishing(self, publishes):
        left = [None] * publishes

        def publish(*arguments):
            if not left:
                raise Killed
            left.pop()
            self.queue.publish(*arguments)

        self.reading.door.requests.port = Overlay(self.queue, publish=publish)

    def told(self):
        """What the form holds, by response and time."""
        return {
            (each["responseId"], each["lastSubmittedTime"][:19])
            for each in self.reading.clubs.responses.values()
        }


@pytest.mark.parametrize("seed", range(12))
def test_every_response_is_received_whatever_comes_in_between(seed):
    with FakeForms() as google:
        reading = a_reading(google)
        with closing(reading.forms.google):
            reading.look_first()
            story = Story(reading, seed)
            google.page = story.rng.choice((1, 3, 500))
            for _ in range(STEPS):
                story.rng.choice((story.answer, story.answer, story.look))()
                reading.let_pass(seconds=story.rng.choice((0, 0.001, 1, 30, 120)))
            reading.notify()
            sent = reading.door.sent()
            rest = reading.notify().responses

    received = {(it.origin.event_id, f"{it.origin.occurred_at:%Y-%m-%dT%H:%M:%S}") for it in sent}
    wishes = {(each.course_id, each.student) for each in sent}
    assert story.told() <= received
    assert len({each.request_id for each in sent}) == len(wishes)
    assert rest == 0
