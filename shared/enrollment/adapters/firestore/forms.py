"""How far each form has been read, in Firestore."""

import hashlib
from collections.abc import Sequence

from enrollment.adapters.firestore.connection import Firestore
from enrollment.adapters.firestore.documents import Document, Documents
from enrollment.adapters.firestore.records import changes, read, reading_document, readings
from enrollment.clock import Deadline
from enrollment.form_ports import FormState, StoredForm

STATE = readings(FormState)


class FirestoreFormStates:
    """The collection `forms`: one document for each form, named by the hash of Google's id."""

    def __init__(self, firestore: Firestore) -> None:
        self._forms = Documents(firestore, "forms")

    def read(self, form_ids: Sequence[str], deadline: Deadline) -> Sequence[StoredForm]:
        """The states of these forms, in their order."""
        if not form_ids:
            return []
        names = {_name(each): each for each in form_ids}
        found = {each.id: each for each in self._forms.look_all(list(names), deadline)}
        return [_stored(form_id, found.get(name)) for name, form_id in names.items()]

    def write(self, seen: StoredForm, state: FormState, deadline: Deadline) -> StoredForm:
        """Replace what was seen. Raises Overtaken if it has changed since."""
        version = seen.version if isinstance(seen.version, int) else None
        known = None if version is None else seen.state
        fields = changes(STATE, state, known)
        done = self._forms.write(_name(seen.form_id), version, fields, deadline)
        return StoredForm(seen.form_id, state, done.version)


def _name(form_id: str) -> str:
    return hashlib.sha256(form_id.encode()).hexdigest()


def _stored(form_id: str, document: Document | None) -> StoredForm:
    if document is None:
        return StoredForm(form_id, FormState(), None)
    with reading_document(f"the record {document.id} of a form"):
        return StoredForm(form_id, FormState(**read(STATE, document.fields)), document.version)
