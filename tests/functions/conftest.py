"""Each function behind functions-framework itself, on Google's emulators and a fake Classroom."""

import base64
import io
import json
import uuid
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import functions_framework
import pytest
from google.pubsub_v1 import PublisherClient, SubscriberClient

from enrollment.adapters.journal import JsonLines
from enrollment.clock import Deadline
from enrollment.request import EnrollmentRequest
from enrollment.settings import Settings
from enrollment.wire import Delivery, encode
from enrollment.wiring import distributed, forms, intakes, pages
from enrollment.wiring.usecases import Outside
from infra.fake_classroom import FakeClassroom
from tests.contract.pubsub import received_from
from tests.leaks import no_leaks_in

ROOT = Path(__file__).resolve().parents[2]
ADMIN, ADA = "admin@northside.example", "ada@northside.example"
SCHOOL = {
    "domains": ["northside.example"],
    "administrator": ADMIN,
    "accounts": [{"email": ADA}, *({"email": f"s{n}@northside.example"} for n in range(60))],
    "courses": [
        {"aliases": ["d:math"], "owner": "tina@northside.example"},
        {"aliases": ["d:full"], "member_limit": 1},
    ],
}
SETTINGS = {each.validation_alias for each in Settings.model_fields.values()}
USE_CASES = {
    "around": distributed._around,
    "enroller": distributed._enroller,
    "collector": distributed._collector,
    "returns": distributed._returns,
    "waker": distributed._waker,
}


def a_request(**changes: Any) -> EnrollmentRequest:
    usual = {
        "schema_version": "1",
        "request_id": "request-1",
        "action": "enroll",
        "source": "sis",
        "course_id": "d:math",
        "student": ADA,
        "received_at": datetime.now(UTC),
    }
    return EnrollmentRequest(**(usual | changes))


def a_push(what: EnrollmentRequest | bytes | None = None, attempt: int = 1, **attributes: str):
    """A push request with a request in it, or any bytes."""
    body = what if isinstance(what, bytes) else encode(what or a_request()).body
    return {
        "message": {
            "data": base64.b64encode(body).decode(),
            "attributes": attributes,
            "messageId": "1",
        },
        "subscription": "projects/p/subscriptions/s",
        "deliveryAttempt": attempt,
    }


class Watched(io.BytesIO):
    """A body that remembers the longest piece that was taken of it at once."""

    longest = 0

    def read(self, size=-1):
        piece = super().read(size)
        self.longest = max(self.longest, len(piece))
        return piece


@dataclass
class Doors:
    """The three functions, the school behind them, and what they logged."""

    fake: FakeClassroom
    project: str
    logged: io.StringIO
    monkeypatch: pytest.MonkeyPatch
    secrets: set[str] = field(default_factory=set, repr=False)  # that sources name

    @staticmethod
    def app(function: str):
        """The function behind functions-framework."""
        source = ROOT / "functions" / function / "main.py"
        return functions_framework.create_app(function, str(source))

    def post(self, function: str, what: Any = None, **options: Any):
        """The reply of a function; `what` is JSON, or bytes as they are."""
        app = self.app(function)
        sent = {"data": what} if isinstance(what, bytes) else {"json": what}
        return app.test_client().post("/", **(sent | options))

    def enroll(self, *what: Any, **more: Any):
        return self.post("enroll", a_push(*what, **more))

    @property
    def outside(self) -> Outside:
        return distributed.around()

    @property
    def deadline(self) -> Deadline:
        return Deadline.starting_now(distributed.CLOCK)

    def entry(self, request_id: str = "request-1"):
        stored = self.outside.ledger.get(request_id, self.deadline)
        return stored.entry if stored else None

    def items(self):
        return [each.item for each in self.outside.reviews.open_items(self.deadline)]

    def published(self, topic: str, number: int = 1) -> list[Delivery]:
        """Take what is on a topic, once so many messages have come."""
        name = f"projects/{self.project}/subscriptions/{topic}"
        with SubscriberClient() as client:
            return received_from((client, name), number)

    def collect_all(self):
        """Deliver what is on the dead-letter topic to `collect`."""
        letters = self.published("enrollment-dead-letters")
        return [self.post("collect", a_push(m.body, **m.attributes)) for m in letters]

    def log(self) -> list[dict[str, Any]]:
        return [json.loads(each) for each in self.logged.getvalue().splitlines()]

    def stop(self) -> None:
        """Close what the instance has opened."""
        if built := distributed.enroller._built:
            built.classroom.close()

    def start_again(self, **environment: str) -> None:
        """As a new instance would: nothing is built, the environment is read again."""
        self.stop()
        for name, value in environment.items():
            self.monkeypatch.setenv(name, value)
            if name not in SETTINGS and not name.endswith("_EMULATOR_HOST"):
                self.secrets.add(value)
        for name, build in USE_CASES.items():
            self.monkeypatch.setattr(distributed, name, distributed.Once(build))
        self.monkeypatch.setattr(intakes, "intakes", distributed.Once(intakes._intakes))
        self.monkeypatch.setattr(forms, "forms", distributed.Once(forms._forms))
        self.monkeypatch.setattr(forms, "caller", distributed.Once(forms._caller))
        self.monkeypatch.setattr(pages, "pages", distributed.Once(pages._pages))


@pytest.fixture
def doors(emulators, monkeypatch):
    """The functions of one test; nothing that they logged may leak."""
    project = f"test-{uuid.uuid4().hex[:12]}"
    with FakeClassroom(SCHOOL) as fake:
        logged = io.StringIO()
        monkeypatch.setattr(distributed, "JOURNAL", JsonLines(logged))
        for doors_of in ("accepting", "doors", "hosting", "intake_doors", "notices", "telling"):
            monkeypatch.setattr(f"enrollment.{doors_of}.JOURNAL", JsonLines(logged))
        opened = Doors(fake=fake, project=project, logged=logged, monkeypatch=monkeypatch)
        opened.start_again(
            GOOGLE_CLOUD_PROJECT=project,
            CLASSROOM_API_ENDPOINT=fake.endpoint,
            CLASSROOM_ADMIN=ADMIN,
            CLASSROOM_QUOTA_PER_MINUTE="6000",
            **emulators.environment,
        )
        _make_topics(project)
        yield opened
        opened.stop()
        no_leaks_in([("the log", logged.getvalue())], opened.secrets)


@pytest.fixture
def sender(doors, tmp_path):
    """Who posts to the webhook of a school with two senders."""
    from tests.functions.sending import BASIC, NEW, OLD, SOURCES, Sender  # which imports this

    declared = tmp_path / "sources.toml"
    declared.write_text(SOURCES)
    doors.start_again(SOURCES_FILE=str(declared), NEW=NEW, OLD=OLD, BASIC=BASIC)
    return Sender(doors)


def _make_topics(project: str) -> None:
    with PublisherClient() as publisher, SubscriberClient() as subscriber:
        for topic in ("enrollment-requests", "enrollment-dead-letters", "form-notifications"):
            path = f"projects/{project}/topics/{topic}"
            publisher.create_topic(name=path)
            name = f"projects/{project}/subscriptions/{topic}"
            subscriber.create_subscription(name=name, topic=path)
