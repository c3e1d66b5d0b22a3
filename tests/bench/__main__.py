"""Measure what the project promises of itself, side by side, and say what is met."""

import argparse
import json
import os
import platform
import subprocess
import sys
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from infra.local.emulators import NoEmulators
from infra.local.process import ROOT, NotStarted
from tests.bench.catalogue import ROWS
from tests.bench.measured import Measured, Verdict
from tests.bench.processes import Failed
from tests.bench.render import rendered
from tests.bench.setting import Bench, to_stderr

EXAMPLES = """\
examples:
  python -m tests.bench                          all rows, about a quarter of an hour
  python -m tests.bench --json bench.json        the same, with every number in a file
  python -m tests.bench cpu cold-start           two rows
  python -m tests.bench --quick                  do they run? a few minutes, and no verdict

All but files, growth, unit-tests and elsewhere need Google's emulators. Measure on a machine
that does nothing else. Exit status 1: a target is not met.
"""


def main(arguments: list[str] | None = None) -> int:
    said = _parser().parse_args(arguments)
    chosen = said.row or list(ROWS)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        bench = Bench(quick=said.quick, folder=Path(folder), tell=to_stderr)
        before = os.getloadavg()
        measured: list[Measured] = []
        for name in chosen:
            to_stderr(f"row {name}")
            measured += _row(name, bench)
    print("\n".join(rendered(measured)))
    if said.json:
        told = {**_circumstances(before), "measured": [each.as_json() for each in measured]}
        said.json.write_text(json.dumps(told, indent=2) + "\n")
    return int(any(each.verdict in (Verdict.NOT_MET, Verdict.FAILED) for each in measured))


def _row(name: str, bench: Bench) -> list[Measured]:
    """The measurements of a row; one that fails costs the others nothing."""
    try:
        return ROWS[name](bench)
    except (Failed, NotStarted, NoEmulators) as trouble:
        to_stderr(f"row {name} failed: {trouble}")
        return [Measured(row=name, what="could not be measured", how=str(trouble), failed=True)]


def _circumstances(load: tuple[float, float, float]) -> dict[str, object]:
    """What a number is worth nothing without."""
    commit = ["git", "rev-parse", "HEAD"]
    changed = ["git", "status", "--porcelain", "--untracked-files=no"]
    return {
        "at": datetime.now(UTC).isoformat(timespec="seconds"),
        "commit": _said(commit),
        "changed_files": len(_said(changed).splitlines()),
        "python": platform.python_version(),
        "machine": platform.platform(),
        "processors": os.cpu_count(),
        "load_before": load,
    }


def _said(command: list[str]) -> str:
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)
    return done.stdout.strip()


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m tests.bench",
        description=__doc__,
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    rows = f"some of: {', '.join(ROWS)}"
    parser.add_argument("row", nargs="*", type=_a_row, metavar="ROW", help=rows)
    parser.add_argument("--quick", action="store_true", help="short runs, which prove no target")
    parser.add_argument("--json", type=Path, metavar="PATH", help="write every number there")
    return parser


def _a_row(name: str) -> str:
    if name not in ROWS:
        raise argparse.ArgumentTypeError(f"there is no row {name}; there are {', '.join(ROWS)}")
    return name


if __name__ == "__main__":
    sys.exit(main())
