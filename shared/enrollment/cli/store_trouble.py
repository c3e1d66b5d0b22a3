"""What to say of a store that cannot be used: the thing, the fact and the remedy."""

import os

from enrollment.cli.places import Place
from enrollment.ports import DamagedStore, Unavailable
from enrollment.reasons import Reason

EMULATORS = {
    Reason.LEDGER_DOWN: "FIRESTORE_EMULATOR_HOST",
    Reason.TOPIC_DOWN: "PUBSUB_EMULATOR_HOST",
}
ROLES = {
    Reason.LEDGER_DOWN: "roles/datastore.user",
    Reason.TOPIC_DOWN: "roles/pubsub.publisher",
}
NO_LOGIN = frozenset({"DefaultCredentialsError", "RefreshError", "UNAUTHENTICATED"})


def unusable(at: Place, trouble: Unavailable) -> str:
    """One line about a store or topic that failed."""
    return f"{fact(at, trouble)}: {remedy(at, trouble)}"


def fact(at: Place, trouble: Unavailable) -> str:
    """What failed, and with which words."""
    if at.embedded:
        thing = f"the store {at.path}"
    elif trouble.reason is Reason.LEDGER_DOWN:
        thing = at.name
    else:
        thing = f"the topic {at.settings.requests_topic} of {at.settings.project}"
    return f"{thing} cannot be used ({trouble.detail})"


def remedy(at: Place, trouble: Unavailable) -> str:
    """What mends it."""
    if at.embedded:
        return (
            "see that its disk has room and no other program keeps it; if it is damaged, put a copy"
            " from before in its place"
        )
    if isinstance(trouble, DamagedStore):
        return "restore this document from a backup, or delete it if it is no longer needed"
    if trouble.detail in NO_LOGIN:
        return "log in with `gcloud auth application-default login`"
    if trouble.detail == "PERMISSION_DENIED":
        return f"check GOOGLE_CLOUD_PROJECT, and give this login {ROLES[trouble.reason]} there"
    if trouble.detail == "NOT_FOUND":
        return f"check {_names(at, trouble)}, and that it was deployed"
    emulator = EMULATORS[trouble.reason]
    if address := os.environ.get(emulator):
        return f"see that the emulator at {address} runs, or unset {emulator}"
    return "check the network and try again; https://status.cloud.google.com tells of outages"


def _names(at: Place, trouble: Unavailable) -> str:
    if trouble.reason is Reason.LEDGER_DOWN:
        return f"GOOGLE_CLOUD_PROJECT and FIRESTORE_DATABASE ({at.settings.firestore_database})"
    return "GOOGLE_CLOUD_PROJECT and ENROLLMENT_REQUESTS_TOPIC"
