"""A connection to one Firestore database.

It speaks Google's generated client, one layer below `firestore.Client`: that one's documents and
queries cost twice the CPU of a write, and its streams are tried again without an end.
"""

import os
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import google.auth
import grpc
from google.auth.credentials import AnonymousCredentials
from google.auth.exceptions import GoogleAuthError
from google.cloud.firestore_v1.services.firestore import FirestoreClient
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcTransport

from enrollment.adapters.calls import TROUBLE, status, within
from enrollment.adapters.firestore.commit import plain_commit
from enrollment.clock import Deadline
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from enrollment.timing import LEDGER_LIMIT, LEDGER_TRY

Answer = TypeVar("Answer")

EMULATOR = "FIRESTORE_EMULATOR_HOST"
KEEPALIVE = [("grpc.keepalive_time_ms", 30_000)]  # as Google's client sets it


@dataclass(frozen=True)
class Firestore:
    """One database: its path, and the client that speaks to it. Thread-safe."""

    api: FirestoreClient
    commit: Callable[..., Any]
    database: str
    metadata: tuple[tuple[str, str], ...]

    @property
    def documents(self) -> str:
        """The path that every collection stands under."""
        return f"{self.database}/documents"

    def call(
        self, method: Callable[..., Any], read: Callable[[Any], Answer], request: Any, by: Deadline
    ) -> Answer:
        """What is read from the answer of one of the client's methods.

        Tried for at most 10 s, each try for at most 5 s. Raises Unavailable(ledger_down), and
        leaves trouble with the request itself as it is.
        """

        def one_try(seconds: float) -> Answer:
            answer = method(request=request, metadata=self.metadata, retry=None, timeout=seconds)
            return read(answer)

        return within(
            by, one_try, reason=Reason.LEDGER_DOWN, limit=LEDGER_LIMIT, one_try=LEDGER_TRY
        )

    def ask(
        self, method: Callable[..., Any], read: Callable[[Any], Answer], request: Any, by: Deadline
    ) -> Answer:
        """The same, for a call that has no trouble of its own. Raises Unavailable(ledger_down)."""
        try:
            return self.call(method, read, request, by)
        except TROUBLE as error:
            raise down(error) from None

    def close(self) -> None:
        """Close the connection; the database stays."""
        self.api.transport.close()


def open_firestore(project: str, database: str = "(default)") -> Firestore:
    """A database of a project, or of the emulator; nothing is sent yet.

    Raises Unavailable(ledger_down) if there are no credentials.
    """
    path = f"projects/{project}/databases/{database}"
    metadata = [("google-cloud-resource-prefix", path)]
    if emulator := os.environ.get(EMULATOR):
        metadata.append(("authorization", "Bearer owner"))  # past the emulator's security rules
        transport = FirestoreGrpcTransport(
            host=emulator,
            credentials=AnonymousCredentials(),
            channel=grpc.insecure_channel(emulator),
        )
    else:
        transport = _at_google()
    client, commit = FirestoreClient(transport=transport), plain_commit(transport, path)
    return Firestore(client, commit, path, tuple(metadata))


def _at_google() -> FirestoreGrpcTransport:
    try:
        credentials, _ = google.auth.default(scopes=FirestoreGrpcTransport.AUTH_SCOPES)
    except GoogleAuthError as error:
        raise down(error) from None
    host = FirestoreClient.DEFAULT_ENDPOINT
    channel = FirestoreGrpcTransport.create_channel(
        host, credentials=credentials, options=KEEPALIVE
    )
    return FirestoreGrpcTransport(host=host, channel=channel)


def down(error: Exception) -> Unavailable:
    """Any trouble of Google's libraries as the port's, without their words."""
    return Unavailable(Reason.LEDGER_DOWN, status(error))
