"""`infra/run`, once the set-up is done."""

import os
import signal
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console

from enrollment.sources.roster import RosterError
from infra.local import distributed, embedded, report
from infra.local.choice import Choice, choose
from infra.local.emulators import NoEmulators, running_emulators
from infra.local.folder import run_folder
from infra.local.options import Options, read_options
from infra.local.process import LOOPBACK, NotStarted
from infra.local.result import Result
from infra.local.scene import Scene, prepare
from infra.local.school import RunningSchool, running_school
from infra.local.senders import SECRET, SECRET_NAME, addresses
from infra.local.stack import Place, running_stack
from infra.local.stay import commands

WIDE = 120


def main() -> int:
    """Run the local stack; 0 if every promise was kept."""
    options = read_options()
    # gRPC would look for the emulators behind a proxy of the machine.
    os.environ["no_grpc_proxy"] = LOOPBACK  # noqa: SIM112 - gRPC reads this name
    # In a file or a log, sentences stay on their line.
    width = None if sys.stdout.isatty() else WIDE
    people = Console(stderr=options.json, highlight=False, width=width)
    # Ctrl-C ends it even where a shell has told its children to ignore it, and a polite end by a
    # supervisor goes the same way, so that nothing is left running.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    signal.signal(signal.SIGTERM, lambda *_: signal.raise_signal(signal.SIGINT))
    try:
        with run_folder() as folder:
            return _run(options, people, folder)
    except (RosterError, NoEmulators) as wrong:
        print(f"infra/run: {wrong}", file=sys.stderr)
        return 2
    except NotStarted as trouble:
        print(f"infra/run: {trouble}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninfra/run: stopped; everything that it started has ended", file=sys.stderr)
        return 130


def _run(options: Options, people: Console, folder: Path) -> int:
    started = time.monotonic()
    choice = choose(options)
    scene = prepare(options, folder)
    report.opening(scene, options, choice, people)
    with (
        running_school(scene.school_file, options) as school,
        _engine(choice, scene, options, school, folder) as engine,
    ):
        result = engine.play()
        seconds = time.monotonic() - started
        report.closing(result, options, seconds, people)
        if options.stay:
            people.out(commands(engine.environment, choice, scene, options, result))
            _stay(people)
    if options.json:
        print(report.last_line(result, choice, seconds))
    return 0 if report.kept(result) else 1


@dataclass(frozen=True)
class Engine:
    """An engine that is up: what plays the scene, and the way in for the operator's command."""

    play: Callable[[], Result]
    environment: Mapping[str, str]


@contextmanager
def _engine(
    choice: Choice, scene: Scene, options: Options, school: RunningSchool, folder: Path
) -> Iterator[Engine]:
    if choice.programs is None:
        store = folder / "school.db"
        play = partial(embedded.play, scene, options, school, store)
        yield Engine(play, embedded.environment(scene, options, school, store))
        return
    place = Place(
        folder=folder,
        endpoint=school.endpoint,
        administrator=scene.administrator,
        sources_file=scene.sources_file,
        quota=options.quota,
        time_scale=options.time_scale,
        secrets={SECRET_NAME: SECRET},
    )
    with (
        running_emulators(choice.programs, folder) as emulators,
        running_stack(emulators, place) as stack,
    ):
        intakes = (stack.functions[each].address(0) for each in ("sis_webhook", "form_intake"))
        yield Engine(
            partial(distributed.play, scene, options, school, stack),
            {**stack.environment, **addresses(*intakes)},
        )


def _stay(people: Console) -> None:
    """Leave everything up until Ctrl-C."""
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        people.print("stopped; everything that was started has ended")


if __name__ == "__main__":
    sys.exit(main())
