"""Receipts in Firestore."""

import hashlib
from collections.abc import Collection, Mapping

from enrollment.adapters.firestore.connection import Firestore
from enrollment.adapters.firestore.documents import Document, Documents
from enrollment.adapters.firestore.records import changes, read, reading_document, readings
from enrollment.clock import Deadline
from enrollment.ports import AlreadyExists, Unavailable
from enrollment.reasons import Reason
from enrollment.receipt import KEPT, Became, Noted, Receipt

RECEIPT = readings(Receipt)


class FirestoreReceipts:
    """Receipts in the collection `webhook_ids`, and beside each what became of its requests.

    Both are stored in one commit, and both carry `expire_at`.
    """

    def __init__(self, firestore: Firestore) -> None:
        self._receipts = Documents(firestore, "webhook_ids")

    def keep(self, receipt: Receipt, deadline: Deadline) -> Receipt:
        """Keep a receipt, or return the one that is there under the same key."""
        expire_at = receipt.received_at + KEPT
        beside = {
            _name(receipt.source, each.request_id): {
                "source": receipt.source,
                "became": each.became.value,
                "receipt": receipt.key,
                "expire_at": expire_at,
            }
            for each in receipt.told
            if each.request_id
        }
        fields = {**changes(RECEIPT, receipt), "expire_at": expire_at}
        try:
            self._receipts.create(_key(receipt.key), fields, deadline, beside)
        except AlreadyExists:  # a repeat, or our own commit whose reply was lost: they say the same
            there, _ = self._receipts.look(_key(receipt.key), deadline)
        else:
            return receipt
        if there is None:  # it was there a moment ago: deleted when its time was over
            raise Unavailable(Reason.LEDGER_DOWN, "the receipt was deleted in between")
        return _read(there)

    def find(self, key: str, deadline: Deadline) -> Receipt | None:
        """The receipt that is kept under a key, or None."""
        there, _ = self._receipts.look(_key(key), deadline)
        return _read(there) if there else None

    def of_request(
        self, request_id: str, sources: Collection[str], deadline: Deadline
    ) -> Mapping[str, Noted]:
        """What became of a request, by those of the sources that have sent one of this id."""
        names = [_name(source, request_id) for source in sources]
        found = self._receipts.look_all(names, deadline) if names else []
        return dict(_noted(each) for each in found)


def _key(key: str) -> str:
    return f"delivery-{key}"


def _name(source: str, request_id: str) -> str:
    """A document's name for a source's request: senders may choose the same id as another one.

    An id may hold what no path should.
    """
    text = f"{source}\n{request_id}"
    return f"request-{hashlib.sha256(text.encode()).hexdigest()}"


def _noted(document: Document) -> tuple[str, Noted]:
    with reading_document(f"what was received as {document.id}"):
        source, became, key = (document.fields.get(it) for it in ("source", "became", "receipt"))
        if not (isinstance(source, str) and isinstance(key, str)):
            raise TypeError
        return source, Noted(Became(str(became)), key)


def _read(document: Document) -> Receipt:
    with reading_document(f"the receipt {document.id}"):
        return Receipt(**read(RECEIPT, document.fields))
