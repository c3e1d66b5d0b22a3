"""Results on stdout: tables for people, one line of JSON for programs."""

import json
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from textwrap import wrap
from typing import Any, TextIO

from enrollment.cli.words import is_text, printable

# Columns that are never folded, wherever they stand.
WHOLE = frozenset({"id", "reason", "outcome", "when", "filed", "next due"})
WIDEST = 120  # of a table that goes to a file or a pipe
NARROWEST = 12  # of a column that is folded
INDENT, GAP = "  ", "  "


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows under headings; `numbers` are set to the right, and `whole` columns never folded."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    numbers: frozenset[str] = frozenset({"count"})
    whole: frozenset[str] = WHOLE


def show_json(result: Mapping[str, Any]) -> None:
    """Write a result as one line of JSON, the last on stdout."""
    text = json.dumps(result, ensure_ascii=False)
    if not is_text(text):
        text = json.dumps(result)  # half of a surrogate pair, which only an escape can write
    print(text, flush=True)


def show(table: Table) -> None:
    """Write a table, boxed on a terminal and plain elsewhere; nothing if it has no rows."""
    if not table.rows:
        return
    if sys.stdout.isatty():
        _boxed(table, sys.stdout)
    else:
        print("\n".join(_plain(table)))


def say(text: str = "") -> None:
    """Write one line of the result."""
    print(printable(text))


def note(text: str) -> None:
    """Write one line beside the result: progress, notes, warnings."""
    print(printable(text), file=sys.stderr, flush=True)


def _cells(table: Table) -> list[list[str]]:
    return [[printable(str(cell)) for cell in row] for row in table.rows]


def _plain(table: Table) -> list[str]:
    """Columns kept apart by two spaces; what is too long goes on below, within its column."""
    lines = [list(table.columns), *_cells(table)]
    widths = _widths(table, lines)
    right = [column in table.numbers for column in table.columns]
    set_out = [
        GAP.join(
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(line, widths, right, strict=True)
        ).rstrip()
        for row in lines
        for line in _folded(row, widths)
    ]
    return [f"{table.title}:", *(f"{INDENT}{line}" for line in set_out), ""]


def _widths(table: Table, lines: Sequence[Sequence[str]]) -> list[int]:
    """As wide as they need; where that is too much, the widest that may be folded give way."""
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    rigid = table.numbers | table.whole
    foldable = [n for n, column in enumerate(table.columns) if column not in rigid]
    room = WIDEST - len(INDENT) - len(GAP) * (len(widths) - 1)
    while sum(widths) > room and foldable:
        widest = max(foldable, key=widths.__getitem__)
        if widths[widest] <= NARROWEST:
            break
        widths[widest] -= 1
    return widths


def _folded(row: Sequence[str], widths: Sequence[int]) -> Iterator[tuple[str, ...]]:
    """The lines of a row."""
    cells = [
        [cell] if len(cell) <= width else wrap(cell, width, break_on_hyphens=False)
        for cell, width in zip(row, widths, strict=True)
    ]
    return zip_longest(*cells, fillvalue="")


def _boxed(table: Table, stream: TextIO) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table as Boxed
    from rich.text import Text

    boxed = Boxed(title=table.title, box=box.ROUNDED, title_justify="left")
    rigid, cells = table.numbers | table.whole, _cells(table)
    least = 1
    for number, column in enumerate(table.columns):
        width = max(len(column), *(len(row[number]) for row in cells))
        is_whole = column in rigid
        narrowest = width if is_whole else min(width, NARROWEST)
        least += 3 + narrowest  # a space on both sides, and the line
        boxed.add_column(
            column,
            justify="right" if column in table.numbers else "left",
            no_wrap=is_whole,
            min_width=narrowest,
            overflow="fold",
        )
    for row in cells:
        boxed.add_row(*map(Text, row))  # as text: a cell's brackets are no markup
    # On a terminal too narrow for it the lines run over; nothing is cut.
    Console(file=stream, width=max(Console(file=stream).width, least)).print(boxed)
