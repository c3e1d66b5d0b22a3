"""Asking something on this machine, past whatever proxy the environment names."""

from http.client import HTTPResponse
from urllib.request import ProxyHandler, build_opener

_opener = build_opener(ProxyHandler({}))


def ask(address: str, seconds: float) -> HTTPResponse:
    """The reply to a GET. Raises what `urlopen` does."""
    reply: HTTPResponse = _opener.open(address, timeout=seconds)
    return reply
