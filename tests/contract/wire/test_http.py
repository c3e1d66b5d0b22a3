"""A request is sent once, and it is known whether its answer may have been lost."""

import socket
import threading
import time
from contextlib import closing, suppress

import httplib2
import pytest

from enrollment.adapters.classroom import http as wire
from enrollment.adapters.classroom.http import IDLE_SECONDS, AnswerLost, OneShotHttp, Unreached
from tests.contract.wire.servers import CLOSE, HANG, RESET, refused_port, reply, serving

PATIENCE, SHORT = 2.0, 0.1
WHOLE = reply(b'{"id": "1"}')
LOSSES = {
    "closed before the status line": CLOSE,
    "reset": RESET,
    "no answer in time": HANG,
    "half a status line": (b"HTTP/1.1 2", CLOSE),
    "no status line at all": (b"SSH-2.0-OpenSSH_9.6\r\n\r\n", CLOSE),
    "half a body": (WHOLE[:-3], CLOSE),
    "half a body, then reset": (WHOLE[:-3], RESET),
    "half a body, then silence": (WHOLE[:-3], HANG),
    "a body that is not what it says": reply(b"no gzip", Content_Encoding="gzip"),
}


@pytest.fixture
def http():
    with closing(OneShotHttp(PATIENCE)) as found:
        yield found


def post(http, url, timeout=PATIENCE):
    http.allow(timeout)
    return http.request(url, "POST", b'{"userId": "me"}', {"content-type": "application/json"})


def test_nothing_is_sent_when_the_connecting_took_all_the_time(http, monkeypatch):
    late = []
    real, connect = wire.monotonic, httplib2.HTTPConnectionWithTimeout.connect

    def suspended(connection):
        connect(connection)
        late.append(3600.0)

    monkeypatch.setattr(httplib2.HTTPConnectionWithTimeout, "connect", suspended)
    monkeypatch.setattr(wire, "monotonic", lambda: real() + sum(late))

    with serving(WHOLE) as server, pytest.raises(Unreached):
        post(http, server.url)

    assert server.hits == []


def test_a_reply_arrives(http):
    with serving(WHOLE) as server:
        response, content = post(http, server.url)

        assert (response.status, content) == (200, b'{"id": "1"}')
        assert server.hits[0].endswith(b'{"userId": "me"}')


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
@pytest.mark.parametrize("kept_alive", [False, True], ids=["cold", "kept alive"])
def test_a_lost_answer_is_one_hit(http, loss, kept_alive):
    warm_up = [WHOLE] * kept_alive
    with serving(*warm_up, loss, WHOLE, WHOLE) as server:
        for _ in warm_up:
            post(http, server.url)

        with pytest.raises(AnswerLost):
            post(http, server.url, SHORT)

        assert len(server.hits) == 1 + kept_alive
        assert server.connections == 1


@pytest.mark.parametrize("loss", LOSSES.values(), ids=LOSSES)
def test_after_a_lost_answer_the_next_request_has_a_connection_of_its_own(http, loss):
    with serving(loss, WHOLE) as server:
        with pytest.raises(AnswerLost):
            post(http, server.url, SHORT)

        _, content = post(http, server.url)

        assert content == b'{"id": "1"}'
        assert (len(server.hits), server.connections) == (2, 2)


def test_a_get_is_sent_once_too(http):
    with serving(CLOSE, WHOLE) as server:
        with pytest.raises(AnswerLost):
            http.request(server.url)

        assert len(server.hits) == 1


def test_a_connection_that_was_closed_between_two_requests_costs_no_answer(http):
    with serving(WHOLE) as server:
        post(http, server.url)
    # the server is gone and has closed its end

    with pytest.raises(Unreached):
        post(http, server.url)
    assert len(server.hits) == 1


def test_half_a_head_is_an_answer_that_says_nothing(http):
    with serving((b"HTTP/1.1 200 OK\r\nContent-Le", CLOSE)) as server:
        _, content = post(http, server.url)

        assert content == b""
        assert len(server.hits) == 1


def test_a_port_that_refuses_was_never_reached(http):
    with pytest.raises(Unreached, match="ConnectionRefusedError"):
        post(http, refused_port())


def test_a_server_that_speaks_no_tls_was_never_reached(http):
    with serving(reply()) as server, pytest.raises(Unreached):
        post(http, server.url.replace("http:", "https:"), SHORT)


def test_requests_share_a_connection_while_it_is_kept_alive(http):
    with serving(WHOLE, WHOLE, WHOLE) as server:
        for _ in range(3):
            post(http, server.url)

        assert (len(server.hits), server.connections) == (3, 1)


def test_a_connection_that_was_idle_for_long_is_not_trusted(http):
    with serving(WHOLE, WHOLE, WHOLE) as server:
        post(http, server.url)
        http._last_used -= IDLE_SECONDS / 2
        post(http, server.url)
        assert server.connections == 1

        http._last_used -= IDLE_SECONDS + 1
        post(http, server.url)

        assert (len(server.hits), server.connections) == (3, 2)


@pytest.mark.parametrize("status", ["302 Found", "303 See Other", "308 Permanent Redirect"])
def test_a_redirect_is_an_answer_and_is_not_followed(http, status):
    with serving(reply(b"", status, Location="/elsewhere"), WHOLE) as server:
        response, _ = post(http, server.url)

        assert response.status == int(status[:3])
        assert len(server.hits) == 1


@pytest.mark.parametrize("status", ["401 Unauthorized", "429 Too Many Requests", "503 Busy"])
def test_an_error_is_an_answer_and_is_not_asked_again(http, status):
    with serving(reply(b"{}", status), WHOLE) as server:
        response, _ = post(http, server.url)

        assert response.status == int(status[:3])
        assert len(server.hits) == 1


def test_the_timeout_of_a_call_holds_on_a_connection_that_is_open(http):
    with serving(WHOLE, HANG) as server:
        post(http, server.url, PATIENCE)

        with pytest.raises(AnswerLost, match="TimeoutError"):
            post(http, server.url, SHORT)


def test_what_went_wrong_is_told_by_its_kind_and_not_by_its_words(http):
    with serving(CLOSE) as server, pytest.raises(AnswerLost) as raised:
        http.request(f"{server.url}/courses/1/students?enrollmentCode=k7xq2p", "POST", b"{}")

    assert str(raised.value) == "RemoteDisconnected"


def test_an_answer_that_trickles_is_given_up_when_its_time_is_over():
    over = threading.Event()

    def trickle():
        connection, _ = listening.accept()
        with connection, suppress(OSError):
            connection.recv(65_536)
            for number in range(len(WHOLE)):
                connection.sendall(WHOLE[number : number + 1])
                if over.wait(SHORT / 3):
                    return

    with socket.create_server(("127.0.0.1", 0)) as listening, closing(OneShotHttp(SHORT)) as http:
        server = threading.Thread(target=trickle)
        server.start()
        began = time.monotonic()

        with pytest.raises(AnswerLost):
            post(http, f"http://127.0.0.1:{listening.getsockname()[1]}/v1", SHORT)

        took = time.monotonic() - began
        over.set()
        server.join()
    assert took < 10 * SHORT  # each byte came in time, the whole answer did not
