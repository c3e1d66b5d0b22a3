"""Checks of the embedded engine's file: it is there, nobody else reads it, its disk has room."""

import shutil
import stat
from collections.abc import Iterator
from pathlib import Path

from enrollment.cli.checks_store import check_key, check_line, check_wake, look
from enrollment.cli.findings import Finding, not_checked, ok, wrong
from enrollment.cli.places import Place
from enrollment.cli.stores import opened_file
from enrollment.cli.trouble import CommandError
from enrollment.wiring.embedded import engine_runs

# Bytes: 100,000 requests take about as many, 0.7 KB each on the queue and 1.6 KB in the ledger.
ROOM = 200 * 1024 * 1024
MIB = 1024 * 1024
OTHERS = stat.S_IRWXG | stat.S_IRWXO
CHECKS = {"key": check_key, "line": check_line, "wake": check_wake}


def check_file(at: Place) -> Iterator[Finding]:
    """All about the file, and what stands in it."""
    file = Path(at.path)
    if not file.exists():
        remedy = f"name another by --store or ENROLLMENT_STORE, or make it by `{at.command('run')}`"
        yield wrong("store", f"there is no {at.path}", remedy)
        return
    try:
        with opened_file(at) as store:
            yield ok("store", f"{at.path}, {file.stat().st_size / MIB:,.1f} MiB")
            yield _permissions(file)
            yield _disk(file)
            yield _engine(at)
            yield from look(at, store, CHECKS)
    except CommandError as error:
        told, _, remedy = str(error).rpartition(": ")
        yield wrong("store", told, remedy)


def _permissions(file: Path) -> Finding:
    mode = stat.S_IMODE(file.stat().st_mode)
    if mode & OTHERS:
        told = f"others on this machine may use {file} (mode {mode:o}), and addresses stand in it"
        return wrong("permissions", told, f"chmod 600 {file}")
    return ok("permissions", f"only its owner may use it (mode {mode:o})")


def _disk(file: Path) -> Finding:
    free = shutil.disk_usage(file.resolve().parent).free
    told = f"{free / MIB:,.0f} MiB are free"
    if free < ROOM:
        return wrong("disk", told, f"make room: at least {ROOM / MIB:,.0f} MiB")
    return ok("disk", told)


def _engine(at: Place) -> Finding:
    try:
        runs = engine_runs(at.path)
    except OSError as error:
        return not_checked("engine", f"the lock of {at.path} cannot be read ({error.strerror})")
    return ok("engine", "one works on the store now" if runs else "none works on the store now")
