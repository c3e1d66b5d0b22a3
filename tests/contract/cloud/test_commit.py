"""The commit without Google's wrapping is Google's commit: the same bytes, labels and trouble."""

from concurrent.futures import ThreadPoolExecutor

import grpc
import pytest
from google.api_core.exceptions import GoogleAPICallError
from google.cloud.firestore_v1 import types

from enrollment.adapters.firestore import open_firestore
from enrollment.adapters.firestore.commit import CommitRequest

ERRORS = [code for code in grpc.StatusCode if code is not grpc.StatusCode.OK]
SECONDS = 5.0


class Server(grpc.GenericRpcHandler):
    """Notes what it is sent, and answers with one result or with a status."""

    def __init__(self):
        self.heard, self.status = [], None
        self.threads = ThreadPoolExecutor(2)
        self.server = grpc.server(self.threads, handlers=[self])
        self.address = f"127.0.0.1:{self.server.add_insecure_port('127.0.0.1:0')}"
        self.server.start()

    def service(self, details):
        def answer(body, context):
            labels = sorted(details.invocation_metadata)
            self.heard.append((details.method, labels, body, context.time_remaining()))
            if self.status is not None:
                context.abort(self.status, "no")
            return types.CommitResponse.serialize({"write_results": [{"update_time": {}}]})

        return grpc.unary_unary_rpc_method_handler(answer)

    def close(self):
        self.server.stop(0).wait()
        self.threads.shutdown()


@pytest.fixture
def server():
    serving = Server()
    yield serving
    serving.close()


@pytest.fixture
def firestore(server, monkeypatch):
    monkeypatch.setenv("FIRESTORE_EMULATOR_HOST", server.address)
    database = open_firestore("school", "a database")  # a name that the routing label must quote
    yield database
    database.close()


def both(firestore):
    """Google's call and ours, each with a request of its own kind and the same content."""
    theirs = types.CommitRequest(
        database=firestore.database, writes=[{"delete": f"{firestore.documents}/requests/one"}]
    )
    ours = CommitRequest.FromString(types.CommitRequest.serialize(theirs))
    options = {"metadata": firestore.metadata, "retry": None, "timeout": SECONDS}
    return (
        lambda: firestore.api.commit(request=theirs, **options),
        lambda: firestore.commit(request=ours, **options),
    )


def test_the_same_goes_over_the_wire(firestore, server):
    theirs, ours = both(firestore)

    answers = theirs(), ours()

    (*they_said, they_had), (*we_said, we_had) = server.heard
    assert they_said == we_said
    assert {"x-goog-request-params", "x-goog-api-client"} <= {name for name, _ in we_said[1]}
    assert they_had == pytest.approx(SECONDS, abs=1)
    assert we_had == pytest.approx(SECONDS, abs=1)
    assert types.CommitResponse.pb(answers[0]) == answers[1]


@pytest.mark.parametrize("status", ERRORS, ids=lambda code: code.name)
def test_the_same_is_raised(firestore, server, status):
    server.status = status
    raised = []

    for call in both(firestore):
        with pytest.raises(GoogleAPICallError) as caught:
            call()
        raised.append((type(caught.value), caught.value.grpc_status_code, str(caught.value)))

    assert raised[0] == raised[1]
    assert len(server.heard) == 2  # each was tried once
