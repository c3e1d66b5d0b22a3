"""Run a command that never outlives whoever started it: `python -m infra.local.guard COMMAND …`.

The command gets a process group of its own, whose number is the first line of standard output. When
standard input closes, by intent or because the parent died, the whole group is ended: the shell
wrappers of the emulators would leave their Java behind.
"""

import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import suppress

STDIN = 0
PATIENCE = 5.0  # seconds for a polite end
GONE, LOOK_EVERY = 1.0, 0.005  # seconds; longer lives only what nobody takes leave of


def main() -> int:
    """Start the command, tell its group, and end it with standard input."""
    with subprocess.Popen(
        sys.argv[1:],
        stdin=subprocess.DEVNULL,
        stdout=sys.stderr,
        process_group=0,
    ) as process:
        for each in (signal.SIGINT, signal.SIGTERM):
            signal.signal(each, signal.SIG_IGN)  # the parent decides, by closing our input
        threading.Thread(target=_end_with_input, args=(process,), daemon=True).start()
        with suppress(BrokenPipeError):  # the parent is dead already, and our input is closed
            print(process.pid, flush=True)
        status = process.wait()
        _signal(process.pid, signal.SIGKILL)  # whatever it started itself
        _until_gone(process.pid)
    return status if status >= 0 else 128 - status


def _end_with_input(process: subprocess.Popen[bytes]) -> None:
    # Not through sys.stdin: a thread that waits in there makes the interpreter abort at its end.
    while os.read(STDIN, 1024):
        pass
    _signal(process.pid, signal.SIGTERM)
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        _signal(process.pid, signal.SIGKILL)


def _until_gone(group: int) -> None:
    """Return when nothing of the group is left: what is killed takes a moment to end."""
    give_up = time.monotonic() + GONE
    with suppress(ProcessLookupError):
        while time.monotonic() < give_up:
            os.killpg(group, 0)
            time.sleep(LOOK_EVERY)


def _signal(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(group, number)


if __name__ == "__main__":
    sys.exit(main())
