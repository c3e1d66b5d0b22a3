"""HTTPS through the proxy that the environment names, as other programs on the machine do it.

httplib2 needs another package for any proxy: without it, it ignores `https_proxy` in silence and
fails on `http_proxy`. Here the standard library reads the environment and makes the tunnel. Plain
HTTP never takes a proxy: it leads to a school on this machine, or to Google's metadata server.
"""

import re
import socket
from base64 import b64encode
from dataclasses import dataclass, field
from ipaddress import ip_address
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment, proxy_bypass

import httplib2

from enrollment.adapters.clock import monotonic

USUAL_PORT = 3128  # where the URL of a proxy names none
MOST_BYTES = 65_536  # of an answer, as in http.client
GRANTED = re.compile(rb"HTTP/1\.[01] 2[0-9][0-9]\b")


@dataclass(frozen=True)
class Proxy:
    """Where the tunnels begin, and the headers that they are asked for with."""

    host: str
    port: int
    headers: dict[str, str] = field(repr=False)


def proxy_for(host: str) -> Proxy | None:
    """The proxy for HTTPS to a host: `https_proxy`, unless `no_proxy` or this machine is meant.

    Raises OSError if what is set is no address of a proxy.
    """
    url = getproxies_environment().get("https", "")
    if not url or _is_here(host) or proxy_bypass(host):
        return None
    try:
        named = urlsplit(url if "://" in url else f"http://{url}")
        port = named.port or USUAL_PORT
    except ValueError:
        port, named = 0, urlsplit("")
    if not named.hostname:
        raise OSError("https_proxy is no address of a proxy: write it like http://proxy:3128")
    headers = {}
    if named.username is not None:
        pair = f"{unquote(named.username)}:{unquote(named.password or '')}"
        headers["Proxy-Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    return Proxy(named.hostname, port, headers)


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


class TunnelledHttps(httplib2.HTTPSConnectionWithTimeout):
    """A connection to a host, through a tunnel if a proxy stands between."""

    def connect(self) -> None:
        """Connect. Raises OSError, also if the proxy refuses."""
        proxy = proxy_for(self.host)
        first = (proxy.host, proxy.port) if proxy else (self.host, self.port)
        ends = monotonic() + (self.timeout or 0)
        sock = _reach(*first, ends)
        try:
            sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            if proxy:
                _open_tunnel(sock, f"{self.host}:{self.port}", proxy.headers, ends)
            sock.settimeout(_left(ends))
            context = self._context  # type: ignore[attr-defined] # as http.client names it
            self.sock = context.wrap_socket(sock, server_hostname=self.host)
        except BaseException:
            sock.close()
            raise


def _reach(host: str, port: int, ends: float) -> socket.socket:
    """A connection to the first address that answers; each gets its part of the time left."""
    found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    trouble = OSError("the name has no address")
    for number, (family, kind, protocol, _, address) in enumerate(found):
        sock = socket.socket(family, kind, protocol)
        try:
            sock.settimeout(_left(ends) / (len(found) - number))
            sock.connect(address)
        except OSError as error:
            sock.close()
            trouble = error
        else:
            return sock
    raise trouble


def _left(ends: float) -> float:
    """Seconds left. Raises TimeoutError if there are none."""
    left = ends - monotonic()
    if left <= 0:
        raise TimeoutError("no time is left")
    return left


def _open_tunnel(sock: socket.socket, target: str, headers: dict[str, str], ends: float) -> None:
    """Ask for the tunnel (RFC 9110, 9.3.6). The target says nothing in it before we do."""
    lines = [f"CONNECT {target} HTTP/1.1", f"Host: {target}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    sock.sendall("\r\n".join([*lines, "", ""]).encode())
    answer = b""
    while b"\r\n\r\n" not in answer:
        if len(answer) > MOST_BYTES:
            raise OSError("the proxy has not answered")
        sock.settimeout(_left(ends))
        piece = sock.recv(4096)
        if not piece:
            raise OSError("the proxy has closed the connection")
        answer += piece
    if not GRANTED.match(answer):
        raise OSError("the proxy refuses the tunnel")
