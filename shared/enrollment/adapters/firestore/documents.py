"""The documents of one collection: created, read, replaced under a precondition, and found."""

import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from google.api_core import exceptions
from google.cloud.firestore_v1 import types

from enrollment.adapters.calls import TROUBLE
from enrollment.adapters.firestore.commit import CommitRequest
from enrollment.adapters.firestore.connection import Firestore, down
from enrollment.adapters.firestore.values import put, taken
from enrollment.clock import Deadline
from enrollment.ports import AlreadyExists, Overtaken, Unavailable
from enrollment.reasons import Reason

BILLION = 1_000_000_000
NOTHING: Mapping[str, Mapping[str, Any]] = MappingProxyType({})
UNSEEN: Mapping[str, int | None] = MappingProxyType({})
# What Firestore says of a document that is there already, is another by now, or is gone.
ANOTHER = (exceptions.AlreadyExists, exceptions.FailedPrecondition, exceptions.NotFound)
REQUEST_TIME = types.DocumentTransform.FieldTransform.ServerValue.REQUEST_TIME


@dataclass(frozen=True)
class Written:
    """A write that took effect: the document's new version, when that was, and when it was told.

    The two times differ when the reply was lost and the writer had to look.
    """

    version: int
    at: datetime
    read_at: datetime


@dataclass(frozen=True)
class Document:
    """A document as it was read. `version` is its update time in nanoseconds.

    `values` are the fields as Firestore told them: a query can go on after them, whatever they are.
    """

    id: str
    fields: Mapping[str, Any]
    values: Mapping[str, Any]
    version: int
    created_at: datetime
    updated_at: datetime
    read_at: datetime


@dataclass(frozen=True)
class Documents:
    """One collection.

    Each write carries a random `write_id`: none is without a change, which would keep the version,
    and a writer can recognise its own.
    """

    firestore: Firestore
    collection: str

    def create(
        self,
        name: str,
        fields: Mapping[str, Any],
        deadline: Deadline,
        beside: Mapping[str, Mapping[str, Any]] = NOTHING,
    ) -> Written:
        """Store a new document. Raises AlreadyExists, even if its own first try stored it.

        Those `beside` it are stored in the same moment, in the place of what was there.
        """
        return self._commit(name, None, fields, deadline, secrets.token_hex(8), beside=beside)

    def put_all(
        self,
        documents: Mapping[str, Mapping[str, Any]],
        deadline: Deadline,
        versions: Mapping[str, int | None] = UNSEEN,
    ) -> None:
        """Store documents in the place of what was there, all of them or none; at most 500.

        Raises Overtaken if one of those with a version is another one by now; None is for one that
        was not there. Its own first try may have made it so.
        """
        request = CommitRequest(database=self.firestore.database)
        for name, fields in documents.items():
            write = self._add(request, name, fields)
            if name in versions:
                _expect(write.current_document, versions[name])
        try:
            self.firestore.call(self.firestore.commit, _written, request, deadline)
        except TROUBLE as error:
            raise (Overtaken() if isinstance(error, ANOTHER) else down(error)) from None

    def look_all(self, names: Sequence[str], deadline: Deadline) -> list[Document]:
        """Those of the documents that are there, in any order."""
        looked = self._looked(names, deadline)
        return [document for document, _ in looked if document is not None]

    def write(
        self, name: str, version: int | None, changes: Mapping[str, Any], deadline: Deadline
    ) -> Written:
        """Create or update a document, as its version says. Raises Overtaken.

        Fields that are None are taken away. A commit whose reply was lost, and which therefore met
        itself, is recognised by a look.
        """
        mine = secrets.token_hex(8)
        try:
            return self._commit(name, version, changes, deadline, mine)
        except (AlreadyExists, Overtaken):
            there, _ = self.look(name, deadline)
        if there is not None and there.fields.get("write_id") == mine:
            return Written(there.version, there.updated_at, there.read_at)
        raise Overtaken

    def look(self, name: str, deadline: Deadline) -> tuple[Document | None, datetime]:
        """The document, if there is one, and when it was looked for."""
        looked = self._looked([name], deadline)
        if not looked:
            raise Unavailable(Reason.LEDGER_DOWN, "an empty answer")
        return looked[0]

    def find(self, query: Mapping[str, Any], deadline: Deadline) -> list[Document]:
        """The documents that a structured query finds."""
        firestore, request = self.firestore, self._query(query)
        answers = firestore.ask(firestore.api.run_query, list, request, deadline)
        found = (types.RunQueryResponse.pb(each) for each in answers)
        return [_document(it.document, _at(it.read_time)) for it in found if it.document.name]

    def pages(
        self, query: Mapping[str, Any], size: int, deadline: Deadline
    ) -> Iterator[list[Document]]:
        """What a query without an order of its own finds, by id and so many at a time."""
        by_id = {"order_by": [{"field": {"field_path": "__name__"}}], "limit": {"value": size}}
        page = self.find({**query, **by_id}, deadline)
        yield page
        while len(page) == size:
            page = self.find({**query, **by_id, "start_at": self.after(page[-1])}, deadline)
            yield page

    def count(self, query: Mapping[str, Any], deadline: Deadline) -> int:
        """How many documents a structured query would find; none of them is read."""
        firestore = self.firestore
        plain = self._query(query)
        request = types.RunAggregationQueryRequest(
            parent=plain["parent"],
            structured_aggregation_query={
                "structured_query": plain["structured_query"],
                "aggregations": [{"alias": "number", "count": {}}],
            },
        )
        answers = firestore.ask(firestore.api.run_aggregation_query, list, request, deadline)
        fields = [types.RunAggregationQueryResponse.pb(each) for each in answers]
        return sum(each.result.aggregate_fields["number"].integer_value for each in fields)

    def after(self, last: Document, *fields: str) -> dict[str, Any]:
        """The place behind a document, in a query that is ordered by these fields and by id."""
        values = [last.values[field] for field in fields]
        return {"values": [*values, self.reference(last.id)], "before": False}

    def path(self, name: str) -> str:
        """The full path of a document."""
        return f"{self.firestore.documents}/{self.collection}/{name}"

    def reference(self, name: str) -> dict[str, str]:
        """A document as a value in a query."""
        return {"reference_value": self.path(name)}

    def _looked(
        self, names: Sequence[str], deadline: Deadline
    ) -> list[tuple[Document | None, datetime]]:
        """Each document, if it is there, and when it was looked for; in any order."""
        firestore = self.firestore
        request = types.BatchGetDocumentsRequest(
            database=firestore.database, documents=[self.path(name) for name in names]
        )
        answers = firestore.ask(firestore.api.batch_get_documents, list, request, deadline)
        return [_answered(types.BatchGetDocumentsResponse.pb(each)) for each in answers]

    def _query(self, query: Mapping[str, Any]) -> dict[str, Any]:
        whole = {"from_": [{"collection_id": self.collection}], **query}
        return {"parent": self.firestore.documents, "structured_query": whole}

    def _commit(
        self,
        name: str,
        version: int | None,
        changes: Mapping[str, Any],
        deadline: Deadline,
        write_id: str,
        *,
        beside: Mapping[str, Mapping[str, Any]] = NOTHING,
    ) -> Written:
        request = CommitRequest(database=self.firestore.database)
        write = self._add(request, name, {**changes, "write_id": write_id})
        for other, fields in beside.items():
            self._add(request, other, fields)
        write.update_transforms.add(field_path="updated_at", set_to_server_value=REQUEST_TIME)
        _expect(write.current_document, version)
        if version is not None:
            write.update_mask.field_paths.extend([*changes, "write_id"])
        try:
            return self.firestore.call(self.firestore.commit, _written, request, deadline)
        except TROUBLE as error:
            raise _trouble(error, version) from None

    def _add(self, request: Any, name: str, fields: Mapping[str, Any]) -> Any:
        """One more write in a commit."""
        write = request.writes.add()
        write.update.name = self.path(name)
        for field, value in fields.items():
            if value is not None:
                put(write.update.fields[field], value)
        return write


def _expect(current: Any, version: int | None) -> None:
    """Let a write take effect on this version only; None is for a document that is not there."""
    if version is None:
        current.exists = False
    else:
        current.update_time.seconds, current.update_time.nanos = divmod(version, BILLION)


def _trouble(error: Exception, version: int | None) -> Exception:
    """What a failed commit means: the same status says another thing of a create and an update."""
    if version is None and isinstance(error, exceptions.AlreadyExists):
        return AlreadyExists()
    gone = isinstance(error, exceptions.FailedPrecondition | exceptions.NotFound)
    return Overtaken() if gone and version is not None else down(error)


def _written(answer: Any) -> Written:
    time = answer.write_results[0].update_time
    return Written(_version(time), _at(time), _at(time))


def _answered(answer: Any) -> tuple[Document | None, datetime]:
    read_at = _at(answer.read_time)
    found = answer.WhichOneof("result") == "found"
    return (_document(answer.found, read_at) if found else None), read_at


def _document(document: Any, read_at: datetime) -> Document:
    return Document(
        id=document.name.rpartition("/")[2],
        fields={name: taken(value) for name, value in document.fields.items()},
        values=document.fields,
        version=_version(document.update_time),
        created_at=_at(document.create_time),
        updated_at=_at(document.update_time),
        read_at=read_at,
    )


def _version(time: Any) -> int:
    whole: int = time.seconds * BILLION + time.nanos
    return whole


def _at(time: Any) -> datetime:
    there: datetime = time.ToDatetime(tzinfo=UTC)
    return there
