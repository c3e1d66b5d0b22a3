"""Forms that are read: the use-case on stores in memory, and Google Forms on loopback."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from enrollment.adapters.classroom import LoopbackIdentities
from enrollment.adapters.google_forms import GoogleFormsApi
from enrollment.adapters.sqlite.forms import SqliteFormStates
from enrollment.clock import Deadline
from enrollment.form_declared import read_forms
from enrollment.form_reading import Forms, Looked
from enrollment.form_watch import Watcher
from enrollment.reasons import Reason
from enrollment.sources.declared import parse_declared
from tests.doubles import START, Shaky, in_memory
from tests.forms_api import FakeForm, FakeForms
from tests.intake import Door, a_door

TOPIC = "projects/p/topics/form-notifications"
CLUBS, TRIPS = "18Xgmr4XQ-clubs-of-2026", "18Xgmr4XQ-trips-of-2026"
COURSE, STUDENT = "3e555b2b", "7a1c0de5"
SOURCES = f"""
[sources.clubs]
kind = "google_form"
format = "google_forms"
email_domains = ["northside.example"]
[sources.clubs.form]
id = "{CLUBS}"
owner = "tina@northside.example"
questions = {{ course = "{COURSE}", student = "respondent" }}
choices = {{ "Chess" = "d:CHESS", "Choir" = "d:CHOIR" }}
[sources.trips]
kind = "google_form"
format = "google_forms"
email_domains = ["northside.example"]
courses = ["d:*"]
[sources.trips.form]
id = "{TRIPS}"
questions = {{ course = "{COURSE}", student = "{STUDENT}" }}
respondents = ["office@northside.example"]
"""


@dataclass
class Reading:
    """Everything around the use-case."""

    google: FakeForms
    door: Door
    forms: Forms
    states: Any
    said: list

    @property
    def clock(self):
        return self.door.clock

    @property
    def clubs(self) -> FakeForm:
        return self.google.forms[CLUBS]

    @property
    def trips(self) -> FakeForm:
        return self.google.forms[TRIPS]

    def notify(self, form_id=CLUBS, seconds=45) -> Looked:
        length = timedelta(seconds=seconds)
        return self.forms.notified(form_id, Deadline.starting_now(self.clock, length))

    def look_first(self):
        """See how each form collects addresses; what is sent after that is believed."""
        self.notify(None)
        self.google.calls.clear()
        self.google.callers.clear()

    def let_pass(self, **parts):
        self.clock.advance(**parts)
        self.google.now = self.clock.now()

    def chose(self, number, *classes, form=None, at=None, **more):
        """Student `number` answers the form of clubs, now."""
        submitted = at or f"{self.clock.now():%Y-%m-%dT%H:%M:%S}.{number:06}Z"
        who = more.pop("respondent", f"s{number}@northside.example")
        answers = {COURSE: list(classes), **more}
        (form or self.clubs).answered(f"response-{number:04}", submitted, who, **answers)

    def sent(self):
        return [(each.course_id, each.student) for each in self.door.sent()]

    def errors(self):
        return [
            (message, more.get("source"))
            for severity, message, more in self.said
            if severity == "ERROR"
        ]


def a_reading(google: FakeForms, sources: str = SOURCES) -> Reading:
    """Two declared forms without a response."""
    google.now = START
    google.form(CLUBS)
    google.form(TRIPS)
    door, said = a_door(), []

    def say(severity, message, **more):
        said.append((severity, message, more))

    states = Shaky(SqliteFormStates(in_memory(door.clock)), Reason.LEDGER_DOWN)
    api = GoogleFormsApi(LoopbackIdentities(), google.endpoint)
    forms = Forms(
        declared=read_forms(parse_declared(sources).sources, []),
        google=api,
        states=states,
        watcher=Watcher(google=api, topic=TOPIC, say=say),
        receiver=door.receiver,
        clock=door.clock,
        say=say,
    )
    return Reading(google, door, forms, states, said)
