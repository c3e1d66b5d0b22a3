"""The stand-in for Pub/Sub's push service: pulls from the emulator and pushes to a function.

The emulator's own push keeps two requests in flight, whatever the machine. The relay keeps as many
as the function takes, and otherwise does what the service does: it waits for an answer until the
ack deadline and never extends a lease, acknowledges by status, and gives back what failed, so that
the subscription's retry and dead-letter policies apply. It has no slow start and no OIDC token.
"""

import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from queue import SimpleQueue

import grpc
from google.api_core.exceptions import GoogleAPICallError
from google.pubsub_v1 import PullRequest, ReceivedMessage

from infra.local.deliveries import NOT_ANSWERED, TOO_LATE, Deliveries
from infra.local.push import ACKNOWLEDGING, Address, NotAnswered, Pusher, TooLate, envelope
from infra.local.topology import PubsubEmulator, Subscribed

AGAIN = 0.2  # seconds until an emulator that is away is asked again
RPC_SECONDS = 10.0
GRACE = 3.0  # seconds for what is under way when the relay stops


@dataclass
class Relay:
    """Pushes one subscription's messages to its function, `most` at once."""

    pubsub: PubsubEmulator
    subscribed: Subscribed
    address: Callable[[float], Address | None]
    most: int
    deliveries: Deliveries = field(default_factory=Deliveries)
    _free: threading.Semaphore = field(init=False, repr=False)
    _work: "SimpleQueue[tuple[ReceivedMessage, float] | None]" = field(
        default_factory=SimpleQueue, repr=False
    )
    _stopped: threading.Event = field(default_factory=threading.Event, repr=False)
    _pull: "grpc.Future | None" = field(default=None, repr=False)
    _threads: list[threading.Thread] = field(default_factory=list, repr=False)

    def __post_init__(self) -> None:
        self._free = threading.Semaphore(self.most)

    def start(self) -> None:
        """Begin to push."""
        # Daemons: a function that hangs must not keep this program from ending.
        targets = [self._keep_pulling, *[self._keep_pushing] * self.most]
        for number, target in enumerate(targets):
            name = f"relay-{self.subscribed.push_to}-{number}"
            self._threads.append(threading.Thread(target=target, name=name, daemon=True))
            self._threads[-1].start()

    def stop(self) -> None:
        """Pull no more, and give what is under way a moment; the rest is redelivered."""
        self._stopped.set()
        if self._pull is not None:
            self._pull.cancel()
        self._free.release()  # it may be waiting for a place
        for _ in range(self.most):
            self._work.put(None)
        give_up = time.monotonic() + GRACE
        for thread in self._threads:
            thread.join(max(0.0, give_up - time.monotonic()))

    def _keep_pulling(self) -> None:
        while not self._stopped.is_set():
            places = self._places()
            received = self._pulled(places)
            leased_until = time.monotonic() + self.subscribed.ack_deadline.total_seconds()
            for each in received:
                self._work.put((each, leased_until))
            if places > len(received):
                self._free.release(places - len(received))

    def _places(self) -> int:
        """Wait for a free place and take all that there are: what is pulled is pushed at once."""
        self._free.acquire()
        places = 1
        while self._free.acquire(blocking=False):
            places += 1
        return places

    def _pulled(self, most: int) -> Sequence[ReceivedMessage]:
        """Messages, as soon as there is one; none if the emulator is away."""
        request = PullRequest(subscription=self._path, max_messages=most)
        try:
            self._pull = self.pubsub.pull.future(request)
            if self._stopped.is_set():
                self._pull.cancel()
            received: Sequence[ReceivedMessage] = self._pull.result().received_messages
        except (grpc.RpcError, grpc.FutureCancelledError):
            self._stopped.wait(AGAIN)
            return []
        return received

    @property
    def _path(self) -> str:
        return self.pubsub.subscription(self.subscribed.name)

    def _keep_pushing(self) -> None:
        pusher = Pusher(self.address)
        while (work := self._work.get()) is not None:
            try:
                self._push(pusher, *work)
            finally:
                self._free.release()
        pusher.close()

    def _push(self, pusher: Pusher, received: ReceivedMessage, leased_until: float) -> None:
        message_id = received.message.message_id
        answer, acknowledged = NOT_ANSWERED, False
        self.deliveries.begin(message_id)
        try:
            # The emulator counts always; the service tells it where there is a policy.
            attempt = received.delivery_attempt if self.subscribed.dead_letter_topic else None
            body = envelope(self._path, received.message, attempt)
            status = pusher.push(body, leased_until)
            answer = str(status)
            acknowledged = status in ACKNOWLEDGING and self._acknowledge(received)
            if status not in ACKNOWLEDGING:
                self._give_back(received)
        except NotAnswered:
            self._give_back(received)
        except TooLate:
            answer = TOO_LATE  # the lease has lapsed by itself
        finally:
            most = self.subscribed.max_delivery_attempts
            last = bool(most) and received.delivery_attempt >= most
            self.deliveries.end(message_id, answer, acknowledged=acknowledged, last=last)

    def _acknowledge(self, received: ReceivedMessage) -> bool:
        try:
            self.pubsub.subscriber.acknowledge(
                subscription=self._path,
                ack_ids=[received.ack_id],
                timeout=RPC_SECONDS,
                retry=None,
            )
        except GoogleAPICallError:
            return False  # then it comes again at the ack deadline
        return True

    def _give_back(self, received: ReceivedMessage) -> None:
        try:
            self.pubsub.subscriber.modify_ack_deadline(
                subscription=self._path,
                ack_ids=[received.ack_id],
                ack_deadline_seconds=0,
                timeout=RPC_SECONDS,
                retry=None,
            )
        except GoogleAPICallError:
            return  # the same


@contextmanager
def running_relay(relay: Relay) -> Iterator[Deliveries]:
    """Push until the end of the block."""
    relay.start()
    try:
        yield relay.deliveries
    finally:
        relay.stop()
