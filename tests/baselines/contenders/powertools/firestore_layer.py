"""A persistence layer for Powertools on Firestore, as its documentation lets users bring one.

It does what the library's own DynamoDB layer does, in Firestore's words: one conditional write to
begin, the old record answered with the refusal, and an update and a delete without a condition,
since the library hands them nothing that a condition could name.
"""

import datetime as dt
import threading

from aws_lambda_powertools.utilities.idempotency import BasePersistenceLayer
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyItemAlreadyExistsError,
    IdempotencyItemNotFoundError,
)
from aws_lambda_powertools.utilities.idempotency.persistence.datarecord import (
    STATUS_CONSTANTS,
    DataRecord,
)
from google.api_core.exceptions import AlreadyExists, FailedPrecondition

COLLECTION = "idempotency"


class FirestorePersistenceLayer(BasePersistenceLayer):
    """Records in one collection, each named by its key."""

    def __init__(self, connect):
        super().__init__()
        self._connect = connect
        self._client = None
        self._connecting = threading.Lock()

    def _get_record(self, idempotency_key):
        snapshot = self._document(idempotency_key).get()
        if not snapshot.exists:
            raise IdempotencyItemNotFoundError
        return _record(snapshot)

    def _put_record(self, data_record):
        document = self._document(data_record.idempotency_key)
        fields = {"status": data_record.status, "expiration": data_record.expiry_timestamp}
        if data_record.in_progress_expiry_timestamp is not None:
            fields["in_progress_expiration"] = data_record.in_progress_expiry_timestamp
        if self.payload_validation_enabled and data_record.payload_hash:
            fields["validation"] = data_record.payload_hash
        try:
            document.create(fields)
        except AlreadyExists:
            self._take_over(document, data_record, fields)

    def _take_over(self, document, data_record, fields):
        """Replace a record that has expired or whose holder's time is up, if nobody was quicker."""
        snapshot = document.get()
        if not snapshot.exists:
            raise IdempotencyItemAlreadyExistsError
        old = _record(snapshot)
        if not _is_over(old):
            self._validate_payload(data_payload=data_record, stored_data_record=old)
            raise IdempotencyItemAlreadyExistsError(old_data_record=old)
        unchanged = self._firestore().write_option(last_update_time=snapshot.update_time)
        try:
            document.update(fields, option=unchanged)
        except FailedPrecondition:
            raise IdempotencyItemAlreadyExistsError from None

    def _update_record(self, data_record):
        fields = {
            "status": data_record.status,
            "expiration": data_record.expiry_timestamp,
            "data": data_record.response_data,
        }
        if self.payload_validation_enabled:
            fields["validation"] = data_record.payload_hash
        self._document(data_record.idempotency_key).set(fields, merge=True)

    def _delete_record(self, data_record):
        self._document(data_record.idempotency_key).delete()

    def _document(self, idempotency_key):
        return self._firestore().collection(COLLECTION).document(idempotency_key)

    def _firestore(self):
        with self._connecting:
            if self._client is None:
                self._client = self._connect()
            return self._client


def _record(snapshot):
    found = snapshot.to_dict()
    return DataRecord(
        idempotency_key=snapshot.id,
        status=found["status"],
        expiry_timestamp=found["expiration"],
        in_progress_expiry_timestamp=found.get("in_progress_expiration"),
        response_data=found.get("data", ""),
        payload_hash=found.get("validation", ""),
    )


def _is_over(old):
    now = dt.datetime.now(dt.UTC).timestamp()
    if old.expiry_timestamp < now:
        return True
    lapses = old.in_progress_expiry_timestamp
    in_progress = old.status == STATUS_CONSTANTS["INPROGRESS"]
    return in_progress and lapses is not None and lapses < now * 1000
