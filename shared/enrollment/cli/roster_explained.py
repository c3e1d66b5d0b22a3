"""The file that `--explain` writes: every row that is not sent, safe to open in a spreadsheet."""

import csv
import re
from pathlib import Path
from typing import Self

from enrollment.cli.trouble import Failure, Misuse
from enrollment.cli.words import masked
from enrollment.sources.roster import Duplicate, Skipped
from enrollment.sources.skips import advice

HEADER = ("file", "row", "reason", "sentence", "what to do", "detail", "class", "person")
FIRST_LINE = ",".join(HEADER).encode()
STEERS = ("=", "+", "-", "@", "\t", "\r")  # a spreadsheet takes such a cell for a formula
INNER = re.compile(r"""([;,]["'\s]*)(?=[=+\-@])""")  # where a spreadsheet may part the cell


class Explained:
    """A CSV with a line for each row of a roster's file that is not sent."""

    def __init__(self, path: Path, file: str) -> None:
        self._path = path
        self._file_of_rows = file

    def __enter__(self) -> Self:
        try:
            self._file = self._path.open("w", encoding="utf-8", newline="")
        except OSError as error:
            raise _unwritable(self._path, error) from error
        self._rows = csv.writer(self._file)
        self._rows.writerow(HEADER)
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()

    def add(self, result: Skipped | Duplicate) -> None:
        """Write one row."""
        cells = (*_told(result), shown(result.class_id), shown_person(result.user_id))
        self._rows.writerow((self._file_of_rows, result.row, *map(harmless, cells)))


def check_explain(path: Path, roster: Path) -> None:
    """Keep every file that is no earlier explanation as it is. Raises Misuse or Failure."""
    try:
        in_roster = _is_part_of(path.resolve(), roster)
        in_the_way = (path.exists() or path.is_symlink()) and not _is_earlier(path)
    except OSError as error:
        raise _unwritable(path, error) from error
    if in_roster:
        raise Misuse(f"--explain {path} would write into the roster: name a file outside of it")
    if in_the_way:
        raise Misuse(
            f"--explain {path} is there already and is no list of rows that this command wrote:"
            " name another file, or move this one away"
        )


def _unwritable(path: Path, error: OSError) -> Failure:
    return Failure(f"{path} cannot be written ({error.strerror})")


def _is_part_of(path: Path, roster: Path) -> bool:
    """Whether a path is the roster or in its folder, however both are spelled."""
    return any(each.exists() and each.samefile(roster) for each in (path, *path.parents))


def _is_earlier(path: Path) -> bool:
    """Whether a file begins as an explanation does."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.readline(len(FIRST_LINE) + 2).rstrip(b"\r\n") == FIRST_LINE


def _told(result: Skipped | Duplicate) -> tuple[str, str, str, str]:
    """Reason, sentence, what to do and detail."""
    if isinstance(result, Duplicate):
        return (
            "duplicate",
            "An earlier row asks for the same student in the same course.",
            "Nothing to do: the earlier row is sent.",
            f"row {result.of_row} is sent",
        )
    told = advice(result.reason)
    return result.reason.value, told.sentence, told.next_step, result.detail


def shown(text: str) -> str:
    """An id as it stands in the roster; what looks like an address is masked."""
    return masked(text, whole="@" not in text)


def shown_person(user_id: str) -> str:
    """The id of a person; what looks like an address or a name is masked."""
    return masked(user_id, whole=" " not in user_id and "@" not in user_id)


def harmless(cell: str) -> str:
    """A cell that no spreadsheet takes for a formula, nor a part of it."""
    cell = INNER.sub(r"\1'", cell)
    return f"'{cell}" if cell.startswith(STEERS) else cell
