"""Deliveries that arrive at a steady rate, whether or not the ones before are answered.

What a delivery took is counted from when it was due: one that had to wait for a slow one before it
has waited too.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from http.client import HTTPConnection
from itertools import count

from infra.local.push import Address
from tests.bench.processes import Failed

SENDERS = 48  # connections that are kept: more than a rate here can ever have open
GIVE_UP = 30.0

Post = tuple[str, bytes, dict[str, str]]


@dataclass(frozen=True)
class Arrivals:
    """Seconds that each delivery took, in any order, and what was answered otherwise."""

    seconds: tuple[float, ...]
    refused: int

    def percentile(self, share: float) -> float:
        ordered = sorted(self.seconds)
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def arrive(address: Address, posts: Sequence[Post], rate: float, wanted: int) -> Arrivals:
    """Send one each 1 / `rate` seconds; `wanted` is the status of a success."""
    turns, begin = count(), time.monotonic() + 0.2
    done: list[tuple[float, bool]] = []

    def work(_: int) -> None:
        with closing(HTTPConnection(*address, timeout=GIVE_UP)) as connection:
            while (turn := next(turns)) < len(posts):
                due = begin + turn / rate
                time.sleep(max(0.0, due - time.monotonic()))
                status = _sent(connection, *posts[turn])
                done.append((time.monotonic() - due, status == wanted))

    with ThreadPoolExecutor(SENDERS) as pool:
        list(pool.map(work, range(SENDERS)))
    return Arrivals(tuple(each for each, _ in done), sum(not good for _, good in done))


def _sent(connection: HTTPConnection, path: str, body: bytes, headers: dict[str, str]) -> int:
    try:
        connection.request("POST", path, body, headers)
        reply = connection.getresponse()
        reply.read()
    except OSError as trouble:
        raise Failed(f"a delivery was not answered: {type(trouble).__name__}") from None
    return reply.status
