"""Results on stdout: tables for people, one line of JSON for programs."""

import json
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TextIO

from enrollment.cli.words import printable


@dataclass(frozen=True, kw_only=True)
class Table:
    """Rows under headings; `numbers` names the columns that are set to the right."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[object]]
    numbers: frozenset[str] = frozenset({"count"})


def show_json(result: Mapping[str, Any]) -> None:
    """Write a result as one line of JSON, the last on stdout."""
    print(json.dumps(result, ensure_ascii=False), flush=True)


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
    """Columns kept apart by two spaces and never folded, so that a line is a row."""
    lines = [list(table.columns), *_cells(table)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    right = [column in table.numbers for column in table.columns]
    set_out = [
        "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(line, widths, right, strict=True)
        ).rstrip()
        for line in lines
    ]
    return [f"{table.title}:", *(f"  {line}" for line in set_out), ""]


def _boxed(table: Table, stream: TextIO) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table as Boxed
    from rich.text import Text

    boxed = Boxed(title=table.title, box=box.ROUNDED, title_justify="left")
    for column in table.columns:
        boxed.add_column(column, justify="right" if column in table.numbers else "left")
    for row in _cells(table):
        boxed.add_row(*map(Text, row))  # as text: a cell's brackets are no markup
    Console(file=stream).print(boxed)
