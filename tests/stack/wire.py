"""What the functions say to Firestore and Pub/Sub, remembered, and harmed on order."""

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from google.cloud.firestore_v1.types import CommitRequest, CommitResponse
from google.pubsub_v1.types import PublishRequest
from grpc import StatusCode

from tests.grpc_proxy import Listener

COMMIT, PUBLISH = "Commit", "Publish"
ENTRIES, REVIEWS, CONTROL = "enrollments", "reviews", "control"
READS = frozenset({"BatchGetDocuments", "RunQuery"})


@dataclass(frozen=True, kw_only=True)
class Said:
    """One call: a write to a document of Firestore's, messages to a topic, or neither."""

    method: str
    collection: str = ""
    document: str = ""
    fields: dict[str, Any] = field(default_factory=dict)  # those that are written, as plain values
    topic: str = ""
    request_ids: tuple[str, ...] = ()  # of the messages published

    def is_about(self, request_id):
        return self.document == document_of(request_id) or request_id in self.request_ids


@dataclass(frozen=True, kw_only=True)
class Written:
    """A write that took effect, at Firestore's own time."""

    at: datetime
    said: Said


def document_of(request_id):
    """The id of an entry's document: no address in a path, and no hot spot."""
    return sha256(request_id.encode()).hexdigest()


def heard(method, body):
    """What a call says."""
    if method == COMMIT:
        write = CommitRequest.pb(CommitRequest.deserialize(body)).writes[0]
        *_, collection, document = write.update.name.split("/")
        fields = {name: _plain(value) for name, value in write.update.fields.items()}
        masked = dict.fromkeys(write.update_mask.field_paths)  # without a value: taken away
        return Said(
            method=method, collection=collection, document=document, fields={**masked, **fields}
        )
    if method == PUBLISH:
        asked = PublishRequest.pb(PublishRequest.deserialize(body))
        ids = tuple(each.attributes.get("request_id", "") for each in asked.messages)
        return Said(method=method, topic=asked.topic.rpartition("/")[2], request_ids=ids)
    return Said(method=method)


def _plain(value):
    kind = value.WhichOneof("value_type")
    if kind == "timestamp_value":
        return value.timestamp_value.ToDatetime(tzinfo=UTC)
    return getattr(value, kind) if kind in {"string_value", "integer_value"} else kind


@dataclass
class Wire(Listener):
    """Listens in front of Firestore or Pub/Sub. Safe to change while calls pass.

    What does harm has a `before` and an `after`, which see what is said, and answer with a status
    to keep it from being heard.
    """

    methods: frozenset[str]
    written: list[Written] = field(default_factory=list)
    published: list[tuple[float, Said]] = field(default_factory=list)
    _harm: list[Any] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def add(self, harm):
        with self._lock:
            self._harm = [*self._harm, harm]

    def remove(self, harm):
        with self._lock:
            self._harm = [each for each in self._harm if each is not harm]

    def before(self, name, body):
        said = heard(name, body)
        return _first([each.before(said) for each in self._harm])  # each of them sees it

    def after(self, name, body, replies):
        said = heard(name, body)
        self._note(said, replies)
        return _first([each.after(said) for each in self._harm])

    def _note(self, said, replies):
        if said.method == COMMIT:
            told = CommitResponse.pb(CommitResponse.deserialize(replies[0])).write_results[0]
            at = told.update_time.ToDatetime(tzinfo=UTC)
            with self._lock:
                self.written.append(Written(at=at, said=said))
        elif said.method == PUBLISH:
            with self._lock:
                self.published.append((time.time(), said))


def _first(statuses):
    return next((each for each in statuses if each), None)


def in_front_of_firestore():
    return Wire(methods=frozenset({COMMIT, *READS}))


def in_front_of_pubsub():
    return Wire(methods=frozenset({PUBLISH, "Acknowledge", "ModifyAckDeadline"}))


@dataclass
class Weather:
    """Spoils calls by chance: refused with one of `codes`, answered into the void, or late.

    What is `late` reaches the other side when its caller has long given up.
    """

    chance: Any
    share: float
    codes: tuple[StatusCode, ...] = ()
    methods: frozenset[str] = frozenset({COMMIT, PUBLISH, *READS})
    lose: bool = False
    late: float = 0.0
    spoilt: int = 0

    def before(self, said):
        if self.lose or not self._strikes(said):
            return None
        self.spoilt += 1
        if self.late:
            time.sleep(self.late)
            return None
        return self.chance.choice(self.codes)

    def after(self, said):
        if not self.lose or not self._strikes(said):
            return None
        self.spoilt += 1
        return StatusCode.UNAVAILABLE

    def _strikes(self, said):
        return said.method in self.methods and self.chance.random() < self.share


@dataclass
class Swallow:
    """Loses the reply of every so-manieth call of a method: it takes effect, and nobody hears."""

    every: int
    method: str = COMMIT
    calls: int = 0
    swallowed: int = 0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def before(self, said):
        return None

    def after(self, said):
        if said.method != self.method:
            return None
        with self._lock:
            self.calls += 1
            if self.calls % self.every:
                return None
            self.swallowed += 1
        return StatusCode.UNAVAILABLE
