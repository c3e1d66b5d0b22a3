"""`infra/run`, once the set-up is done."""

import signal
import sys
import threading
import time
from pathlib import Path

from rich.console import Console

from enrollment.sources.roster import RosterError
from infra.local import report
from infra.local.engine import play
from infra.local.folder import run_folder
from infra.local.options import Options, read_options
from infra.local.scene import Scene, prepare
from infra.local.school import RunningSchool, running_school

WIDE = 120


def main() -> int:
    """Run the local stack; 0 if every promise was kept."""
    options = read_options()
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
    except RosterError as wrong:
        print(f"infra/run: {wrong}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("\ninfra/run: stopped; everything that it started has ended", file=sys.stderr)
        return 130


def _run(options: Options, people: Console, folder: Path) -> int:
    started = time.monotonic()
    scene = prepare(options, folder)
    report.opening(scene, options, people)
    with running_school(scene.school_file, options) as school:
        store = folder / "school.db"
        result = play(scene, options, school, store)
        seconds = time.monotonic() - started
        report.closing(result, seconds, people)
        if options.stay:
            people.out(_commands(scene, options, school, store, result.misspelt))
            _stay(people)
    if options.json:
        print(report.last_line(result, seconds))
    return 0 if report.kept(result) else 1


def _commands(
    scene: Scene, options: Options, school: RunningSchool, store: Path, misspelt: str | None
) -> str:
    """What to type in another terminal, to look at the school and to mend one thing."""
    item = misspelt[:12] if misspelt else "ITEM"
    return (
        "\nThe school and the store stay until Ctrl-C. In another terminal:\n\n"
        f"  export ENROLLMENT_STORE=sqlite:///{store} SOURCES_FILE={scene.sources_file} \\\n"
        f"    CLASSROOM_API_ENDPOINT={school.endpoint} CLASSROOM_ADMIN={scene.administrator} \\\n"
        f"    CLASSROOM_QUOTA_PER_MINUTE={options.quota}\n"
        "  .venv/bin/enrollment status\n"
        "  .venv/bin/enrollment review list\n"
        f"  .venv/bin/enrollment review show {item}\n"
        f"  .venv/bin/enrollment review replay {item} --student {scene.somebody}\n"
        f"  .venv/bin/enrollment run --time-scale {options.time_scale:.6f}\n"
    )


def _stay(people: Console) -> None:
    """Leave the school and the store up until Ctrl-C."""
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        people.print("stopped; everything that was started has ended")


if __name__ == "__main__":
    sys.exit(main())
