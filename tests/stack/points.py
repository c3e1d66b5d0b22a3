"""The moments at which a function is killed: each between two things that must both happen."""

import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from grpc import StatusCode

from tests.stack.wire import COMMIT, CONTROL, ENTRIES, PUBLISH, REVIEWS
from tests.stack.wishes import CROWDED, FULL, JOINED, PLAIN

BEFORE, AFTER = "before", "after"  # the call takes effect, or does not any more
DEAD_LETTERS = "enrollment-dead-letters"


@dataclass(frozen=True, kw_only=True)
class Point:
    """A moment in the life of a wish, seen by a call that passes on its way."""

    name: str
    function: str  # the one that is killed
    wish: Any  # the kind of wish that gets there
    when: str
    sees: Callable[[Any], bool]  # whether a call about the wish is the one
    creates: int  # calls for the wish that Classroom has answered by then
    again: bool = False  # the wish was rejected before, and is made once more


def writes(**expected):
    """Whether an entry is written with these values; None for a field that must not change."""

    def sees(said):
        return (said.method, said.collection) == (COMMIT, ENTRIES) and all(
            said.fields.get(name) == value for name, value in expected.items()
        )

    return sees


def publishes(topic):
    return lambda said: (said.method, said.topic) == (PUBLISH, topic)


def _files(said):
    return (said.method, said.collection) == (COMMIT, REVIEWS)


def moves_wake_at(said):
    """Whether nothing but `wake_at` is written, as `wake` does before it publishes."""
    return writes(state=None, claim=None, letter=None)(said) and "wake_at" in said.fields


CLAIMED = Point(
    name="the claim is committed, Classroom is not asked",
    function="enroll",
    wish=PLAIN,
    when=AFTER,
    sees=writes(state="claimed"),
    creates=0,
)
ANSWERED = Point(
    name="Classroom has answered, nothing is settled",
    function="enroll",
    wish=PLAIN,
    when=BEFORE,
    sees=writes(state="settled"),
    creates=1,
)
REJECTED = Point(
    name="the rejection is settled, its letter is not published",
    function="enroll",
    wish=FULL,
    when=AFTER,
    sees=writes(state="settled", letter="owed"),
    creates=1,
)
PUBLISHED = Point(
    name="the letter is published, which is not noted",
    function="enroll",
    wish=FULL,
    when=AFTER,
    sees=publishes(DEAD_LETTERS),
    creates=1,
)
PUT_RIGHT = Point(
    name="a wish that was rejected has come true, its review item is open",
    function="enroll",
    wish=CROWDED,
    when=AFTER,
    sees=writes(state="settled", letter="owed"),
    creates=2,
    again=True,
)
FILED = Point(
    name="the review item is filed, the letter is not acknowledged",
    function="collect",
    wish=FULL,
    when=AFTER,
    sees=_files,
    creates=1,
)
MOVED = Point(
    name="wake_at is moved ahead, nothing is published",
    function="wake",
    wish=JOINED,
    when=AFTER,
    sees=moves_wake_at,
    creates=1,
)
SENT_BY_WAKE = Point(
    name="wake has published an owed letter, which is not noted",
    function="wake",
    wish=FULL,
    when=AFTER,
    sees=publishes(DEAD_LETTERS),
    creates=1,
)
OF_ENROLL = (CLAIMED, ANSWERED, REJECTED, PUBLISHED, PUT_RIGHT)


@dataclass
class Trap:
    """Waits for a point of one wish, and kills there; once."""

    point: Point
    request_id: str
    kill: Callable[[], None] = field(repr=False)
    sprung: threading.Event = field(default_factory=threading.Event, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _used: bool = False

    def before(self, said):
        return self._spring(said, BEFORE)

    def after(self, said):
        return self._spring(said, AFTER)

    def _spring(self, said, when):
        point = self.point
        if when != point.when or not self._is_about_it(said) or not point.sees(said):
            return None
        with self._lock:
            if self._used:
                return None
            self._used = True
        self.kill()
        self.sprung.set()
        return StatusCode.UNAVAILABLE  # whoever asked is dead

    def _is_about_it(self, said):
        if said.collection == REVIEWS:  # a review item stands under the id of its letter
            return said.fields.get("request_id") == self.request_id
        return said.is_about(self.request_id)


def is_line(said):
    """Whether the line is written."""
    return (said.collection, said.document) == (CONTROL, "line")
