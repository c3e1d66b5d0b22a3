"""What a process has used, as Linux tells it, and the driving of one over HTTP."""

import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

from infra.local.functions import Function, running_functions
from infra.local.push import Address, Pusher
from infra.local.topology import FunctionPlan, read_topology

GIVE_UP = 60.0  # seconds for one answer, which is an error of the bench
PAGE = os.sysconf("SC_PAGE_SIZE")
CPUCLOCK_SCHED = 2  # time on a CPU, of user and kernel together (clock_getcpuclockid(3))


class Failed(Exception):
    """What is measured does not work, so its time means nothing."""


def of_group(group: int) -> list[int]:
    """The processes of a process group: a server and its worker."""
    found = []
    for each in Path("/proc").glob("[0-9]*"):
        try:
            if os.getpgid(int(each.name)) == group:
                found.append(int(each.name))
        except ProcessLookupError:
            continue
    return sorted(found)


def cpu_seconds(processes: Iterable[int]) -> float:
    """CPU time so far, user and kernel together, in nanoseconds' resolution."""
    clocks = (~process << 3 | CPUCLOCK_SCHED for process in processes)
    return sum(time.clock_gettime_ns(clock) for clock in clocks) / 1e9


def resident(process: int) -> int:
    """Bytes in memory, those shared with others included."""
    return int(Path(f"/proc/{process}/statm").read_text().split()[1]) * PAGE


def proportional(processes: Iterable[int]) -> int:
    """Bytes in memory of several processes together, each shared page once."""
    return sum(_pss(each) for each in processes)


def _pss(process: int) -> int:
    lines = Path(f"/proc/{process}/smaps_rollup").read_text().splitlines()
    (kilobytes,) = (line.split()[1] for line in lines if line.startswith("Pss:"))
    return int(kilobytes) * 1024


@contextmanager
def served(
    name: str, environment: dict[str, str], folder: Path, sources: Path | None = None
) -> Iterator[Function]:
    """A function in functions-framework, with the concurrency of `enroll`."""
    enroll = read_topology().functions["enroll"]
    plan = FunctionPlan(name, enroll.concurrency, enroll.timeout)
    where = {} if sources is None else {"sources": sources}
    with running_functions([Function(plan, environment, folder, **where)]) as running:
        yield running[name]


def drive(
    address: Callable[[float], Address | None], bodies: Sequence[bytes], at_once: int
) -> None:
    """POST them all, so many at once over connections that are kept. Raises Failed."""
    left, turns = len(bodies), count()

    def work(_: int) -> None:
        with closing(Pusher(address)) as pusher:
            while (turn := next(turns)) < left:
                status = pusher.push(bodies[turn], time.monotonic() + GIVE_UP)
                if status != 200:
                    raise Failed(f"request {turn} was answered {status}")

    with ThreadPoolExecutor(at_once) as pool:
        list(pool.map(work, range(at_once)))
