"""How messages come from a topic: set up at its service, or taken one by one by an engine."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol, TypeVar

from enrollment.clock import Deadline
from enrollment.wire import Delivery


@dataclass(frozen=True, kw_only=True)
class Subscribed:
    """How a subscription is set up. `retry` is the shortest and the longest pause between tries."""

    name: str
    ack_deadline: timedelta
    dead_letter_topic: str | None
    max_delivery_attempts: int
    retry: tuple[timedelta, timedelta] | None
    filtered: bool
    works: bool


class Ticketed(Protocol):
    """A delivery, and what acknowledges it."""

    @property
    def delivery(self) -> Delivery:
        """The delivery."""


Queued = TypeVar("Queued", bound=Ticketed)


class Subscription(Protocol[Queued]):
    """What the embedded engine needs of a topic: its deliveries.

    Each is this engine's until it is acknowledged or given back.
    """

    def pull(self, most: int, deadline: Deadline, /) -> list[Queued]:
        """Take messages that are due, the oldest first."""

    def acknowledge(self, queued: Queued, deadline: Deadline, /) -> None:
        """The message is done with."""

    def give_back(self, queued: Queued, due: datetime | None, deadline: Deadline, /) -> None:
        """Deliver the message again, at `due` or at once."""

    def depth(self, deadline: Deadline, /) -> int:
        """How many messages are not acknowledged yet."""

    def next_visible(self, deadline: Deadline, /) -> datetime | None:
        """When the next message is due."""
