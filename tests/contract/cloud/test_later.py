"""Without an emulator: Pub/Sub's client is made with the first message, once for all threads."""

import os
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from enrollment.adapters import pubsub
from enrollment.adapters.clock import SystemClock
from enrollment.clock import Deadline
from enrollment.ports import Message, Unavailable
from enrollment.reasons import Reason
from enrollment.wiring.later import LaterPublisher, LaterTopic

OPENED = """
import sys
from enrollment.settings import read_settings
from enrollment.wiring.cloud import open_store
store = open_store(read_settings(needs=()))
print([name for name in sys.modules if name.startswith("google.pubsub")])
store.close()
"""
MESSAGES = [Message(b"one", {})]


def soon(seconds=20.0):
    return Deadline.starting_now(SystemClock(), timedelta(seconds=seconds))


class Publisher:
    """Notes what it is given, and may take a while to be made."""

    def __init__(self):
        self.made, self.sent, self.closed = 0, [], False
        self.transport, self.ready, self.asked = self, threading.Event(), threading.Event()
        self.ready.set()

    def open(self):
        self.made += 1
        self.asked.set()
        assert self.ready.wait(20)
        return self

    def publish(self, *, request, retry, timeout):
        self.sent.append(request.topic)

    def close(self):
        self.closed = True


@pytest.fixture
def publisher(monkeypatch):
    made = Publisher()
    monkeypatch.setattr(pubsub, "open_publisher", made.open)
    return made


def test_opening_a_store_loads_nothing_of_pubsub():
    names = {"PUBSUB_EMULATOR_HOST": "127.0.0.1:9", "FIRESTORE_EMULATOR_HOST": "127.0.0.1:9"}
    names |= {"GOOGLE_CLOUD_PROJECT": "school", "CLASSROOM_ADMIN": "admin@northside.example"}
    names |= {"CLASSROOM_API_ENDPOINT": "http://127.0.0.1:9", "PATH": os.environ["PATH"]}
    names["PYTHONPATH"] = os.pathsep.join(sys.path)

    done = subprocess.run(
        [sys.executable, "-c", OPENED],
        env=names,
        capture_output=True,
        check=True,
        text=True,
        timeout=60,
    )

    assert done.stdout == "[]\n"


def test_both_topics_and_all_threads_send_with_one_client(publisher):
    later = LaterPublisher()
    topics = [LaterTopic(later, "requests"), LaterTopic(later, "letters")] * 8
    publisher.ready.clear()

    with ThreadPoolExecutor(16) as threads:
        sending = [threads.submit(topic.publish, MESSAGES, soon()) for topic in topics]
        publisher.ready.set()
        for each in sending:
            each.result(20)

    assert publisher.made == 1
    assert sorted(publisher.sent) == ["letters"] * 8 + ["requests"] * 8


def test_nobody_waits_longer_than_the_deadline_for_another_to_connect(publisher):
    later = LaterPublisher()
    publisher.ready.clear()
    connecting = threading.Thread(target=later.get, args=(soon(),))
    connecting.start()
    assert publisher.asked.wait(20)

    with pytest.raises(Unavailable, match="connecting") as caught:
        LaterTopic(later, "requests").publish(MESSAGES, soon(0.1))

    assert caught.value.reason is Reason.TOPIC_DOWN
    publisher.ready.set()
    connecting.join()


def test_what_could_not_be_opened_is_opened_the_next_time(publisher, monkeypatch):
    topic = LaterTopic(LaterPublisher(), "requests")

    def down():
        raise Unavailable(Reason.TOPIC_DOWN, "DefaultCredentialsError")

    with monkeypatch.context() as patched:
        patched.setattr(pubsub, "open_publisher", down)
        with pytest.raises(Unavailable, match="DefaultCredentialsError"):
            topic.publish(MESSAGES, soon())
    topic.publish(MESSAGES, soon())

    assert publisher.sent == ["requests"]


def test_closing_closes_what_was_made_and_makes_nothing(publisher):
    used, unused = LaterPublisher(), LaterPublisher()
    used.get(soon())

    unused.close()
    assert (publisher.made, publisher.closed) == (1, False)
    used.close()
    assert publisher.closed
