"""The gate that cuts servers off, in front of a server that sends everything back."""

import socket
import threading
from contextlib import closing, contextmanager

import pytest

from tests.stack.gate import Gate


@contextmanager
def echoing():
    """The address of a server that sends back what it is sent."""
    with socket.create_server(("127.0.0.1", 0)) as server:

        def serve():
            while True:
                try:
                    near, _ = server.accept()
                except OSError:
                    return
                threading.Thread(target=echo, args=(near,), daemon=True).start()

        def echo(near):
            with near:
                while piece := near.recv(1024):
                    near.sendall(piece)

        thread = threading.Thread(target=serve)
        thread.start()
        yield f"127.0.0.1:{server.getsockname()[1]}"
        server.shutdown(socket.SHUT_RDWR)
        thread.join()


@pytest.fixture
def gate():
    with echoing() as address, Gate(address) as gate:
        yield gate


def connected(gate):
    host, _, port = gate.address.rpartition(":")
    return closing(socket.create_connection((host, int(port)), timeout=5))


def test_an_open_gate_hands_on_what_is_said(gate):
    with connected(gate) as client:
        client.sendall(b"here")

        assert client.recv(10) == b"here"


def test_a_shut_gate_cuts_and_refuses_until_it_is_opened(gate):
    for _ in range(3):
        with connected(gate) as client:
            client.sendall(b"here")
            assert client.recv(10) == b"here"

            gate.shut()

            assert client.recv(10) == b""
        with pytest.raises(ConnectionRefusedError), connected(gate):
            pass
        gate.open()


def test_a_stuck_gate_keeps_what_is_said_until_it_is_opened(gate):
    with connected(gate) as before:
        gate.stick()
        with connected(gate) as after:
            for client in (before, after):
                client.settimeout(0.3)
                client.sendall(b"here")
                with pytest.raises(TimeoutError):
                    client.recv(10)

            gate.open()

            for client in (before, after):
                client.settimeout(5)
                assert client.recv(10) == b"here"


def test_a_gate_whose_server_is_gone_hangs_up_and_can_lead_to_another(gate):
    with closing(socket.socket()) as nobody:
        nobody.bind(("127.0.0.1", 0))  # bound, and it does not listen
        gate.lead_to(f"127.0.0.1:{nobody.getsockname()[1]}")
        with connected(gate) as client:
            assert client.recv(10) == b""

    with echoing() as another:
        gate.lead_to(another)
        with connected(gate) as client:
            client.sendall(b"here")
            assert client.recv(10) == b"here"
