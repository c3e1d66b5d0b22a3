"""The distributed engine in this process: the functions behind their framework, fed by hand."""

import base64
import io
import uuid
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import functions_framework
import pytest
from google.pubsub_v1 import SubscriberClient

from enrollment.adapters.journal import JsonLines
from enrollment.clock import Deadline
from enrollment.settings import read_settings
from enrollment.wiring import cloud, distributed
from infra.local.emulators import Emulators
from infra.local.topology import PubsubEmulator, read_topology
from tests.contract.pubsub import received_from
from tests.leaks import no_leaks_in

FUNCTIONS = Path(__file__).resolve().parents[2] / "functions"
BUILT = {
    "around": distributed._around,
    "enroller": distributed._enroller,
    "collector": distributed._collector,
    "returns": distributed._returns,
    "waker": distributed._waker,
}


@dataclass
class Cloud:
    """A project on the emulators, with the topics and subscriptions of the topology."""

    project: str
    pubsub: PubsubEmulator
    store: cloud.CloudStore

    @property
    def deadline(self) -> Deadline:
        return Deadline.starting_now(self.store.clock)

    def work_off(self, number: int) -> list[int]:
        """Deliver so many requests to `enroll`, and what it sent to review to `collect`."""
        answers = [self._push("enroll", each) for each in self.taken("requests-enroll", number)]
        for letter in self.taken("dead-letters-collect", 0):
            assert self._push("collect", letter) == 200
        return answers

    def taken(self, subscription: str, number: int):
        name = self.pubsub.subscription(f"enrollment-{subscription}")
        with SubscriberClient() as client:
            return received_from((client, name), number)

    @staticmethod
    def _push(function: str, delivery: Any) -> int:
        app = functions_framework.create_app(function, str(FUNCTIONS / function / "main.py"))
        data = base64.b64encode(delivery.body).decode()
        message = {"data": data, "attributes": delivery.attributes, "messageId": "1"}
        return app.test_client().post("/", json={"message": message}).status_code


def a_cloud(
    emulators: Emulators, monkeypatch: pytest.MonkeyPatch, stack: ExitStack, topology: Any = None
) -> Cloud:
    """A project of its own, named by the environment; nothing that the functions log may leak."""
    project = f"test-{uuid.uuid4().hex[:12]}"
    environment = {
        "GOOGLE_CLOUD_PROJECT": project,
        "ENROLLMENT_STORE": "firestore",
        **emulators.environment,
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    logged = io.StringIO()
    stack.callback(_check_log, logged)
    for place in ("wiring.distributed", "doors"):
        monkeypatch.setattr(f"enrollment.{place}.JOURNAL", JsonLines(logged))
    for name, build in BUILT.items():
        monkeypatch.setattr(distributed, name, distributed.Once(build))
    pubsub = PubsubEmulator.at(emulators.pubsub, project)
    stack.callback(pubsub.close)
    pubsub.realise(topology or read_topology())
    store = cloud.open_store(read_settings(needs=()))
    stack.callback(store.close)
    stack.callback(_close_school)
    return Cloud(project, pubsub, store)


def _check_log(logged: io.StringIO) -> None:
    no_leaks_in([("the log", logged.getvalue())])


def _close_school() -> None:
    if built := distributed.enroller._built:
        built.classroom.close()
