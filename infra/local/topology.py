"""The topics and subscriptions of `infra/topology.json`, on the Pub/Sub emulator.

Terraform reads the same file. The one difference here: every subscription is a pull subscription,
and the relay pushes, because the emulator itself keeps only two pushes in flight.
"""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

import grpc
from google.api_core.exceptions import AlreadyExists
from google.protobuf.duration_pb2 import Duration
from google.pubsub_v1 import (
    DeadLetterPolicy,
    PublisherClient,
    PullRequest,
    PullResponse,
    RetryPolicy,
    SubscriberClient,
    Subscription,
    Topic,
)
from google.pubsub_v1.services.publisher.transports import PublisherGrpcTransport
from google.pubsub_v1.services.subscriber.transports import SubscriberGrpcTransport

from infra.local.process import ROOT

FILE = ROOT / "infra" / "topology.json"
EMULATORS_MOST = timedelta(
    days=7
)  # of a subscription's retention; the service itself keeps 31 days
# Google's client sets these too; a proxy of the machine has no business on loopback.
CHANNEL = (
    ("grpc.max_receive_message_length", -1),
    ("grpc.max_send_message_length", -1),
    ("grpc.enable_http_proxy", 0),
    ("grpc.max_reconnect_backoff_ms", 1000),  # an emulator that was started again is soon found
)
PULL = "/google.pubsub.v1.Subscriber/Pull"


@dataclass(frozen=True)
class Subscribed:
    """A subscription, as the file has it."""

    name: str
    topic: str
    push_to: str | None
    ack_deadline: timedelta
    retention: timedelta
    retry: tuple[timedelta, timedelta] | None
    dead_letter_topic: str | None
    max_delivery_attempts: int


@dataclass(frozen=True)
class FunctionPlan:
    """A function, as the file has it."""

    name: str
    concurrency: int
    timeout: timedelta


@dataclass(frozen=True)
class Schedule:
    """A function that is called by the clock."""

    function: str
    cron: str


@dataclass(frozen=True)
class Topology:
    """What the file names, by name."""

    topics: Mapping[str, timedelta]  # how long each keeps its messages
    subscriptions: Mapping[str, Subscribed]
    functions: Mapping[str, FunctionPlan]
    schedules: Mapping[str, Schedule]

    @property
    def pushed(self) -> list[Subscribed]:
        """The subscriptions that are pushed to a function."""
        return [each for each in self.subscriptions.values() if each.push_to]


def read_topology(path: Path = FILE) -> Topology:
    """The topology of a file."""
    said: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return Topology(
        topics={name: _seconds(each["retention_s"]) for name, each in said["topics"].items()},
        subscriptions={
            name: _subscribed(name, each) for name, each in said["subscriptions"].items()
        },
        functions={
            name: FunctionPlan(name, each["concurrency"], _seconds(each["timeout_s"]))
            for name, each in said["functions"].items()
        },
        schedules={
            name: Schedule(each["function"], each["cron"])
            for name, each in said["schedules"].items()
        },
    )


def _subscribed(name: str, said: Mapping[str, Any]) -> Subscribed:
    retry, letters = said.get("retry"), said.get("dead_letter")
    return Subscribed(
        name=name,
        topic=said["topic"],
        push_to=said.get("push_to"),
        ack_deadline=_seconds(said["ack_deadline_s"]),
        retention=_seconds(said["retention_s"]),
        retry=(_seconds(retry["minimum_s"]), _seconds(retry["maximum_s"])) if retry else None,
        dead_letter_topic=letters["topic"] if letters else None,
        max_delivery_attempts=letters["max_delivery_attempts"] if letters else 0,
    )


def _seconds(number: float) -> timedelta:
    return timedelta(seconds=number)


@dataclass(frozen=True)
class PubsubEmulator:
    """Google's generated clients, talking to the emulator whatever the environment says."""

    address: str
    project: str
    publisher: PublisherClient
    subscriber: SubscriberClient
    pull: grpc.UnaryUnaryMultiCallable  # without Google's wrapping, so that a pull can be cancelled

    @classmethod
    def at(cls, address: str, project: str) -> "PubsubEmulator":
        """Clients of the emulator at `host:port`."""
        channel = grpc.insecure_channel(address, options=CHANNEL)
        publisher = PublisherClient(transport=PublisherGrpcTransport(channel=channel))
        subscriber = SubscriberClient(transport=SubscriberGrpcTransport(channel=channel))
        pull = channel.unary_unary(
            PULL,
            request_serializer=PullRequest.serialize,
            response_deserializer=PullResponse.deserialize,
        )
        return cls(address, project, publisher, subscriber, pull)

    def topic(self, name: str) -> str:
        """A topic's path."""
        return f"projects/{self.project}/topics/{name}"

    def subscription(self, name: str) -> str:
        """A subscription's path."""
        return f"projects/{self.project}/subscriptions/{name}"

    def realise(self, topology: Topology) -> None:
        """Make what the topology names; what is there already stays as it is."""
        for name, retention in topology.topics.items():
            topic = Topic(name=self.topic(name), message_retention_duration=_duration(retention))
            with suppress(AlreadyExists):
                self.publisher.create_topic(request=topic)
        for each in topology.subscriptions.values():
            with suppress(AlreadyExists):
                self.subscriber.create_subscription(request=self._described(each))

    def _described(self, each: Subscribed) -> Subscription:
        made = Subscription(
            name=self.subscription(each.name),
            topic=self.topic(each.topic),
            ack_deadline_seconds=int(each.ack_deadline.total_seconds()),
            message_retention_duration=_duration(min(each.retention, EMULATORS_MOST)),
        )
        if each.retry:
            least, most = each.retry
            made.retry_policy = RetryPolicy(
                minimum_backoff=_duration(least), maximum_backoff=_duration(most)
            )
        if each.dead_letter_topic:
            made.dead_letter_policy = DeadLetterPolicy(
                dead_letter_topic=self.topic(each.dead_letter_topic),
                max_delivery_attempts=each.max_delivery_attempts,
            )
        return made

    def close(self) -> None:
        """Close the connection; a pull that is under way ends."""
        self.publisher.transport.close()


def _duration(length: timedelta) -> Duration:
    made = Duration()
    made.FromTimedelta(length)
    return made
