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
from enrollment.sources.candidates import Person, Section
from enrollment.sources.known import Known
from enrollment.timing import REMEMBERED

Record = TypeVar("Record", Person, Section)
PERSON, SECTION = TypeAdapter(Person), TypeAdapter(Section)
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
        """Remember people and classes, in the place of what was known of them."""
        expire_at = now + REMEMBERED
        records = {
            **_records(source, "person", known.people, PERSON),
            **_records(source, "section", known.sections, SECTION),
        }
        waiting = iter(records.items())
        while some := dict(islice(waiting, AT_ONCE)):
            fields = {
                name: {"record": record, "expire_at": expire_at} for name, record in some.items()
            }
            self._records.put_all(fields, deadline)

    def _look(self, names: Iterable[str], deadline: Deadline) -> list[Document]:
        waiting, found = iter(names), []
        while some := list(islice(waiting, AT_ONCE)):
            found += self._records.look_all(some, deadline)
        return found


def _records(
    source: str, kind: str, records: Mapping[str, Record], adapter: TypeAdapter[Record]
) -> dict[str, str]:
    return {
        _name(source, kind, each): adapter.dump_json(record).decode()
        for each, record in records.items()
    }


def _name(source: str, kind: str, sender_id: str) -> str:
    """A document's name; the sender's id may hold what no path should."""
    return hashlib.sha256(f"{source}\n{kind}\n{sender_id}".encode()).hexdigest()


def _read(document: Document, adapter: TypeAdapter[Record]) -> Record:
    with reading_document(f"the record {document.id} of the directory"):
        fields: Mapping[str, Any] = document.fields
        return adapter.validate_python(json.loads(fields["record"]))
