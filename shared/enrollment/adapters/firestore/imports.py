"""The import that was interrupted last, so that it goes on as the one it was."""

from datetime import datetime, timedelta

from enrollment.adapters.firestore.connection import Firestore
from enrollment.adapters.firestore.documents import Documents
from enrollment.clock import Deadline
from enrollment.ports import Overtaken

NAME = "import"
# Who goes on with an import does so soon; the same roster of tomorrow night is a new wish.
GOES_ON = timedelta(hours=12)


class FirestoreImports:
    """The document `control/import`: the roster that is being sent, until all of it is.

    It is one: whoever imports another roster at the same time takes its place, and an interruption
    then costs a second look at what was rejected in between.
    """

    def __init__(self, firestore: Firestore) -> None:
        self._control = Documents(firestore, "control")

    def received_at(self, digest: str, deadline: Deadline) -> datetime:
        """When the roster with these requests was received: now, or when it was interrupted."""
        found, now = self._control.look(NAME, deadline)
        if found is not None and found.fields.get("digest") == digest:
            first = found.fields.get("received_at")
            if isinstance(first, datetime) and now - first < GOES_ON:
                return first
        self._write(found.version if found else None, digest, now, deadline)
        return now

    def all_sent(self, digest: str, deadline: Deadline) -> None:
        """The roster is on the queue: from now on, the same one is a new wish."""
        found, _ = self._control.look(NAME, deadline)
        if found is not None and found.fields.get("digest") == digest:
            self._write(found.version, None, None, deadline)

    def _write(
        self, version: int | None, digest: str | None, at: datetime | None, deadline: Deadline
    ) -> None:
        try:
            self._control.write(NAME, version, {"digest": digest, "received_at": at}, deadline)
        except Overtaken:
            return  # another import has taken the place
