"""Measurements as people read them."""

from collections.abc import Iterable, Iterator

from tests.bench.measured import Measured

COLUMNS = ("row", "measured", "value", "spread", "target", "ratio", "verdict")


def rendered(measured: Iterable[Measured]) -> Iterator[str]:
    """A table, one line a measurement."""
    rows = [COLUMNS, *(_cells(each) for each in measured)]
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    for row in rows:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield "  ".join(cells).rstrip()


def _cells(it: Measured) -> tuple[str, ...]:
    return (
        it.row,
        it.what,
        f"{number(it.value)} {it.unit}".strip(),
        f"{number(it.spread[0])} .. {number(it.spread[1])}" if it.spread else "",
        f"{it.bound} {number(it.target)}" if it.target is not None else "",
        f"{it.ratio:.3f}" if it.ratio is not None else "",
        it.verdict,
    )


def number(value: float | None) -> str:
    """Four figures; whole numbers as they are."""
    if value is None:
        return ""
    if float(value).is_integer() or abs(value) >= 1000:
        return f"{value:,.0f}"
    return f"{value:.4g}"
