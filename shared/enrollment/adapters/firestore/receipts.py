"""Receipts in Firestore."""

import hashlib

from enrollment.adapters.firestore.connection import Firestore
from enrollment.adapters.firestore.documents import Document, Documents
from enrollment.adapters.firestore.records import changes, read, reading_document, readings
from enrollment.clock import Deadline
from enrollment.ports import AlreadyExists, Unavailable
from enrollment.reasons import Reason
from enrollment.receipt import KEPT, Became, Receipt

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
            _name(each.request_id): {
                "source": receipt.source,
                "became": each.became.value,
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

    def of_request(self, request_id: str, deadline: Deadline) -> tuple[str, Became] | None:
        """The source that a request came from and what became of it, or None."""
        found, _ = self._receipts.look(_name(request_id), deadline)
        if found is None:
            return None
        with reading_document(f"what was received as {found.id}"):
            source, became = found.fields.get("source"), found.fields.get("became")
            if not isinstance(source, str):
                raise TypeError
            return source, Became(str(became))


def _key(key: str) -> str:
    return f"delivery-{key}"


def _name(request_id: str) -> str:
    """A document's name for a request; an id may hold what no path should."""
    return f"request-{hashlib.sha256(request_id.encode()).hexdigest()}"


def _read(document: Document) -> Receipt:
    with reading_document(f"the receipt {document.id}"):
        return Receipt(**read(RECEIPT, document.fields))
