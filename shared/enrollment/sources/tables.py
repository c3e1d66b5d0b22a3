"""One CSV of a roster as it really comes: any usual encoding, line end, delimiter and header.

Row numbers are those of a spreadsheet: the header is usually row 1, blank lines count, and a record
whose quoted cell holds line breaks is one row. A row of empty cells is a blank line.
"""

import csv
import difflib
import io
import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from enrollment.sources.files import RosterError
from enrollment.sources.words import counted

END = "\x1e"  # handed to the csv reader last: swallowed if a quotation mark never closed
CLOSE = 0.88  # dataLastModified is 0.94 like dateLastModified; no two real columns exceed 0.86
PIECE = 1 << 20  # characters; a StringIO takes four bytes for each, so it never gets the whole text
ABSENT = 1 << 30  # the place of a column that the header lacks: beyond the end of any row


class Line(NamedTuple):
    """One row: its number, the cells of the columns asked for, and what is wrong with it, or ""."""

    number: int
    cells: tuple[str, ...]
    fault: str

    def is_readable(self) -> bool:
        """Whether the cells stand where they belong."""
        return not self.fault


class Table:
    """The rows of one file, reduced to the columns that somebody asked for; all cells are text.

    It may be read several times. Raises RosterError at once when the file cannot be a table, so
    that no row is lost halfway.
    """

    def __init__(
        self,
        name: str,
        raw: bytes,
        columns: Sequence[str],
        *,
        required: Collection[str] = (),
    ) -> None:
        self.name = name
        self.warnings: list[str] = []
        self._text = self._decoded(raw)
        self._delimiter = _delimiter(self._text)
        self._header_row, header = self._header()
        self._width = _width(header)
        self._places = self._placed(header, columns)
        self.has = {c for c, place in zip(columns, self._places, strict=True) if place != ABSENT}
        if missing := [
            column for column in columns if column in required and column not in self.has
        ]:
            raise RosterError(
                f"{name} has no column {', '.join(missing)}: its header was looked for in row 1"
            )
        self.total = 0
        self._scan()

    def __iter__(self) -> Iterator[Line]:
        places, limit = self._places, self._width
        for number, record, broken in self._records():
            size = len(record)
            cells = tuple([" ".join(record[p].split()) if p < size else "" for p in places])
            fault = ""
            if size > limit and any(map(str.strip, record[limit:])):
                fault = "the row has more cells than the header: a comma is probably not quoted"
            elif broken and self._swallows(record):
                fault = "a cell holds line breaks: a quotation mark is probably missing"
            yield Line(number, cells, fault)

    def readable(self) -> Iterator[Line]:
        """The rows without a fault; the others are left out, and a warning counts them."""
        faulty = []
        for line in self:
            if line.fault:
                faulty.append(line.number)
            else:
                yield line
        if faulty:
            rows = counted(len(faulty), "row is", "rows are")
            text = f"{self.name}: {rows} out of shape and left out, first row {faulty[0]}"
            self.warnings.append(text)

    def _records(self) -> Iterator[tuple[int, list[str], bool]]:
        """Number, cells and whether it spans lines, of every row below the header but the blank."""
        for number, record, broken in self._all_records():
            if number > self._header_row and any(map(str.strip, record)):
                yield number, record, broken

    def _all_records(self) -> Iterator[tuple[int, list[str], bool]]:
        lines = itertools.chain(_lines(self._text), (END,))
        reader = csv.reader(lines, delimiter=self._delimiter)
        before = number = 0
        try:
            for number, record in enumerate(reader, start=1):
                if record == [END]:
                    return
                yield number, record, reader.line_num > before + 1
                before = reader.line_num
        except csv.Error as error:
            raise RosterError(
                f"{self.name} cannot be read after row {number}: a cell is longer than 128 KiB"
            ) from error
        raise RosterError(
            f"{self.name}: a quotation mark in row {number} or before it never closes"
        )

    def _scan(self) -> None:
        """Read the file once to its end: what cannot be read is known before anything is sent."""
        for _ in self._records():
            self.total += 1

    def _swallows(self, record: list[str]) -> bool:
        """Whether a cell with line breaks looks like the rest of one row and the start of another.

        Such a row would mix two people. Half of the delimiters of a row are the sign of it, and so
        is any line break in a column that is needed.
        """
        picked = set(self._places)
        return any(
            "\n" in cell
            and (place in picked or 2 * cell.count(self._delimiter) >= max(self._width - 1, 1))
            for place, cell in enumerate(record)
        )

    def _header(self) -> tuple[int, list[str]]:
        self._header_row = 0
        for number, record, _ in self._all_records():
            if any(map(str.strip, record)):
                return number, record
        raise RosterError(f"{self.name} is empty: export it again with its header")

    def _placed(self, header: list[str], columns: Sequence[str]) -> tuple[int, ...]:
        """Where each column stands: by its name, else by the name most like it."""
        places: dict[str, int] = {}
        for place, cell in enumerate(header):
            if (name := _plain(cell)) and places.setdefault(name, place) != place:
                self.warnings.append(f"{self.name}: column {place + 1} repeats a name; not read")
        taken = {_plain(column) for column in columns}
        strangers = {name: place for name, place in places.items() if name not in taken}
        for column in columns:
            if (plain := _plain(column)) in places:
                continue
            if near := difflib.get_close_matches(plain, strangers, n=1, cutoff=CLOSE):
                places[plain] = place = strangers.pop(near[0])
                text = f"{self.name}: column {place + 1}, {header[place].strip()}, is read as"
                self.warnings.append(f"{text} {column}")
        return tuple(places.get(_plain(column), ABSENT) for column in columns)

    def _decoded(self, raw: bytes) -> str:
        text = self._unicode(raw)
        if "\0" in text:
            self.warnings.append(f"{self.name}: NUL characters were left out")
        text = text.replace("\0", "").replace(END, "")
        return text.replace("\r\n", "\n").replace("\r", "\n")

    def _unicode(self, raw: bytes) -> str:
        if raw.startswith((b"\xff\xfe", b"\xfe\xff")):
            return raw.decode("utf-16", errors="replace")
        try:
            return raw.decode("utf-8-sig")
        except UnicodeDecodeError:
            self.warnings.append(f"{self.name} is not UTF-8 and was read as Windows-1252")
            return raw.removeprefix(b"\xef\xbb\xbf").decode("cp1252", errors="replace")


def _lines(text: str) -> Iterator[str]:
    """The lines of a text with their ends, without a second copy of it in memory."""
    start = 0
    while start < len(text):
        end = text.find("\n", start + PIECE) + 1 or len(text)
        yield from io.StringIO(text[start:end])
        start = end


def _delimiter(text: str) -> str:
    """What separates the cells of the header: the most frequent of `,` `;` and tab in it."""
    header = next((line for line in _lines(text) if line.strip(' ,;\t"\n')), "")
    bare = re.sub(r'"[^"]*"', "", header)
    return max(",;\t", key=bare.count)


def _plain(header: str) -> str:
    """A header cell without case, spaces, underscores, hyphens and invisible characters."""
    return re.sub(r"[\s_\-\u200b\ufeff]", "", header).casefold()


def _width(header: list[str]) -> int:
    """How many cells a row may fill: the header's, without the empty cells at its end."""
    return next((i for i in range(len(header), 0, -1) if header[i - 1].strip()), 0)
