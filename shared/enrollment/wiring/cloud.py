"""Firestore and Pub/Sub as the settings name them, or their emulators as the environment does.

Google's clients are loaded when a store is opened: a command on a file does without them.
"""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from enrollment.adapters.clock import SystemClock
from enrollment.clock import Clock, Deadline
from enrollment.form_ports import FormStates
from enrollment.intake import Intake
from enrollment.line import LineKeeper
from enrollment.ports import Directory, Topic
from enrollment.review import Desk
from enrollment.settings import Settings
from enrollment.wiring.later import LaterPublisher, LaterTopic
from enrollment.wiring.usecases import Outside

if TYPE_CHECKING:
    from enrollment.adapters.firestore import (
        Firestore,
        FirestoreImports,
        FirestoreLedger,
        FirestorePseudonyms,
        FirestoreReviews,
    )
    from enrollment.adapters.pubsub import PubsubInspection

CLOCK = SystemClock()


@dataclass(frozen=True, kw_only=True)
class CloudStore(Outside):
    """One Firestore database and the two topics that belong to it."""

    firestore: "Firestore"
    clock: Clock
    ledger: "FirestoreLedger"
    requests: LaterTopic
    dead_letters: LaterTopic
    publisher: LaterPublisher
    reviews: "FirestoreReviews"
    imports: "FirestoreImports"
    pseudonyms: "FirestorePseudonyms"
    line: LineKeeper
    intake: Intake
    desk: Desk

    def queue(self, deadline: Deadline) -> None:
        """Nothing: how much is on a subscription, only Cloud Monitoring can tell."""

    def directory(self) -> Directory:
        """The people and classes that sources have told of."""
        from enrollment.adapters.firestore.directory import FirestoreDirectory

        return FirestoreDirectory(self.firestore)

    def forms(self) -> FormStates:
        """How far each Google Form has been read."""
        from enrollment.adapters.firestore.forms import FirestoreFormStates

        return FirestoreFormStates(self.firestore)

    def topic(self, path: str) -> Topic:
        """Another topic, by its path."""
        return LaterTopic(self.publisher, path)

    def close(self) -> None:
        """Close the connections; what is stored stays."""
        self.firestore.close()
        self.publisher.close()


def open_store(
    settings: Settings, clock: Clock = CLOCK, unreadable: Callable[[str], None] | None = None
) -> CloudStore:
    """The store of a project; nothing is sent yet.

    Given `unreadable`, lists leave out a record that cannot be read, and tell it the record's id.
    Raises Unavailable(ledger_down) if there are no credentials.
    """
    from enrollment.adapters import firestore

    assert settings.project is not None
    database = firestore.open_firestore(settings.project, settings.firestore_database)
    publisher = LaterPublisher()
    ledger = firestore.FirestoreLedger(database, unreadable)
    reviews = firestore.FirestoreReviews(database, unreadable)
    topics = f"projects/{settings.project}/topics"
    requests = LaterTopic(publisher, f"{topics}/{settings.requests_topic}")
    return CloudStore(
        firestore=database,
        clock=clock,
        ledger=ledger,
        requests=requests,
        publisher=publisher,
        dead_letters=LaterTopic(publisher, f"{topics}/{settings.dead_letters_topic}"),
        reviews=reviews,
        imports=firestore.FirestoreImports(database),
        pseudonyms=firestore.FirestorePseudonyms(database),
        line=LineKeeper(firestore.FirestoreLine(database), clock),
        intake=Intake(requests),
        desk=Desk(reviews, ledger, requests, clock),
    )


@contextmanager
def inspection(settings: Settings) -> Iterator["PubsubInspection"]:
    """A look at the topics and subscriptions of a project. Raises Unavailable(topic_down)."""
    from enrollment.adapters.pubsub import open_inspection

    assert settings.project is not None
    with closing(open_inspection(settings.project)) as opened:
        yield opened
