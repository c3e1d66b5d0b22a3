"""The header of a CSV: where the columns stand that somebody asks for, misspelt ones as well."""

import difflib
import re
from collections.abc import Collection, Sequence

Column = str | tuple[str, ...]  # by its name; of several names, the first one that the header has
CLOSE = 0.88  # dataLastModified is 0.94 like dateLastModified; no two real columns exceed 0.86
ABSENT = 1 << 30  # the place of a column that the header lacks: beyond the end of any row


class Header:
    """The places of the columns asked for: by name, else by the name most like it.

    `has` are the names asked for that it holds, `warnings` tell what was guessed or left out.
    """

    def __init__(self, cells: Sequence[str], columns: Sequence[Column]) -> None:
        self.width = _width(cells)
        self.has: set[str] = set()
        self.warnings: list[str] = []
        self._cells = cells
        self._known: dict[str, int] = {}
        for place, cell in enumerate(cells):
            if (name := _plain(cell)) and self._known.setdefault(name, place) != place:
                self.warnings.append(f"column {place + 1} repeats a name; not read")
        asked = {_plain(name) for column in columns for name in names_of(column)}
        self._strangers = {n: place for n, place in self._known.items() if n not in asked}
        self.places = tuple(self._place(names_of(column)) for column in columns)

    def lacks(self, columns: Sequence[Column]) -> list[str]:
        """The columns that are missing, each with all of its names."""
        return [" or ".join(names) for names in map(names_of, columns) if not self.has & {*names}]

    def _place(self, names: tuple[str, ...]) -> int:
        if there := [name for name in names if _plain(name) in self._known]:
            self.has.update(there)
            return self._known[_plain(there[0])]
        if not (near := _nearest(names, self._strangers)):
            return ABSENT
        name, alike = near
        place = self._strangers.pop(alike)
        self._known[_plain(name)] = place
        self.has.add(name)
        cell = self._cells[place].strip()
        self.warnings.append(f"column {place + 1}, {cell}, is read as {name}")
        return place


def names_of(column: Column) -> tuple[str, ...]:
    """The names by which a column may go, the usual one first."""
    return (column,) if isinstance(column, str) else column


def _nearest(names: Sequence[str], strangers: Collection[str]) -> tuple[str, str] | None:
    """A name and the header cell most like it; a cell with another number is another column."""
    for name in names:
        plain = _plain(name)
        alike = [each for each in strangers if _digits(each) == _digits(plain)]
        if near := difflib.get_close_matches(plain, alike, n=1, cutoff=CLOSE):
            return name, near[0]
    return None


def _plain(header: str) -> str:
    """A header cell without case, spaces, underscores, hyphens and invisible characters."""
    return re.sub(r"[\s_\-\u200b\ufeff]", "", header).casefold()


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))


def _width(cells: Sequence[str]) -> int:
    """How many cells a row may fill: the header's, without the empty cells at its end."""
    return next((i for i in range(len(cells), 0, -1) if cells[i - 1].strip()), 0)
