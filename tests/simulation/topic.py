"""The simulated Pub/Sub: at least once, in any order, and given up after so many deliveries.

Numbers as the subscription is set up (design: retry 10 s to 600 s, ack deadline 120 s) and as Cloud
Run serves it: a request is cut after 60 s, and what runs in it goes on.
"""

from collections import deque
from dataclasses import dataclass, field
from functools import partial

from enrollment.ports import Message
from enrollment.returned import SOURCE
from enrollment.timing import FUNCTION_TIMEOUT
from tests.simulation.hub import Fibre

RETRY_FIRST, RETRY_MOST = 10.0, 600.0


@dataclass(eq=False)
class Kept:
    """A message that a subscription keeps until it is acknowledged."""

    message: Message
    number: int
    delivered: int = 0
    answered: int = 0  # the latest delivery that Pub/Sub has heard an answer to
    acknowledged: bool = False


@dataclass(eq=False)
class Push:
    """One delivery, open until it is answered or cut: the last words of a cut one are not heard."""

    topic: object
    kept: Kept
    number: int
    unheard: bool
    open: bool = True

    def close(self, *, acknowledged=False):
        """Hear its answer, or that there will be none."""
        if self.open:
            self.open = False
            heard = acknowledged and not self.unheard
            self.topic.answer(self.kept, self.number, acknowledged=heard)


@dataclass
class SimulatedTopic:
    """A topic and its one push subscription. `work` handles a delivery in a process."""

    world: object
    name: str
    processes: list  # where it is pushed to
    work: object  # (process, Message, number of deliveries) -> whether it is acknowledged
    concurrency: int
    most_deliveries: int
    dead_letters: object = None
    kept: dict = field(default_factory=dict)
    published: int = 0
    _queue: deque = field(default_factory=deque)

    def publish(self, messages):
        """Accept messages for good."""
        for message in messages:
            self.published += 1
            kept = Kept(message, self.published)
            self.kept[kept] = True
            self._soon(self.world.jitter(0.02), kept)

    def _soon(self, seconds, kept):
        self.world.hub.at(self.world.hub.now + seconds, self._push, kept)

    def _push(self, kept):
        """Bring a message to a process that has room; it waits for one if there is none."""
        hub = self.world.hub
        away = self.world.away_until("topics away")
        if away is not None:
            hub.at(away, self._push, kept)
            return
        trouble = self.world.trouble_at(f"{self.name}.deliver")
        if trouble and trouble.what == "delayed":
            self.world.tell(self.name, f"message {kept.number} comes {trouble.seconds:g} s late")
            self._soon(trouble.seconds, kept)
            return
        if trouble and trouble.what == "twice":
            self.world.tell(self.name, f"message {kept.number} comes twice at once")
            hub.at(hub.now, self._deliver, kept, "")
        if trouble and trouble.what == "again":
            self.world.tell(
                self.name, f"message {kept.number} will come again, acknowledged or not"
            )
            hub.at(hub.now + trouble.seconds, self._deliver, kept, "")
        self._deliver(kept, trouble.what if trouble else "")

    def _deliver(self, kept, trouble):
        processes = self.processes
        alive = [each for each in processes if not each.dead]
        free = [each for each in alive if len(each.fibres) < self.concurrency]
        if alive and not free:
            self._queue.append((kept, trouble))
            return
        kept.delivered += 1
        number = kept.delivered
        if not alive:
            self.answer(kept, number, acknowledged=False)
            return
        process = self.world.pick(free)
        name = f"{self.name} message {kept.number}"
        self.world.tell(process.name, f"gets {name}, delivery {number}")
        push = Push(self, kept, number, unheard=trouble == "answer unheard")

        def hear(answer):
            self.world.came_to(fibre, answer)
            push.close(acknowledged=answer is True)
            self.drain()

        work = partial(self.work, process, kept.message, number)
        fibre = Fibre(process, name, work, hear, push.close)
        fibre.request = kept.message.attributes.get("request_id")
        hub = self.world.hub
        hub.at(hub.now + FUNCTION_TIMEOUT.total_seconds(), push.close)
        self.begun(push)

    def begun(self, push):
        """A delivery is under way; nothing is said before it is answered."""

    def drain(self):
        """A process has room again."""
        if self._queue:
            self.world.hub.at(self.world.hub.now, self._deliver, *self._queue.popleft())

    def drain_all(self):
        """A process has come or gone."""
        for _ in range(len(self._queue)):
            self.drain()

    def answer(self, kept, number, *, acknowledged):
        """What Pub/Sub does about the answer to a delivery."""
        if acknowledged:
            kept.acknowledged = True
            self.kept.pop(kept, None)
            return
        if kept.acknowledged or number <= kept.answered:
            return
        kept.answered = number
        if self.dead_letters is not None and number >= self.most_deliveries:
            self._give_up(kept, number)
            return
        pause = min(RETRY_MOST, RETRY_FIRST * 2 ** min(number - 1, 10))
        self._soon(pause * (1 + self.world.chance.random() / 4), kept)

    def _give_up(self, kept, number):
        """Send it to the dead letters, as Pub/Sub does by itself: labels, and no reason."""
        self.world.tell(self.name, f"message {kept.number} is given up after {number} deliveries")
        kept.acknowledged = True
        self.kept.pop(kept, None)
        labels = {SOURCE: self.name, "CloudPubSubDeadLetterSourceDeliveryCount": str(number)}
        attributes = {**kept.message.attributes, **labels}
        self.dead_letters.publish([Message(kept.message.body, attributes)])
