"""A proxy in the environment: HTTPS goes through it as people expect, this machine never does."""

import os
import socket
import threading
from contextlib import closing

import pytest

from enrollment.adapters.classroom import GoogleClassroom, LoopbackIdentities, proxy
from enrollment.adapters.classroom.credentials import Transport
from enrollment.adapters.classroom.http import OneShotHttp, Unreached
from enrollment.adapters.classroom.proxy import Proxy, proxy_for
from enrollment.ports import CreateAnswer, Seat
from tests.contract.wire.servers import CLOSE, refused_port, reply, serving
from tests.unit.classroom.identities import ADA, ADMIN

REFUSAL = (b"HTTP/1.1 407 Proxy Authentication Required\r\n\r\n", CLOSE)
GOOGLE = "classroom.googleapis.com"
UNHEARD_OF = "https://classroom.invalid/v1"  # a name that resolves nowhere (RFC 2606)
ADDED = reply(b'{"courseId": "7", "userId": "1"}', Content_Type="application/json")


@pytest.fixture(autouse=True)
def _no_proxy_is_set(monkeypatch):
    for name in os.environ:
        if name.lower().endswith("_proxy"):
            monkeypatch.delenv(name)


@pytest.mark.parametrize("name", ["http_proxy", "https_proxy", "HTTPS_PROXY"])
def test_a_school_on_this_machine_is_called_without_a_proxy(monkeypatch, name):
    with serving() as proxy, serving(ADDED) as school:
        monkeypatch.setenv(name, proxy.url)
        client = GoogleClassroom(ADMIN, LoopbackIdentities(), school.url.removesuffix("v1"))

        answer = client.create_student(Seat(course_id="7", student=ADA), 2.0)

        client.close()
        assert answer is CreateAnswer.ADDED
        assert proxy.connections == 0


def test_https_to_this_machine_takes_no_proxy_either(monkeypatch):
    with serving() as proxy, closing(OneShotHttp(2.0)) as http:
        monkeypatch.setenv("https_proxy", proxy.url)

        with pytest.raises(Unreached):
            http.request(refused_port().replace("http:", "https:"))

        assert proxy.connections == 0


def test_the_metadata_server_and_all_plain_http_take_no_proxy(monkeypatch):
    with serving() as proxy, serving(reply(b"{}")) as metadata:
        monkeypatch.setenv("http_proxy", proxy.url)

        assert Transport(2.0)(metadata.url).status == 200
        assert proxy.connections == 0


def test_a_call_to_google_asks_the_proxy_for_a_tunnel(monkeypatch):
    with serving(REFUSAL) as proxy, closing(OneShotHttp(2.0)) as http:
        monkeypatch.setenv("https_proxy", proxy.url.replace("//", "//ada:s%40sam@"))

        with pytest.raises(Unreached):
            http.request(UNHEARD_OF, "POST", b"{}")

    (asked,) = proxy.hits
    assert asked.startswith(b"CONNECT classroom.invalid:443 HTTP/1.")
    assert b"Proxy-Authorization: Basic YWRhOnNAc2Ft\r\n" in asked


def test_the_call_for_a_token_asks_the_proxy_too(monkeypatch):
    with serving(REFUSAL) as proxy:
        monkeypatch.setenv("https_proxy", proxy.url)

        with pytest.raises(OSError, match="the proxy refuses"):
            Transport(2.0)(UNHEARD_OF, method="POST")

    assert proxy.hits[0].startswith(b"CONNECT classroom.invalid:443 ")


@pytest.mark.parametrize("opened", [b"HTTP/1.1 200 OK\r\n\r\n", b"HTTP/1.0 200 On\r\nA: b\r\n\r\n"])
def test_in_the_tunnel_tls_is_spoken_with_google_and_not_with_the_proxy(monkeypatch, opened):
    heard = []

    def tunnel():
        connection, _ = listening.accept()
        with connection:
            heard.append(connection.recv(65_536))
            connection.sendall(opened)
            heard.append(connection.recv(65_536))

    with socket.create_server(("127.0.0.1", 0)) as listening, closing(OneShotHttp(2.0)) as http:
        proxy = threading.Thread(target=tunnel)
        proxy.start()
        monkeypatch.setenv("https_proxy", f"127.0.0.1:{listening.getsockname()[1]}")

        with pytest.raises(Unreached):
            http.request(UNHEARD_OF, "POST", b"{}")

        proxy.join()
    assert heard[1].startswith(b"\x16\x03")  # a TLS handshake (RFC 8446, 5.1)
    assert b"classroom.invalid" in heard[1]  # for Google's certificate


@pytest.mark.parametrize(
    ("url", "host", "port"),
    [
        ("http://proxy.school.example:8080", "proxy.school.example", 8080),
        ("http://proxy.school.example/", "proxy.school.example", 3128),
        ("proxy.school.example:8080", "proxy.school.example", 8080),
    ],
)
def test_a_proxy_may_be_written_in_several_ways(monkeypatch, url, host, port):
    monkeypatch.setenv("https_proxy", url)

    assert proxy_for(GOOGLE) == Proxy(host, port, {})


@pytest.mark.parametrize("url", ["http://proxy:99999", "http://[::1", "http://"])
def test_what_is_no_proxy_reaches_nothing_and_is_no_lost_answer(monkeypatch, url):
    monkeypatch.setenv("https_proxy", url)

    with closing(OneShotHttp(2.0)) as http, pytest.raises(Unreached):
        http.request(UNHEARD_OF, "POST", b"{}")


@pytest.mark.parametrize(
    ("no_proxy", "taken"),
    [
        ("", True),
        ("other.example", True),
        ("googleapis.com", False),
        (".googleapis.com", False),
        ("other.example, classroom.googleapis.com", False),
        ("*", False),
    ],
)
@pytest.mark.parametrize("name", ["no_proxy", "NO_PROXY"])
def test_no_proxy_takes_hosts_and_domains_out(monkeypatch, name, no_proxy, taken):
    monkeypatch.setenv("https_proxy", "http://proxy.school.example:8080")
    monkeypatch.setenv(name, no_proxy)

    assert (proxy_for(GOOGLE) is not None) is taken


def test_no_password_is_in_a_proxys_repr(monkeypatch):
    monkeypatch.setenv("https_proxy", "http://ada:sesame@proxy.school.example")

    assert "Basic" not in repr(proxy_for(GOOGLE))


def test_the_addresses_of_a_name_share_the_time_of_one_call(monkeypatch):
    clock = [0.0]

    class Dead:
        """A socket to where nobody answers."""

        def __init__(self, *_):
            self.patience = 0.0

        def settimeout(self, seconds):
            self.patience = seconds

        def connect(self, _address):
            clock[0] += self.patience
            raise TimeoutError

        def close(self):
            pass

    monkeypatch.setattr(proxy, "monotonic", lambda: clock[0])
    monkeypatch.setattr(proxy.socket, "socket", Dead)
    monkeypatch.setattr(proxy.socket, "getaddrinfo", lambda *_, **__: [(0, 0, 0, "", "a")] * 4)

    with pytest.raises(TimeoutError):
        proxy._reach("classroom.invalid", 443, 15.0)

    assert clock[0] == pytest.approx(15.0)
