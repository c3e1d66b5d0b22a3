"""A gate in front of a server on loopback: open, shut (nobody is let in), or stuck (all hangs)."""

import socket
import threading
from contextlib import suppress

from infra.local.process import LOOPBACK, free_port

PIECE = 65_536
CONNECT_SECONDS = 5.0


class Gate:
    """Hands bytes on between clients of `address` and the target, `host:port`.

    Shut, it refuses connections and cuts those that are there. Stuck, it takes bytes and keeps
    them; what was kept goes on when the gate is open again, however late that is.
    """

    def __init__(self, target):
        self.lead_to(target)
        self._port = free_port()
        self._lock = threading.Lock()
        self._pairs = set()
        self._flowing, self._listening = threading.Event(), threading.Event()
        self._ended = False
        self._server = socket.socket()
        # Those who were let in before, and are still going, must not keep it from listening again.
        self._server.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        # By number: a port that the kernel chose is given up when listening ends.
        self._server.bind((LOOPBACK, self._port))
        self._acceptor = threading.Thread(target=self._accept, name="gate", daemon=True)
        self.open()

    @property
    def address(self):
        return f"{LOOPBACK}:{self._port}"

    def lead_to(self, target):
        """Connect to another target from now on."""
        host, _, port = target.rpartition(":")
        self._target = host, int(port)

    def __enter__(self):
        self._acceptor.start()
        return self

    def __exit__(self, *_):
        self._ended = True
        self.shut()
        self._listening.set()
        self._flowing.set()
        self._acceptor.join()
        self._server.close()

    def open(self):
        if not self._listening.is_set():
            self._server.listen(128)
            self._listening.set()
        self._flowing.set()

    def stick(self):
        self._flowing.clear()

    def shut(self):
        """A socket that is bound and does not listen refuses, and nobody else gets its port."""
        self._listening.clear()
        with suppress(OSError):  # it is shut already
            self._server.shutdown(socket.SHUT_RDWR)
        with self._lock:
            cut, self._pairs = self._pairs, set()
        for pair in cut:
            _end(*pair)

    def _accept(self):
        while not self._ended:
            try:
                near, _ = self._server.accept()
            except OSError:
                self._listening.wait()
                continue
            threading.Thread(target=self._serve, args=(near,), daemon=True).start()

    def _serve(self, near):
        try:
            far = socket.create_connection(self._target, CONNECT_SECONDS)
        except OSError:
            near.close()
            return
        far.settimeout(None)
        for each in (near, far):
            each.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        pair = (near, far)
        with self._lock:
            let_in = self._listening.is_set()
            if let_in:
                self._pairs.add(pair)
        if let_in:
            back = threading.Thread(target=self._pump, args=(far, near), daemon=True)
            back.start()
            self._pump(near, far)
            back.join()
            with self._lock:
                self._pairs.discard(pair)
        near.close()
        far.close()

    def _pump(self, source, sink):
        with suppress(OSError):
            while piece := source.recv(PIECE):
                self._flowing.wait()
                sink.sendall(piece)
        _end(source, sink)


def _end(*sockets):
    """Whoever reads or writes there hears of it; the owner closes."""
    for each in sockets:
        with suppress(OSError):
            each.shutdown(socket.SHUT_RDWR)
