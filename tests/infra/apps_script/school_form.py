"""A form with the real Code.gs behind it: node runs it, stand-ins of Google's services around it.

After every run it is checked that no address and no secret went where none belongs.
"""

import base64
import json
import subprocess
import time
from pathlib import Path
from types import SimpleNamespace

HERE = Path(__file__).resolve().parent
CODE = HERE.parents[2] / "infra" / "apps_script" / "Code.gs"
SECRET = "whsec_" + base64.b64encode(bytes(range(200, 232))).decode()
OTHER_SECRET = "whsec_" + base64.b64encode(bytes(range(100, 132))).decode()
ADA, BEN = "ada@student.northside.example", "ben@student.northside.example"
COURSE, STUDENT = 101, 102  # item ids
NOON = 1_787_400_000_000  # in August 2026, in milliseconds
HOUR, DAY = 3_600_000, 86_400_000


class SchoolForm:
    """A form of Northside's office, and all that Apps Script keeps of it between two runs."""

    def __init__(self, receiver, *, code=CODE, collects="VERIFIED", tells_collection=True):
        self.receiver = receiver
        self.code = code
        self.hosts = {"enroll.northside.example": receiver.port}
        self.properties = {
            "URL": "https://enroll.northside.example/office-form",
            "SECRET": SECRET,
            "COURSE_QUESTION": "Which course?",
            "TERM": "2026-fall",
        }
        self.triggers = []
        self.form = {
            "id": "form-1",
            "collects": collects,
            "tellsCollection": tells_collection,
            "items": [
                {"id": COURSE, "title": "Which course?", "type": "LIST"},
                {"id": STUDENT, "title": "Address of the student", "type": "TEXT"},
            ],
            "responses": [],
        }

    def answer(self, course="d:MATH-101-3", *, who=ADA, typed=None, at=NOON, key=None):
        """A response is in the form; its id. With the `key` of an earlier one that is changed."""
        key = key or f"2_ABaOnu{len(self.form['responses'])}"
        answers = {COURSE: course, STUDENT: typed}
        kept = {str(item): said for item, said in answers.items() if said is not None}
        others = [each for each in self.form["responses"] if each["id"] != key]
        given = {"id": key, "at": at, "respondent": who, "answers": kept}
        self.form["responses"] = [*others, given]
        return key

    def submit(self, *args, run=None, **kwargs):
        """A response comes in, and the trigger runs."""
        key = self.answer(*args, **kwargs)
        return self.run("onResponse", submitted=key, **(run or {}))

    def run(self, call, *clicks, submitted=None, owner="office@northside.example", **changes):
        """One run of Apps Script. A click is a button, or one with what was typed."""
        told = {
            "call": call,
            "submitted": submitted,
            "clicks": [{"button": each} if isinstance(each, str) else each for each in clicks],
            "properties": self.properties,
            "triggers": self.triggers,
            "form": self.form,
            "hosts": self.hosts,
            "owner": owner,
            "secondsAnswer": 0,
            **changes,
        }
        command = ["node", HERE / "standins.js", self.code]
        done = subprocess.run(
            command, input=json.dumps(told), capture_output=True, text=True, timeout=60, check=False
        )
        assert done.returncode == 0, done.stderr
        seen = SimpleNamespace(**json.loads(done.stdout))
        self.properties, self.triggers = seen.properties, seen.triggers
        self._check(seen)
        return seen

    def _check(self, seen):
        hidden = [self.properties.get("SECRET", SECRET).removeprefix("whsec_")]
        for each in self.form["responses"]:
            hidden += [each["respondent"], each["answers"].get(str(STUDENT))]
        stored = {name: text for name, text in self.properties.items() if name != "SECRET"}
        mails = [[each["subject"], each["body"]] for each in seen.mails]
        public = json.dumps([stored, seen.logs, mails, seen.dialogs, seen.error])
        leaks = [each for each in hidden if each and each in public]
        assert leaks == [], "an address or the secret was logged, stored, mailed or shown"

    @property
    def failed(self):
        """What is kept of the failed ones: reason and detail by the response's id."""
        parts = [name for name in self.properties if name.removeprefix("FAILED_").isdigit()]
        entries = [each for part in parts for each in json.loads(self.properties[part])]
        return {each["id"]: (each["reason"], each["detail"]) for each in entries}


def set_up(form):
    """The menu's “Set up”, long before anybody answered."""
    seen = form.run("install")
    form.properties["VERIFIED_SINCE"] = str(NOON - DAY)
    return seen


def now():
    """In milliseconds, as Apps Script has it."""
    return int(time.time() * 1000)


def told(seen):
    """The last dialog's text."""
    return seen.dialogs[-1]["text"]
