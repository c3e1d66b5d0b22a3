"""The dates of a roster: ISO, or day and month in an order that the column itself must tell.

`13/05/2023` shows that its column puts the day first, `5/13/2023` the month. A column without such
a date follows the other columns of its file, and a file without any is read month first, as the
American exports are that write this way. In a column that shows both orders a date like 1/05/2023
cannot be read. The time of day and its zone are ignored: what counts is the date as written.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
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


class DateReader:
    """Reads the dates of one column."""

    def __init__(self, order: Order) -> None:
        self._order = order
        self._seen: dict[str, date | None] = {"": None}

    def read(self, text: str) -> date | None:
        """The date; None for an empty cell. Raises ValueError, which never quotes the cell."""
        if text not in self._seen:
            self._seen[text] = self._parse(text)
        return self._seen[text]

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


def readers(rows: Iterable[Sequence[str]], columns: int) -> list[DateReader]:
    """A reader for each column of dates, after a look at all of their cells."""
    shown = [Order.UNKNOWN] * columns
    for row in rows:
        for column, text in enumerate(row):
            if text:
                shown[column] |= evidence(text)
    whole = Order.UNKNOWN
    for order in shown:
        whole |= order
    return [DateReader(order or whole) for order in shown]


def timestamp(text: str) -> datetime | None:
    """A moment, in UTC where no zone is given; None if there is none or it cannot be read."""
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


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
