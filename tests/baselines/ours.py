"""What the project itself remembers of a run, and what a person at its review desk does."""

from contextlib import contextmanager
from dataclasses import dataclass

from enrollment.adapters.clock import SystemClock
from enrollment.adapters.firestore import FirestoreLedger, FirestoreReviews, open_firestore
from enrollment.adapters.pubsub import PubsubTopic
from enrollment.clock import Deadline
from enrollment.entry import Letter, State
from enrollment.ports import Unavailable
from enrollment.review import UNCHANGED, Desk
from infra.local.stack import REQUESTS

PERSON = "a-person"


@dataclass(frozen=True)
class Memory:
    """The ledger and the review desk, past every proxy."""

    desk: Desk

    @property
    def deadline(self):
        return Deadline.starting_now(self.desk.clock)

    def entry(self, request_id):
        """What the ledger has of a request; None too if it cannot tell now."""
        try:
            stored = self.desk.ledger.get(request_id, self.deadline)
        except Unavailable:
            return None
        return stored.entry if stored else None

    def remembers(self, request_id):
        """Whether the request comes again, or to a person, by itself."""
        entry = self.entry(request_id)
        if entry is None:
            return False
        if entry.state is State.SETTLED:
            return entry.letter is Letter.OWED
        return entry.wake_at is not None

    def rests(self, request_id):
        """Whether nothing more is to happen to a request."""
        entry = self.entry(request_id)
        return entry is None or (entry.state is State.SETTLED and entry.letter is not Letter.OWED)

    def open_items(self):
        return [each.item for each in self.desk.reviews.open_items(self.deadline)]

    def replay_all(self, changes=UNCHANGED):
        """Replay what waits for a person, as `enrollment review replay` does."""
        for stored in list(self.desk.reviews.open_items(self.deadline)):
            self.desk.replay(stored, PERSON, self.deadline, changes)


@contextmanager
def open_memory(pubsub):
    """Where the environment says that the emulator is."""
    firestore = open_firestore(pubsub.project)
    try:
        requests = PubsubTopic(pubsub.publisher, pubsub.topic(REQUESTS))
        reviews, ledger = FirestoreReviews(firestore), FirestoreLedger(firestore)
        yield Memory(Desk(reviews, ledger, requests, SystemClock()))
    finally:
        firestore.close()
