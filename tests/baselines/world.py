"""One contender in a world of its own; the harness plays Pub/Sub and the people in it."""

import threading
import time
import uuid
from dataclasses import dataclass, field
from http.client import HTTPConnection

from infra.local.push import NotAnswered, Pusher, TooLate, envelope
from infra.local.stack import DEAD_LETTERS
from infra.local.topology import PubsubEmulator
from tests.baselines.holding import HoldingProxy
from tests.baselines.messages import BY_PUBSUB, Sent, Wish, fields_of, pulled
from tests.baselines.truth import Letter, Truth

SUBSCRIPTION = "enrollment-requests-enroll"
LETTERS = "enrollment-dead-letters-collect"
ACK_SECONDS = 120.0
WAKE_EVERY = 2.0  # where hours are seconds, as `infra/run` has it
TURN = 0.1


@dataclass(kw_only=True)
class World(Truth):
    """Plays Pub/Sub and the people."""

    contender: object
    proxy: HoldingProxy | None
    pubsub: PubsubEmulator
    functions: dict
    another: object  # starts a second instance of the function
    deliveries: int = 0
    wrongly_acked: int = 0
    hurry: bool = False  # leave Pub/Sub's pauses out
    note: dict = field(default_factory=dict)  # what a scenario found on its way
    _woken: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def function(self):
        return self.functions[self.contender.function]

    # What people and senders do.

    def wish(self, number=1, *, request_id=None, course="d:math", student=None):
        """A student who is to be enrolled; nothing is sent yet."""
        student = student or f"s{number}@northside.example"
        made = Wish(request_id or f"request-{number:03}", course, student)
        self.wishes.append(made)
        return made

    def send(self, wish, message=None):
        """Publish a wish's message, or another one that carries it."""
        made = Sent(message or wish.message(), wish)
        made.message.message_id = made.message.message_id or uuid.uuid4().hex
        self.sent.append(made)
        return made

    def deliver(self, sent, function=None):
        """Push a message once; whether it was acknowledged."""
        function = function or self.function
        sent.attempt += 1
        body = envelope(self.pubsub.subscription(SUBSCRIPTION), sent.message, sent.attempt)
        pusher = Pusher(function.address)
        try:
            status = pusher.push(body, time.monotonic() + ACK_SECONDS)
        except (NotAnswered, TooLate):
            status = None
        finally:
            pusher.close()
        with self._lock:
            self.deliveries += 1
        sent.acked = sent.acked or status in (200, 201, 202, 204)
        if not sent.acked:
            sent.again(hurry=self.hurry)
        return sent.acked

    def deliver_and_check(self, sent, function=None):
        """The same, and a look at whether the acknowledgement was right."""
        if self.deliver(sent, function):
            self.check_ack(sent)

    def check_ack(self, sent):
        self.collect_letters()
        self.wrongly_acked += not self.is_kept(sent.wish)

    def in_background(self, sent, function=None):
        """Begin to deliver, and go on; the thread ends with the answer."""
        thread = threading.Thread(target=self.deliver, args=(sent, function), daemon=True)
        thread.start()
        return thread

    def kill(self):
        """`kill -9`; whatever it was told just now, it cannot tell anybody."""
        self.function.kill()
        self.killed_at = time.time()

    def replay_letters(self, course=None):
        """A person has mended the cause, or the course in the requests, and sends them again."""
        self.collect_letters()
        answered = [each for each in self.wishes if self.letters_of(each)]
        for wish in answered:
            mine = wish.bodies.copy()
            wish.course = course or wish.course
            message = wish.message()
            if not self.memory:
                self.letters = [each for each in self.letters if each.body not in mine]
                self.send(wish, message)
        if self.memory:
            change = {"course_id": course} if course else {}
            self.memory.replay_all(change)
        return len(answered)

    # What goes on by itself.

    def settle(self, patience=60.0):
        """Deliver, collect and wake until nothing more happens. Raises TimeoutError."""
        give_up = time.monotonic() + patience
        while self.turn():
            if time.monotonic() > give_up:
                raise TimeoutError(f"{self.contender.name} did not come to rest")
            time.sleep(TURN)

    def turn(self):
        """Do what is due now; whether anything is left."""
        for each in [each for each in self.sent if each.open]:
            if time.monotonic() >= each.due:
                self.deliver_and_check(each)
            if each.given_up:
                self._dead_letter(each)
        self.collect_letters()
        self._come_again()
        left = any(each.open for each in self.sent)
        if self.memory:
            self._wake()
            ids = {each.request_id for each in self.wishes if each.request_id}
            left = left or not all(map(self.memory.rests, ids))
        return left

    def collect_letters(self):
        """Take dead letters where the contender's own would go: to a person, or to `collect`."""
        for message in pulled(self.pubsub, LETTERS):
            reason = message.attributes.get("reason")
            if not self.memory:
                self.letters.append(Letter(message.data, reason))
            elif self._post("collect", envelope(LETTERS, message, None)) != 200:
                self.pubsub.publisher.publish(
                    topic=self.pubsub.topic(DEAD_LETTERS), messages=[message]
                )

    def _dead_letter(self, sent):
        """What Pub/Sub does with a message that it gives up."""
        sent.message.attributes.update(BY_PUBSUB)
        topic = self.pubsub.topic(DEAD_LETTERS)
        self.pubsub.publisher.publish(topic=topic, messages=[sent.message])

    def _come_again(self):
        """What has been published to the requests meanwhile: replays, and what `wake` sends."""
        for message in pulled(self.pubsub, SUBSCRIPTION):
            said = fields_of(message.data)
            for wish in self.wishes:
                mine = (wish.request_id, wish.course, wish.student)
                if mine == tuple(said.get(n) for n in ("request_id", "course_id", "student")):
                    wish.bodies.add(message.data)
                    self.sent.append(Sent(message, wish))
                    break

    def _wake(self):
        if time.monotonic() - self._woken >= WAKE_EVERY:
            self._woken = time.monotonic()
            self._post("wake", b"{}")

    def _post(self, function, body):
        host, port = self.functions[function].address(10)
        connection = HTTPConnection(host, port, timeout=60)
        try:
            connection.request("POST", "/", body, {"Content-Type": "application/json"})
            return connection.getresponse().status
        finally:
            connection.close()
