"""The line in Firestore."""

from enrollment.adapters.firestore.connection import Firestore
from enrollment.adapters.firestore.documents import Documents
from enrollment.adapters.firestore.records import changes, read, reading_document, readings
from enrollment.clock import Deadline
from enrollment.ports import LineStatus, StoredLine

NAME = "line"
STATUS = readings(LineStatus)


class FirestoreLine:
    """The document `control/line`."""

    def __init__(self, firestore: Firestore) -> None:
        self._control = Documents(firestore, "control")

    def read(self, deadline: Deadline) -> StoredLine:
        """The line as it stands; open if nobody ever held it."""
        found, read_at = self._control.look(NAME, deadline)
        if found is None:
            return StoredLine(LineStatus(), None, read_at)
        with reading_document("the record of the line"):
            status = LineStatus(**read(STATUS, found.fields))
        return StoredLine(status, found.version, read_at)

    def write(self, seen: StoredLine, status: LineStatus, deadline: Deadline) -> StoredLine:
        """Replace what was seen. Raises Overtaken if it has changed since."""
        version = seen.version if isinstance(seen.version, int) else None
        done = self._control.write(NAME, version, changes(STATUS, status), deadline)
        return StoredLine(status, done.version, done.at)
