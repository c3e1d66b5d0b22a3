"""Which key made the ids in a database."""

from enrollment.adapters.firestore.connection import Firestore
from enrollment.adapters.firestore.documents import Document, Documents
from enrollment.clock import Deadline
from enrollment.ports import DamagedStore, Overtaken
from enrollment.pseudonyms import fingerprint, must_be_same

NAME = "pseudonyms"


class FirestorePseudonyms:
    """The document `control/pseudonyms`: the fingerprint of the first key, never the key itself."""

    def __init__(self, firestore: Firestore) -> None:
        self._control = Documents(firestore, "control")

    def check(self, key: bytes, deadline: Deadline) -> None:
        """Remember the first key; raise OtherKey for any other."""
        if self.look(key, deadline):
            return
        try:
            self._control.write(NAME, None, {"fingerprint": fingerprint(key)}, deadline)
        except Overtaken:  # somebody else's key was the first, just now
            self.look(key, deadline)

    def look(self, key: bytes, deadline: Deadline) -> bool:
        """Whether a key is remembered; nothing is written. Raises OtherKey for any other."""
        found, _ = self._control.look(NAME, deadline)
        if found is not None:
            must_be_same(key, _first(found))
        return found is not None


def _first(found: Document) -> str:
    first = found.fields.get("fingerprint")
    if not isinstance(first, str):
        raise DamagedStore("the fingerprint of PSEUDONYM_KEY cannot be read")
    return first
