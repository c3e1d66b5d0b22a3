"""Google's Datastore emulator, found beside the others and started as they are."""

import shutil
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path

from infra.local.emulators import (
    START_SECONDS,
    NoEmulators,
    Programs,
    answers,
    running_emulators,
    start_emulator,
)
from infra.local.process import LOOPBACK
from tests.emulators import warm_up

PROGRAM = Path("platform/cloud-datastore-emulator/cloud_datastore_emulator")


def find_datastore(programs: Programs) -> tuple[str, list[str]]:
    """Its name and command; the Firestore emulator in Datastore mode where it is not installed."""
    gcloud = shutil.which("gcloud")
    if gcloud is None:
        raise NoEmulators("there is no gcloud on PATH")
    own = Path(gcloud).resolve().parents[1] / PROGRAM
    if own.is_file():
        return "Datastore emulator", [str(own), "start", "--testing"]
    mode = "--database-mode=datastore-mode"
    return "Firestore emulator in Datastore mode", [str(programs.firestore), "start", mode]


@contextmanager
def running_stores(programs, folder):
    """All three emulators: where Pub/Sub and Firestore answer, and where Datastore does."""
    name, command = find_datastore(programs)
    with ExitStack() as started:
        emulators = started.enter_context(running_emulators(programs, folder))
        process, port = start_emulator(started, "datastore-emulator", command, folder)
        process.wait_until(partial(answers, process, port), START_SECONDS)
        warm_up(emulators)
        yield emulators, f"{LOOPBACK}:{port}", name
