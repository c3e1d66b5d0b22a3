"""The fake school as a process of its own, which never outlives its parent."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from infra.local.loopback import ask
from infra.local.options import Options

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class RunningSchool:
    """Where the fake school answers."""

    endpoint: str
    control: str

    def ask(self, what: str) -> Any:
        """An answer of the control port, for instance to `log` or `roster`."""
        with ask(f"{self.control}{what}", 30) as reply:
            return json.load(reply)


@contextmanager
def running_school(school: Path, options: Options) -> Iterator[RunningSchool]:
    """Start the school from its file; end it by closing its standard input."""
    command = [
        *(sys.executable, "-m", "infra.fake_classroom"),
        *("--school", str(school)),
        *("--faults", options.faults),
        *("--seed", str(options.seed)),
        *("--quota-per-user", str(options.quota)),
        *("--quota-per-project", str(options.quota * 5 // 2)),  # as 3,000 is to 1,200
        "--exit-with-stdin",
    ]
    # A session of its own: Ctrl-C is for this program, which still needs the school to finish.
    with subprocess.Popen(
        command,
        cwd=ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        start_new_session=True,
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        try:
            told = json.loads(process.stdout.readline() or "{}")
            if "endpoint" not in told:
                raise RuntimeError("the fake school did not start")
            yield RunningSchool(told["endpoint"], told["control"])
        finally:
            process.stdin.close()
            try:
                process.wait(timeout=10)
            except subprocess.TimeoutExpired:
                process.kill()
