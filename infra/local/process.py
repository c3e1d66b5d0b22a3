"""Processes of the local stack: each ends with its parent, however that ends."""

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LOOPBACK = "127.0.0.1"
GRACE = 10.0  # seconds for the guard to end its group
LOOK_EVERY = 0.05


class NotStarted(Exception):
    """A process of the stack did not come up; the message says which, and what it wrote last."""


@dataclass(frozen=True)
class Running:
    """A guarded process; `group` is its process group."""

    name: str
    group: int
    log: Path
    guard: subprocess.Popen[bytes]

    @property
    def alive(self) -> bool:
        """Whether it still runs."""
        return self.guard.poll() is None

    def kill(self) -> None:
        """End the whole group at once, as a power cut would, and wait until it is gone."""
        end_group(self.group)
        self.guard.wait(GRACE)

    def wait_until(self, ready: Callable[[], bool], seconds: float) -> None:
        """Return when it is ready. Raises NotStarted if it ends or takes too long."""
        give_up = time.monotonic() + seconds
        while not ready():
            if not self.alive:
                raise NotStarted(f"{self.name} ended at its start:\n{self.last_words()}")
            if time.monotonic() > give_up:
                waited = f"{self.name} was not ready in {seconds:.0f} s"
                raise NotStarted(f"{waited}:\n{self.last_words()}")
            time.sleep(LOOK_EVERY)

    def last_words(self) -> str:
        """The end of its log."""
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-15:])


def end_group(group: int) -> None:
    """End every process of a group at once."""
    with suppress(ProcessLookupError):
        os.killpg(group, signal.SIGKILL)


@contextmanager
def running(
    name: str, command: Sequence[str], log: Path, environment: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """Start a command in a process group of its own; the group is ended in any case.

    Raises NotStarted.
    """
    group = ""
    with (
        log.open("ab") as written,
        subprocess.Popen(
            [sys.executable, "-m", "infra.local.guard", *command],
            cwd=ROOT,
            env=dict(environment) if environment is not None else None,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=written,
            start_new_session=True,  # Ctrl-C is for this program, which ends the others in order
        ) as guard,
    ):
        assert guard.stdin is not None
        assert guard.stdout is not None
        try:
            group = guard.stdout.readline().decode().strip()
            if not group:
                guard.wait(GRACE)
                raise NotStarted(f"{name} cannot be started: {log.read_text(errors='replace')}")
            yield Running(name, int(group), log, guard)
        finally:
            with suppress(OSError):
                guard.stdin.close()
            try:
                guard.wait(GRACE)
            except subprocess.TimeoutExpired:
                guard.kill()
                if group:
                    end_group(int(group))


def free_port() -> int:
    """A port of the loopback address that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
    return port
