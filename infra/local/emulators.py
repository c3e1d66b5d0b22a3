"""Google's own emulators of Pub/Sub and Firestore: found, started on free ports, and ended.

`python -m infra.local.emulators` says where they are, or what is missing and how to install it.
"""

import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from urllib.error import URLError

from infra.local.loopback import ask
from infra.local.process import LOOPBACK, Running, free_port, running

INSTALL = "gcloud components install pubsub-emulator cloud-firestore-emulator"
DEBIAN = (
    "apt-get install google-cloud-cli-pubsub-emulator google-cloud-cli-firestore-emulator"
    " default-jre-headless"
)
PUBSUB = Path("platform/pubsub-emulator/bin/cloud-pubsub-emulator")
FIRESTORE = Path("platform/cloud-firestore-emulator/cloud_firestore_emulator")
START_SECONDS = 60.0  # 2 to 4 s as a rule; a loaded machine takes longer


@dataclass(frozen=True)
class Programs:
    """The emulators' programs on this machine."""

    pubsub: Path
    firestore: Path


class NoEmulators(Exception):
    """The emulators are not here; the message says what is missing and how to install it."""


@dataclass(frozen=True)
class Emulators:
    """Where the running emulators answer, as `host:port`."""

    pubsub: str
    firestore: str
    processes: tuple[Running, ...] = ()

    @property
    def environment(self) -> dict[str, str]:
        """What Google's clients read to find them."""
        return {
            "PUBSUB_EMULATOR_HOST": self.pubsub,
            "FIRESTORE_EMULATOR_HOST": self.firestore,
        }


def find_emulators() -> Programs:
    """The emulators of the Google Cloud CLI. Raises NoEmulators."""
    gcloud = shutil.which("gcloud")
    if gcloud is None:
        raise NoEmulators(
            f"there is no gcloud on PATH: install the Google Cloud CLI, then {INSTALL}"
        )
    root = Path(gcloud).resolve().parents[1]
    missing = [each for each in (PUBSUB, FIRESTORE) if not (root / each).is_file()]
    if missing:
        names = " and ".join(each.parts[1] for each in missing)
        raise NoEmulators(f"{root} has no {names}: {INSTALL} (Debian: {DEBIAN})")
    if not _java_runs():
        raise NoEmulators(
            "the emulators need Java 11 or newer, and there is none that runs: install a Java"
            " runtime (Debian: apt-get install default-jre-headless)"
        )
    return Programs(pubsub=root / PUBSUB, firestore=root / FIRESTORE)


def _java_runs() -> bool:
    try:
        done = subprocess.run(["java", "-version"], capture_output=True, check=False)
    except OSError:
        return False
    return done.returncode == 0


@contextmanager
def running_emulators(programs: Programs, folder: Path) -> Iterator[Emulators]:
    """Start both, wait until they answer, and end them. Raises NotStarted."""
    with ExitStack() as started:
        pubsub, pubsub_port = start_emulator(
            started, "pubsub-emulator", [str(programs.pubsub)], folder
        )
        firestore, firestore_port = start_emulator(
            started,
            "firestore-emulator",
            [str(programs.firestore), "start", "--database-mode=firestore-native"],
            folder,
        )
        for process, port in ((pubsub, pubsub_port), (firestore, firestore_port)):
            process.wait_until(partial(answers, process, port), START_SECONDS)
        yield Emulators(
            pubsub=f"{LOOPBACK}:{pubsub_port}",
            firestore=f"{LOOPBACK}:{firestore_port}",
            processes=(pubsub, firestore),
        )


def start_emulator(
    started: ExitStack, name: str, command: Sequence[str], folder: Path
) -> tuple[Running, int]:
    """Start one on a free port, to be ended with `started`; its process and its port."""
    port = free_port()
    arguments = [*command, f"--host={LOOPBACK}", f"--port={port}"]
    return started.enter_context(running(name, arguments, folder / f"{name}.log")), port


def answers(process: Running, port: int) -> bool:
    """Whether it is this process that answers: on a busy port, the start fails quietly."""
    try:
        with ask(f"http://{LOOPBACK}:{port}/", 1) as reply:
            answered: bool = reply.status == 200
    except (URLError, OSError):
        return False
    if b"BindException" in process.log.read_bytes():
        process.kill()
        return False
    return answered


def main() -> int:
    """Say whether they are here."""
    try:
        found = find_emulators()
    except NoEmulators as missing:
        print(f"Google's emulators are missing: {missing}", file=sys.stderr)
        return 1
    print(f"found {found.pubsub} and {found.firestore}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
