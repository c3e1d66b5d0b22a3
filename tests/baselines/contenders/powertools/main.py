"""Powertools' idempotency as its documentation advises, with a persistence layer of one's own."""

import os

import functions_framework
from aws_lambda_powertools.utilities.idempotency import IdempotencyConfig, idempotent_function
from aws_lambda_powertools.utilities.idempotency.exceptions import (
    IdempotencyAlreadyInProgressError,
    IdempotencyKeyError,
    IdempotencyValidationError,
)
from by_hand import Refused, add_student, dead_letter, read_request
from firestore_layer import FirestorePersistenceLayer
from google.cloud import firestore

LEASE_MILLISECONDS = 90_000  # longer than the function may run
TTL_SECONDS = 7 * 24 * 3600  # as long as the subscription keeps a message


class Invocation:
    """Stands in for Lambda's context, of which the layer asks only this: it sets the lease."""

    @staticmethod
    def get_remaining_time_in_millis():
        """The whole time: a delivery has just begun when it is asked."""
        return LEASE_MILLISECONDS


CONFIG = IdempotencyConfig(
    event_key_jmespath="request_id",
    payload_validation_jmespath="[course_id, student]",
    raise_on_no_idempotency_key=True,
    expires_after_seconds=TTL_SECONDS,
    lambda_context=Invocation(),
)
STORE = FirestorePersistenceLayer(
    lambda: firestore.Client(project=os.environ["GOOGLE_CLOUD_PROJECT"])
)


@idempotent_function(
    data_keyword_argument="request", config=CONFIG, persistence_store=STORE, key_prefix="enroll"
)
def enroll_student(request):
    """Add the student; what it answers is stored, and answered to duplicates."""
    return {"outcome": add_student(request)}


@functions_framework.http
def powertools(http):
    """The door: what is final is reported and acknowledged, what is not comes again."""
    message = http.get_json()["message"]
    try:
        enroll_student(request=read_request(message))
    except Refused as refusal:
        dead_letter(message, refusal)
    except (IdempotencyValidationError, IdempotencyKeyError) as error:
        dead_letter(message, type(error).__name__)
    except IdempotencyAlreadyInProgressError:
        return "in progress elsewhere", 503
    return "", 200
