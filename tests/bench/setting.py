"""Where the bench works: the emulators, a fake school, requests as Pub/Sub's pushes bring them."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from json import dumps
from pathlib import Path
from typing import TypeVar

from google.pubsub_v1 import PublisherClient, PubsubMessage
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport

from enrollment.request import EnrollmentRequest
from enrollment.wire import encode
from infra.local.emulators import Emulators, find_emulators, running_emulators
from infra.local.options import read_options
from infra.local.process import ROOT
from infra.local.push import envelope
from infra.local.school import RunningSchool, running_school
from tests.bench.places import CLASS, FULL, course, student
from tests.emulators import warm_up

T = TypeVar("T")

ADMIN = "admin@northside.example"
PROJECT, TOPICS = "bench", ("enrollment-requests", "enrollment-dead-letters")
UNHURRIED = 10_000_000  # calls a minute: nobody waits for a permit


@dataclass(frozen=True)
class Bench:
    """One run: whether it is a quick one, where files go, and who is told how far it is."""

    quick: bool
    folder: Path
    tell: Callable[[str], None]

    def say(self, text: str) -> None:
        self.tell(text)

    def choose(self, whole: T, quick: T) -> T:
        """What a whole run takes, or a quick one."""
        return quick if self.quick else whole

    @contextmanager
    def emulators(self) -> Iterator[Emulators]:
        """Google's emulators, fresh for each row."""
        self.say("starting the emulators")
        with running_emulators(find_emulators(), self.folder) as running:
            warm_up(running)
            _make_topics(running)
            yield running

    @contextmanager
    def school(self, places: int, quota: int = UNHURRIED) -> Iterator[RunningSchool]:
        """A fake school as a process, with a place for so many requests."""
        file = self.folder / "school.json"
        file.write_text(dumps(a_school(places)))
        options = read_options(["--faults", "none", "--quota", str(quota)])
        with running_school(file, options) as school:
            yield school


def a_school(places: int) -> dict[str, object]:
    """Courses of 500 students each, and one that is full."""
    courses = [{"aliases": [course(first)]} for first in range(0, places, CLASS)]
    return {
        "domains": ["northside.example"],
        "administrator": ADMIN,
        "accounts": [{"email": student(number)} for number in range(CLASS)],
        "courses": [*courses, {"aliases": [FULL], "member_limit": 1}],
    }


def wish_id(number: int) -> str:
    return f"bench:fall26:sis:{number:08}:v1"


def a_wish(number: int, **changes: object) -> EnrollmentRequest:
    """One of the requests for which the school has a place."""
    fields = {
        "schema_version": "1",
        "request_id": wish_id(number),
        "action": "enroll",
        "source": "infinite-campus",
        "course_id": course(number),
        "student": student(number),
        "origin": {"kind": "sis", "system": "infinite-campus", "event_id": f"enr-{number:08}"},
        "received_at": datetime.now(UTC),
    }
    return EnrollmentRequest(**(fields | changes))


def a_push(request: EnrollmentRequest) -> bytes:
    """The body of the push that brings a request, as the local stack's relay writes it."""
    message = encode(request)
    wrapped = PubsubMessage(
        data=message.body,
        attributes=dict(message.attributes),
        message_id="12345678901234",
        publish_time=datetime.now(UTC),
    )
    return envelope(f"projects/{PROJECT}/subscriptions/enrollment-requests-enroll", wrapped, 1)


def pushes(numbers: Iterable[int]) -> list[bytes]:
    return [a_push(a_wish(each)) for each in numbers]


def environment(
    emulators: Emulators, school: RunningSchool, folder: Path, **more: str
) -> dict[str, str]:
    """What a function needs here, and nothing of the caller's environment."""
    return {
        **emulators.environment,
        "GOOGLE_CLOUD_PROJECT": PROJECT,
        "CLASSROOM_API_ENDPOINT": school.endpoint,
        "CLASSROOM_ADMIN": ADMIN,
        "CLASSROOM_QUOTA_PER_MINUTE": str(UNHURRIED),
        **bare_environment(folder),
        **more,
    }


def bare_environment(folder: Path) -> dict[str, str]:
    return {
        "PATH": os.defpath,
        "LANG": "C.UTF-8",
        "TMPDIR": str(folder),
        "PYTHONPATH": str(ROOT / "shared"),
        "PYTHONUNBUFFERED": "1",
    }


def to_stderr(text: str) -> None:
    print(f"bench: {text}", file=sys.stderr, flush=True)


def _make_topics(running: Emulators) -> None:
    import grpc

    channel = grpc.insecure_channel(running.pubsub)
    publisher = PublisherClient(transport=PublisherGrpcTransport(channel=channel))
    for each in TOPICS:
        publisher.create_topic(name=f"projects/{PROJECT}/topics/{each}")
    channel.close()
