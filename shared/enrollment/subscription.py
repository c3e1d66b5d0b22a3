"""What the embedded engine needs of a topic: to take messages, and to say what became of them."""

from datetime import datetime
from typing import Protocol, TypeVar

from enrollment.clock import Deadline
from enrollment.wire import Delivery


class Ticketed(Protocol):
    """A delivery, and what acknowledges it."""

    @property
    def delivery(self) -> Delivery:
        """The delivery."""


Queued = TypeVar("Queued", bound=Ticketed)


class Subscription(Protocol[Queued]):
    """A topic's deliveries, each this engine's until it is acknowledged or given back."""

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
