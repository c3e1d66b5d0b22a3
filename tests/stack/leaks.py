"""What the stack has written for others to see: logs, attributes of messages, paths of documents.

None of it may hold an address, a name, a code, a secret or a part of a body.
"""

import os

from google.api_core.exceptions import AlreadyExists, DeadlineExceeded

from enrollment.adapters.firestore import open_firestore

SPARE = "spare-of-{}"
LOGS = "*.log"


def listen(stage):
    """Keep a copy of every message from now on."""
    for topic in stage.stack.topology.topics:
        name = stage.pubsub.subscription(SPARE.format(topic))
        try:
            stage.pubsub.subscriber.create_subscription(name=name, topic=stage.pubsub.topic(topic))
        except AlreadyExists:
            continue


def leaks_of(stage, secrets):
    """Where one of these texts is seen: the place, and which of the texts by its number.

    What was published is given back, so that it can be looked at again.
    """
    wanted = sorted(secrets)
    found = []
    for place, written in (*_logs(stage), *_attributes(stage), *_paths(stage)):
        found += [
            (place, number)
            for number, text in enumerate(wanted)
            if text.casefold() in written.casefold()
        ]
    return found


def _logs(stage):
    logs = sorted(stage.folder.glob(LOGS))
    assert len(logs) >= len(stage.stack.functions), "there is nothing to look at"
    return [(each.name, each.read_text(errors="replace")) for each in logs]


def _attributes(stage):
    """Those of every message that was published since `listen`."""
    seen = []
    for topic in stage.stack.topology.topics:
        subscription = stage.pubsub.subscription(SPARE.format(topic))
        try:
            answer = stage.pubsub.subscriber.pull(
                subscription=subscription, max_messages=1_000, timeout=2, retry=None
            )
        except DeadlineExceeded:
            continue
        taken = [each.ack_id for each in answer.received_messages]
        if taken:
            stage.pubsub.subscriber.modify_ack_deadline(
                subscription=subscription, ack_ids=taken, ack_deadline_seconds=0
            )
        for each in answer.received_messages:
            told = " ".join(f"{k}={v}" for k, v in each.message.attributes.items())
            seen.append((f"attributes on {topic}", told))
    assert seen, "no message was published"
    return seen


def _paths(stage):
    """Of every document in every collection."""
    os.environ.update(stage.stack.emulators.environment)
    database = open_firestore(stage.pubsub.project)
    try:
        parent, seen = database.documents, []
        collections = list(
            database.api.list_collection_ids(parent=parent, metadata=database.metadata)
        )
        for each in collections:
            pages = database.api.list_documents(
                request={"parent": parent, "collection_id": each}, metadata=database.metadata
            )
            seen += [(f"a path in {each}", document.name) for document in pages]
    finally:
        database.close()
    assert {"enrollments", "webhook_ids"} <= set(collections)
    return seen
