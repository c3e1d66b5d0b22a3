"""The functions as processes of functions-framework, started again when they die.

Cloud Run does the same with an instance, and here as there a request that meets no instance waits
for one to start. One instance of each; `THREADS` is its concurrency.
"""

import sys
import threading
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from urllib.error import HTTPError

from infra.local.loopback import ask
from infra.local.process import LOOPBACK, ROOT, NotStarted, Running, free_port, running
from infra.local.push import Address
from infra.local.topology import FunctionPlan

SOURCES = ROOT / "functions"
START_SECONDS = 60.0  # about 1 s as a rule
MOST_FAILURES = 5  # starts in a row that came to nothing; then it is no accident
LOOK_EVERY = 0.05
END_SECONDS = 15.0


@dataclass
class Function:
    """One function and its one instance. Thread-safe."""

    plan: FunctionPlan
    environment: Mapping[str, str] = field(repr=False)
    folder: Path
    sources: Path = SOURCES
    starts: int = 0
    failed: str | None = None  # why it is given up
    _running: Running | None = field(default=None, repr=False)
    _address: Address | None = None
    _changed: threading.Condition = field(default_factory=threading.Condition, repr=False)
    _stopping: threading.Event = field(default_factory=threading.Event, repr=False)
    _keeper: threading.Thread = field(init=False, repr=False)

    def __post_init__(self) -> None:
        self._keeper = threading.Thread(target=self._keep_running, name=self.name, daemon=True)

    @property
    def name(self) -> str:
        """The function's name, which is its target's and its folder's as well."""
        return self.plan.name

    @property
    def log(self) -> Path:
        """Where the instance's output goes."""
        return self.folder / f"{self.name}.log"

    @property
    def group(self) -> int | None:
        """The instance's process group; None while there is none."""
        with self._changed:
            return self._running.group if self._running else None

    def address(self, seconds: float) -> Address | None:
        """Where the instance answers, after waiting so long for one to start; else None."""
        with self._changed:
            self._changed.wait_for(lambda: self._address or self.failed, max(0.0, seconds))
            return self._address

    def kill(self) -> None:
        """End the instance as a power cut would; another is started."""
        with self._changed:
            running_now = self._running
            self._address = None
        if running_now is not None:
            running_now.kill()

    def start(self) -> None:
        """Begin to keep an instance running."""
        self._keeper.start()

    def stop_soon(self) -> None:
        """Begin to end the instance for good."""
        self._stopping.set()

    def stop(self) -> None:
        """End the instance for good."""
        self.stop_soon()
        self._keeper.join(END_SECONDS)

    def _keep_running(self) -> None:
        failures: list[str] = []
        while not self._stopping.is_set() and len(failures) < MOST_FAILURES:
            try:
                self._run_instance()
                failures.clear()
            except NotStarted as trouble:
                failures.append(str(trouble))
            finally:
                self._tell(None, None)
        if failures:
            with self._changed:
                self.failed = f"given up after {len(failures)} starts: {failures[-1]}"
                self._changed.notify_all()

    def _run_instance(self) -> None:
        port = free_port()  # a new one each time: the old one may be somebody else's by now
        command = [
            *(sys.executable, "-P", "-m", "functions_framework"),
            *("--source", str(self.sources / self.name / "main.py")),
            *("--target", self.name, "--host", LOOPBACK, "--port", str(port)),
        ]
        environment = {
            **self.environment,
            "THREADS": str(self.plan.concurrency),
            "GUNICORN_LOG_LEVEL": "info",  # says when it listens
        }
        with running(self.name, command, self.log, environment) as process:
            self.starts += 1
            self._tell(process, None)
            process.wait_until(partial(self._is_ready, port), START_SECONDS)
            self._tell(process, (LOOPBACK, port))
            while process.alive and not self._stopping.wait(LOOK_EVERY):
                pass

    def _is_ready(self, port: int) -> bool:
        """Whether this very process answers on the port, asked without calling the function."""
        if self._stopping.is_set():
            return True
        if f"Listening at: http://{LOOPBACK}:{port}".encode() not in self.log.read_bytes():
            return False
        try:
            # The framework answers this itself, with 404.
            with ask(f"http://{LOOPBACK}:{port}/robots.txt", 1):
                return True
        except HTTPError as answered:
            answered.close()
            return True
        except OSError:
            return False

    def _tell(self, process: Running | None, address: Address | None) -> None:
        with self._changed:
            self._running, self._address = process, address
            self._changed.notify_all()


@contextmanager
def running_functions(functions: Iterable[Function]) -> Iterator[dict[str, Function]]:
    """Start all of them at once, wait until each answers, and end them. Raises NotStarted."""
    named = {each.name: each for each in functions}
    with ExitStack() as started:
        for each in named.values():
            each.start()
            started.callback(each.stop)
        give_up = time.monotonic() + START_SECONDS
        for each in named.values():
            if each.address(give_up - time.monotonic()) is None:
                trouble = each.failed or f"not ready in {START_SECONDS:.0f} s: see {each.log}"
                raise NotStarted(f"the function {each.name} did not start: {trouble}")
        try:
            yield named
        finally:
            for each in named.values():
                each.stop_soon()
