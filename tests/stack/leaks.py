"""What a stack has written for others to see: logs, attributes of messages, paths of documents.

The bodies of messages and the contents of documents hold addresses, and are not looked at.
"""

import os
from dataclasses import dataclass, field

from google.api_core.exceptions import AlreadyExists, DeadlineExceeded

from enrollment.adapters.firestore import open_firestore
from tests.leaks import logs_under, no_leaks_in
from tests.stack.wishes import ADMIN, CODE

SPARE = "spare-of-{}"
QUIET_SECONDS = 2.0  # without another message, there is none


@dataclass
class Ears:
    """Hears every message beside its receivers, and looks at the rest when it is over."""

    attributes: list[tuple[str, str]] = field(default_factory=list)
    written: list[tuple[str, str]] = field(default_factory=list)  # the whole, once it is over

    def listen(self, pubsub, topics):
        """Keep a copy of every message from now on."""
        for topic in topics:
            try:
                pubsub.subscriber.create_subscription(
                    name=pubsub.subscription(SPARE.format(topic)), topic=pubsub.topic(topic)
                )
            except AlreadyExists:
                continue

    def hear(self, pubsub, topics):
        """Take what was published since."""
        for topic in topics:
            name = pubsub.subscription(SPARE.format(topic))
            while taken := _taken(pubsub, name):
                self.attributes += [
                    (
                        f"attributes on {topic}",
                        " ".join(f"{k}={v}" for k, v in each.message.attributes.items()),
                    )
                    for each in taken
                ]
                pubsub.subscriber.acknowledge(
                    subscription=name, ack_ids=[each.ack_id for each in taken]
                )


def check_leaks(stage):
    """Fail if a running stack has shown what nobody may see, or has shown nothing at all."""
    stage.ears.hear(stage.pubsub, stage.stack.topology.topics)
    logs, paths = logs_under(stage.folder), _paths(stage)
    assert len(logs) >= len(stage.stack.functions), "there are no logs to look at"
    assert stage.ears.attributes, "no message was published"
    assert any("/enrollments/" in path for _, path in paths), "nothing was stored"
    stage.ears.written = [*logs, *stage.ears.attributes, *paths]
    no_leaks_in(stage.ears.written, _known(stage))


def _known(stage):
    """What only this stage knows: its students, its secrets."""
    known = {ADMIN, CODE, *stage.secrets}
    for each in stage.accepted:
        front = each.request.student.partition("@")[0]
        if front not in each.request.course_id:  # which is no secret
            known.add(front)
    return sorted(known)


def _taken(pubsub, name):
    try:
        answer = pubsub.subscriber.pull(
            subscription=name, max_messages=1_000, timeout=QUIET_SECONDS, retry=None
        )
    except DeadlineExceeded:
        return []
    return answer.received_messages


def _paths(stage):
    """Of every document in every collection."""
    os.environ.update(stage.stack.emulators.environment)
    database = open_firestore(stage.pubsub.project)
    try:
        parent, seen = database.documents, []
        ids = database.api.list_collection_ids(parent=parent, metadata=database.metadata)
        for each in list(ids):
            pages = database.api.list_documents(
                request={"parent": parent, "collection_id": each}, metadata=database.metadata
            )
            seen += [(f"a path in {each}", document.name) for document in pages]
    finally:
        database.close()
    return seen
