"""Dates as exports write them, and the order of day and month that a column shows."""

from datetime import UTC, date, datetime

import pytest

from enrollment.sources.dates import SpanReader, readers, timestamp


def read(text, *column):
    [reader] = readers([(cell,) for cell in (text, *column)], 1)
    return reader.read(text)


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2026-08-24", date(2026, 8, 24)),
        ("2022-2-01 00:00:00", date(2022, 2, 1)),
        ("2023-05-01T18:25:43.511Z", date(2023, 5, 1)),
        ("2023-05-01T18:25:43+02:00", date(2023, 5, 1)),
        ("2026/08/24", date(2026, 8, 24)),
        ("20260824", date(2026, 8, 24)),
        ("8/24/2026", date(2026, 8, 24)),
        ("24/8/2026", date(2026, 8, 24)),
        ("8/24/15 11:59 PM", date(2015, 8, 24)),
        ("8/1/99", date(1999, 8, 1)),
        ("24.08.2026", date(2026, 8, 24)),
        ("", None),
    ],
)
def test_a_date_is_read(text, day):
    assert read(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "soon",
        "2026-13-01",
        "2026-02-30",
        "31/31/2026",
        "45231",
        "0000-00-00",
        "2026-08-24x",
        "1/2/3/4",
    ],
)
def test_what_is_no_date_is_an_error_that_does_not_quote_it(text):
    with pytest.raises(ValueError) as raised:  # noqa: PT011 - any message but the cell
        read(text)

    assert text not in str(raised.value)


def test_a_column_with_a_day_above_twelve_in_front_puts_the_day_first():
    assert read("1/05/2023", "13/05/2023") == date(2023, 5, 1)


def test_a_column_with_a_day_above_twelve_behind_puts_the_month_first():
    assert read("1/05/2023", "5/13/2023") == date(2023, 1, 5)


def test_without_evidence_the_month_comes_first():
    assert read("1/05/2023", "2023-05-13", "2/06/2023") == date(2023, 1, 5)


def test_a_column_without_evidence_follows_the_other_columns_of_its_file():
    begins, ends = readers([("1/05/2023", "30/06/2023")], 2)

    assert begins.read("1/05/2023") == date(2023, 5, 1)
    assert ends.read("1/05/2023") == date(2023, 5, 1)


def test_a_column_that_shows_both_orders_reads_only_what_is_certain():
    column = ("13/05/2023", "5/14/2023")

    assert read("13/05/2023", *column) == date(2023, 5, 13)
    assert read("5/5/2023", *column) == date(2023, 5, 5)
    with pytest.raises(ValueError):  # noqa: PT011
        read("1/05/2023", *column)


@pytest.mark.parametrize(
    ("cells", "reading"),
    [
        ([("1/05/2023", "2023-05-13")], ["start are read month first"]),
        ([("1/05/2023", "5/13/2023")], ["start are read month first"]),
        ([("1/05/2023", "13/05/2023")], ["start are read day first"]),
        ([("1.05.2023", "2.05.2023")], ["start are read month first", "end are read month first"]),
        ([("1/05/2023", ""), ("13/05/2023", "")], []),
        ([("1/05/2023", "13/05/2023"), ("", "5/13/2023")], []),  # is refused, not guessed
        ([("5/5/2023", "2023-05-13"), ("31/31/2023", "soon")], []),
    ],
)
def test_a_column_whose_dates_could_be_meant_otherwise_is_a_guess(cells, reading):
    guesses = SpanReader("term", ("start", "end"), cells).guesses("terms.csv")

    said = [guess.removeprefix("terms.csv: ").split(";")[0] for guess in guesses]
    between = " shows no order of day and month, so dates like 12/05/2026"
    assert [text.replace(between, "") for text in said] == reading


def test_a_span_names_the_column_that_cannot_be_read():
    spans = SpanReader("term", ("startDate", "endDate"), [])

    assert spans.read("2026-01-01", "later", "row 3, ").fault == (
        "row 3, endDate is not a date that can be read"
    )


def test_a_moment_without_a_zone_is_taken_for_utc():
    assert timestamp("2026-08-24T10:00:00") == datetime(2026, 8, 24, 10, tzinfo=UTC)
    assert timestamp("yesterday") is None


def test_a_moment_whose_zone_has_seconds_is_none():
    assert timestamp("2026-08-24T10:00:00+05:30") is not None
    assert timestamp("2026-08-24T10:00:00+05:30:15") is None
    assert timestamp("2026-08-24T10:00:00+23:59:59.5") is None
