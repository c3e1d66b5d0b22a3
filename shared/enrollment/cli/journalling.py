"""The file of `--journal`: it is appended to, so it must be no file that holds anything else."""

import sys
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from enrollment.adapters.journal import JsonLines
from enrollment.cli.places import Place
from enrollment.cli.roster_import import Wanted
from enrollment.cli.trouble import Misuse
from enrollment.journal import Silence

STDOUT = "-"
BESIDE = ("", "-wal", "-shm", "-journal", ".lock")  # the store and what SQLite and we put beside it


def check_journal(where: str | None, at: Place, wanted: Wanted | None) -> None:
    """Raise Misuse if lines would go into a file that the run reads or writes otherwise."""
    if where in (None, STDOUT):
        return
    path = Path(where).resolve()
    for what, other in _others(at, wanted):
        if _same(path, other.resolve()):
            raise Misuse(f"--journal {where} would write into the {what}: name another file")


def _others(at: Place, wanted: Wanted | None) -> Iterator[tuple[str, Path]]:
    for end in BESIDE:
        yield "store", Path(f"{at.path}{end}")
    if at.settings.sources_file is not None:
        yield "file of declarations", at.settings.sources_file
    if wanted is not None:
        yield "roster", wanted.path
    if wanted is not None and wanted.explain is not None:
        yield "file of --explain", wanted.explain


def _same(path: Path, other: Path) -> bool:
    """Whether a path is a file, or in a folder, under whatever name."""
    if other in (path, *path.parents):
        return True
    return other.exists() and any(
        each.exists() and each.samefile(other) for each in (path, *path.parents)
    )


def opened_journal(where: str | None, stack: ExitStack) -> JsonLines | Silence:
    """The journal, closed with the stack. Raises Misuse if it cannot be written."""
    if where is None:
        return Silence()
    if where == STDOUT:
        return JsonLines(sys.stdout)
    try:
        return JsonLines(stack.enter_context(Path(where).open("a", encoding="utf-8")))
    except OSError as error:
        raise Misuse(f"--journal {where} cannot be written ({error.strerror})") from error
