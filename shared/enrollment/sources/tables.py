"""One CSV of a roster as it really comes: any usual encoding, line end, delimiter and header.

Row numbers are those of a spreadsheet: the header is usually row 1, blank lines count, and a record
whose quoted cell holds line breaks is one row. A row of empty cells is a blank line.
"""

import csv
import io
import itertools
import re
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from enrollment.sources.files import RosterError
from enrollment.sources.headers import Column, Header
from enrollment.sources.words import counted

END = "\x1e"  # handed to the csv reader last: swallowed if a quotation mark never closed
PIECE = 1 << 20  # characters; a StringIO takes four bytes for each, so it never gets the whole text


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
        columns: Sequence[Column],
        *,
        required: Collection[Column] = (),
    ) -> None:
        self.name = name
        self.warnings: list[str] = []
        self._text = self._decoded(raw)
        self._delimiter = _delimiter(self._text)
        self._header_row, cells = self._header()
        header = Header(cells, columns)
        self.warnings.extend(f"{name}: {warning}" for warning in header.warnings)
        self.width = header.width
        self.has = header.has
        self._places = header.places
        if missing := header.lacks([column for column in columns if column in required]):
            raise RosterError(
                f"{name} has no column {', '.join(missing)}: its header was looked for in row 1"
            )
        self.total = 0
        self._scan()

    def __iter__(self) -> Iterator[Line]:
        places, limit = self._places, self.width
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
            and (place in picked or 2 * cell.count(self._delimiter) >= max(self.width - 1, 1))
            for place, cell in enumerate(record)
        )

    def _header(self) -> tuple[int, list[str]]:
        self._header_row = 0
        for number, record, _ in self._all_records():
            if any(map(str.strip, record)):
                return number, record
        raise RosterError(f"{self.name} is empty: export it again with its header")

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
