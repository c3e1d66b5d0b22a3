"""The dates of a roster: ISO, or day and month in an order that the column itself must tell.

`13/05/2023` shows that its column puts the day first, `5/13/2023` the month. A column without such
a date follows the other columns of its file, and a file without any is read month first, as the
American exports are that write this way; either is a guess, and a warning tells it. In a column
that shows both orders a date like 1/05/2023 cannot be read. The time of day and its zone are
ignored: what counts is the date as written.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import Flag

TIME = r"(?:[T ,]\s*\d{1,2}[:.]\d{2}[0-9:.,+\-Zz APMapm]*)?"
ISO = re.compile(r"(\d{4})([-/.]?)(\d{1,2})\2(\d{1,2})" + TIME, re.ASCII)
MIXED = re.compile(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})" + TIME, re.ASCII)
PIVOT = 70  # 8/1/15 is 2015; no school has enrollments before 1970


class Order(Flag):
    """What a mixed date shows: that the day comes first, or the month."""

    UNKNOWN = 0
    DAY_FIRST = 1
    MONTH_FIRST = 2


MONTH_FIRST = "are read month first; if your SIS writes the day first, export ISO dates"
DAY_FIRST = "are read day first; if your SIS writes the month first, export ISO dates"
GUESSES = {  # a column that shows both orders does not guess, it refuses
    Order.UNKNOWN: MONTH_FIRST,
    Order.MONTH_FIRST: MONTH_FIRST,
    Order.DAY_FIRST: DAY_FIRST,
}


class DateReader:
    """Reads the dates of one column; `is_guess` says that no date of it shows the order."""

    def __init__(self, order: Order, *, is_guess: bool = False) -> None:
        self._order = order
        self._is_guess = is_guess
        self._seen: dict[str, date | None] = {"": None}

    def read(self, text: str) -> date | None:
        """The date; None for an empty cell. Raises ValueError, which never quotes the cell."""
        if text not in self._seen:
            self._seen[text] = self._parse(text)
        return self._seen[text]

    @property
    def guess(self) -> str:
        """How dates are read that could be meant otherwise, or ""."""
        return GUESSES.get(self._order, "") if self._is_guess else ""

    def _parse(self, text: str) -> date:
        if found := ISO.fullmatch(text):
            if not found[2] and len(found[3] + found[4]) != len("MMDD"):
                raise ValueError
            return date(int(found[1]), int(found[3]), int(found[4]))
        if not (found := MIXED.fullmatch(text)):
            raise ValueError
        year = int(found[4])
        if len(found[4]) == len("YY"):
            year += 2000 if year < PIVOT else 1900
        first, second = int(found[1]), int(found[3])
        order = evidence(text) or self._order or Order.MONTH_FIRST
        if order == Order.DAY_FIRST | Order.MONTH_FIRST and first != second:
            raise ValueError
        return date(year, second, first) if order == Order.DAY_FIRST else date(year, first, second)


def evidence(text: str) -> Order:
    """What one cell shows of its column's order."""
    found = None if text[:4].isdigit() else MIXED.fullmatch(text)
    if not found:
        return Order.UNKNOWN
    first, second = int(found[1]), int(found[3])
    if first > 12 >= second:
        return Order.DAY_FIRST
    return Order.MONTH_FIRST if second > 12 >= first else Order.UNKNOWN


def is_ambiguous(text: str) -> bool:
    """Whether a cell means one day if the month comes first, and another if the day does."""
    found = None if text[:4].isdigit() else MIXED.fullmatch(text)
    return found is not None and _differ(int(found[1]), int(found[3]))


def _differ(first: int, second: int) -> bool:
    """Whether both numbers may be a month, and make a difference."""
    return first != second and max(first, second) <= 12


def readers(rows: Iterable[Sequence[str]], columns: int) -> list[DateReader]:
    """A reader for each column of dates, after a look at all of their cells."""
    shown = [Order.UNKNOWN] * columns
    doubtful = [False] * columns
    for row in rows:
        for column, text in enumerate(row):
            if text:
                shown[column] |= evidence(text)
                doubtful[column] = doubtful[column] or is_ambiguous(text)
    whole = Order.UNKNOWN
    for order in shown:
        whole |= order
    return [
        DateReader(order or whole, is_guess=doubt and not order)
        for order, doubt in zip(shown, doubtful, strict=True)
    ]


def timestamp(text: str) -> datetime | None:
    """A moment, in UTC where no zone is given; None if there is none or it cannot be read."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    offset = moment.utcoffset()
    if offset is None:
        return moment.replace(tzinfo=UTC)
    # Others than Python read no zone with seconds (RFC 3339, 5.6), and a request travels.
    return None if offset % timedelta(minutes=1) else moment


@dataclass(frozen=True, slots=True)
class Bound:
    """A day on which something begins or ends, and what says so."""

    day: date
    place: str


@dataclass(frozen=True, slots=True)
class Span:
    """From when to when something runs. None is open; the last day belongs to it."""

    begin: Bound | None = None
    end: Bound | None = None
    fault: str = ""

    def within(self, outer: "Span") -> "Span":
        """This span, with the outer one's dates where it has none."""
        return Span(self.begin or outer.begin, self.end or outer.end, self.fault or outer.fault)


ALWAYS = Span()


class SpanReader:
    """Reads two columns of a file as begin and end."""

    def __init__(
        self, place: str, columns: tuple[str, str], cells: Iterable[Sequence[str]]
    ) -> None:
        self._place = place
        self._begin, self._end = columns
        self._begins, self._ends = readers(cells, 2)

    def guesses(self, file: str) -> list[str]:
        """A warning for each column whose dates could be meant otherwise."""
        columns = (self._begin, self._begins), (self._end, self._ends)
        return [
            f"{file}: {column} shows no order of day and month, so dates like 12/05/2026"
            f" {reader.guess}"
            for column, reader in columns
            if reader.guess
        ]

    def read(self, begin: str, end: str, where: str = "") -> Span:
        """The span of two cells; `where` is put before the column's name in a fault."""
        column = self._begin
        try:
            first = self._begins.read(begin)
            column = self._end
            last = self._ends.read(end)
        except ValueError:
            return Span(fault=f"{where}{column} is not a date that can be read")
        if not first and not last:
            return ALWAYS
        return Span(
            Bound(first, self._place) if first else None, Bound(last, self._place) if last else None
        )
