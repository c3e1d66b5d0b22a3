"""How google-auth's calls travel: they keep nothing open and end in time."""

import time

import pytest
from google.auth.exceptions import TransportError

from enrollment.adapters.classroom.credentials import Delegation, Transport
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from tests.contract.wire.servers import HANG, refused_port, reply, serving
from tests.unit.classroom.identities import ADMIN, DELEGATE, Source


def test_a_transport_keeps_no_connection():
    with serving(reply(b"{}"), reply(b"{}")) as server:
        transport = Transport(2.0)

        answers = [transport(server.url, method="POST", body=b"x") for _ in range(2)]

        assert [answer.status for answer in answers] == [200, 200]
        assert server.connections == 2


def test_all_calls_of_a_transport_together_end_in_time():
    with serving(HANG, reply(b"{}")) as server:
        transport, began = Transport(0.04), time.monotonic()

        with pytest.raises(TimeoutError):
            transport(server.url)
        with pytest.raises(TransportError, match="no time is left"):
            transport(server.url)

        assert time.monotonic() - began < 1
        assert len(server.hits) == 1


def test_a_token_endpoint_that_nobody_reaches_is_not_now():
    url = refused_port()
    identities = Delegation(DELEGATE, Source(), lambda seconds: lambda **_: Transport(seconds)(url))

    with pytest.raises(Unavailable) as raised:
        identities.headers(ADMIN, as_student=False, timeout=1.0)

    assert (raised.value.reason, raised.value.answer_lost) == (Reason.CLASSROOM_DOWN, False)
