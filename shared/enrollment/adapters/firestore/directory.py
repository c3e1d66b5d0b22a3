"""What the senders' people and classes are, in Firestore."""

import hashlib
import json
from collections.abc import Collection, Iterable, Mapping
from datetime import datetime
from itertools import islice
from typing import Any, TypeVar

from pydantic import TypeAdapter

from enrollment.adapters.firestore.connection import Firestore
from enrollment.adapters.firestore.documents import Document, Documents
from enrollment.adapters.firestore.records import reading_document
from enrollment.clock import Deadline
from enrollment.ports import Overtaken, Unavailable
from enrollment.reasons import Reason
from enrollment.sources.candidates import Person, Section
from enrollment.sources.known import Known, is_older
from enrollment.timing import REMEMBERED

Record = TypeVar("Record", Person, Section)
PERSON, SECTION = TypeAdapter(Person), TypeAdapter(Section)
TRIES = 5  # others would have to write the same people at the same moment as often
AT_ONCE = 500  # documents of 300 bytes in a commit of 10 MiB at most (Firestore quotas page)


class FirestoreDirectory:
    """People and classes in the collection `directory`, by the source that told of them."""

    def __init__(self, firestore: Firestore) -> None:
        self._records = Documents(firestore, "directory")

    def find(
        self, source: str, people: Collection[str], sections: Collection[str], deadline: Deadline
    ) -> Known:
        """Those of the people and classes that a source has told of."""
        people_at = {_name(source, "person", each): each for each in people}
        sections_at = {_name(source, "section", each): each for each in sections}
        documents = self._look([*people_at, *sections_at], deadline)
        return Known(
            {people_at[it.id]: _read(it, PERSON) for it in documents if it.id in people_at},
            {sections_at[it.id]: _read(it, SECTION) for it in documents if it.id in sections_at},
        )

    def learn(self, source: str, known: Known, now: datetime, deadline: Deadline) -> None:
        """Remember people and classes, in the place of what was known that is not newer."""
        records: dict[str, Person | Section] = {
            **{_name(source, "person", each): it for each, it in known.people.items()},
            **{_name(source, "section", each): it for each, it in known.sections.items()},
        }
        waiting = iter(records.items())
        while some := dict(islice(waiting, AT_ONCE)):
            self._learn(some, now + REMEMBERED, deadline)

    def _learn(
        self, records: Mapping[str, Person | Section], expire_at: datetime, deadline: Deadline
    ) -> None:
        """Remember some of them. What has a time is compared with what is there, then replaces it.

        Another instance may replace it in between: then it is compared anew.
        """
        dated = [name for name, record in records.items() if record.changed_at]
        for _ in range(TRIES):
            found = self._records.look_all(dated, deadline) if dated else []
            newer = {it.id for it in found if is_older(records[it.id], _stored(it, records[it.id]))}
            fields = {
                name: {
                    "record": _adapter(record).dump_json(record).decode(),
                    "expire_at": expire_at,
                }
                for name, record in records.items()
                if name not in newer
            }
            versions = dict.fromkeys(dated) | {it.id: it.version for it in found}
            try:
                if fields:
                    self._records.put_all(fields, deadline, versions)
            except Overtaken:
                continue
            return
        raise Unavailable(Reason.LEDGER_DOWN, "the directory was written by others meanwhile")

    def _look(self, names: Iterable[str], deadline: Deadline) -> list[Document]:
        waiting, found = iter(names), []
        while some := list(islice(waiting, AT_ONCE)):
            found += self._records.look_all(some, deadline)
        return found


def _adapter(record: Person | Section) -> TypeAdapter[Any]:
    return PERSON if isinstance(record, Person) else SECTION


def _stored(document: Document, record: Person | Section) -> Person | Section:
    """What is stored in the place of a record."""
    stored: Person | Section = _read(document, _adapter(record))
    return stored


def _name(source: str, kind: str, sender_id: str) -> str:
    """A document's name; the sender's id may hold what no path should."""
    return hashlib.sha256(f"{source}\n{kind}\n{sender_id}".encode()).hexdigest()


def _read(document: Document, adapter: TypeAdapter[Record]) -> Record:
    with reading_document(f"the record {document.id} of the directory"):
        fields: Mapping[str, Any] = document.fields
        return adapter.validate_python(json.loads(fields["record"]))
