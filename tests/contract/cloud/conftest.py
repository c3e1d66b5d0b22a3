"""Adapters on the emulators behind a proxy that counts calls and loses replies."""

import os
import uuid
from contextlib import ExitStack
from dataclasses import dataclass

import pytest

from enrollment.adapters import firestore
from enrollment.adapters.clock import SystemClock
from enrollment.clock import Deadline
from tests.contract.pubsub import a_topic
from tests.grpc_proxy import Proxy


@dataclass
class Behind:
    """A database behind a proxy."""

    proxy: Proxy
    project: str
    database: firestore.Firestore

    @property
    def ledger(self):
        return firestore.FirestoreLedger(self.database)

    @property
    def reviews(self):
        return firestore.FirestoreReviews(self.database)

    @property
    def line(self):
        return firestore.FirestoreLine(self.database)

    @property
    def calls(self):
        return dict(self.proxy.calls)

    @property
    def deadline(self):
        return Deadline.starting_now(SystemClock())


@pytest.fixture
def behind(emulators):
    with ExitStack() as opened:
        proxy = opened.enter_context(Proxy(emulators.firestore))
        os.environ["FIRESTORE_EMULATOR_HOST"] = proxy.address
        project = f"test-{uuid.uuid4().hex}"
        database = firestore.open_firestore(project)
        opened.callback(database.close)
        yield Behind(proxy, project, database)


@pytest.fixture
def published(emulators):
    """A topic behind a proxy, and the proxy."""
    with Proxy(emulators.pubsub) as proxy:
        os.environ["PUBSUB_EMULATOR_HOST"] = proxy.address
        with a_topic() as (connect, _):
            yield connect(), proxy
