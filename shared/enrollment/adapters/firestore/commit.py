"""The commit of Google's generated client, without its wrapping.

An enrollment makes two. What `FirestoreClient.commit` does around one (messages in messages,
retries and metrics that are not used here, a logger) is 50 µs, an eighth of its CPU.
"""

from collections.abc import Callable, Sequence
from typing import Any

import grpc
from google.api_core.exceptions import from_grpc_error
from google.api_core.gapic_v1.routing_header import to_grpc_metadata
from google.cloud.firestore_v1 import types
from google.cloud.firestore_v1.services.firestore.transports import FirestoreGrpcTransport
from google.cloud.firestore_v1.services.firestore.transports.base import DEFAULT_CLIENT_INFO

PATH = "/google.firestore.v1.Firestore/Commit"
# The messages themselves, which Google's types only wrap.
CommitRequest: Any = types.CommitRequest.pb()
CommitResponse: Any = types.CommitResponse.pb()


def plain_commit(transport: FirestoreGrpcTransport, database: str) -> Callable[..., Any]:
    """`FirestoreClient.commit` for one database, of a plain message and with a plain answer.

    The same goes over the wire, and the same exceptions are raised; it is never tried again.
    """
    stub = transport.grpc_channel.unary_unary(
        PATH,
        request_serializer=CommitRequest.SerializeToString,
        response_deserializer=CommitResponse.FromString,
    )
    always = (to_grpc_metadata({"database": database}), DEFAULT_CLIENT_INFO.to_grpc_metadata())

    def commit(
        *,
        request: Any,
        metadata: Sequence[tuple[str, str]],
        retry: None,  # noqa: ARG001 - it is called as Google's methods are
        timeout: float,
    ) -> Any:
        try:
            return stub(request, metadata=(*metadata, *always), timeout=timeout)
        except grpc.RpcError as error:
            raise from_grpc_error(error) from error

    return commit
