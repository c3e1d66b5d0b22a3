"""Rosters of other makers are read as they are: every row counted, every reason known."""

import os
import time
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from enrollment.sources.declared import UNDECLARED, Declaration
from enrollment.sources.roster import Duplicate, Roster, Skipped, ToSend, read_roster
from enrollment.sources.skips import advice

BESIDE = Path(__file__).parents[3] / "shared" / "roster-samples"
SAMPLES = Path(os.environ.get("ROSTER_SAMPLES") or BESIDE)
EXPECTED = {
    "canvas-hydrationkit": (
        "Canvas SIS CSV",
        {
            "ended": 10_866,
            "sent": 1_481,
            "not_a_student": 1_310,
            "withdrawn": 220,
            "class_inactive": 164,
            "user_inactive": 34,
            "role_mismatch": 1,
        },
    ),
    "o365-edu-csv/SDS-v2": ("SDS v2", {"sent": 22, "not_a_student": 7}),
    "o365-edu-csv/SDS-v2.1": ("SDS v2.1", {"ended": 4, "not_a_student": 2}),
    "o365-edu-csv/SDS-Format_100-Users": ("SDS v1", {"ended": 602}),
    "o365-edu-csv/UK-Format_100-Users": ("SDS v1 (UK)", {"ended": 602}),
}
# The same as they stood when their terms ran, by the day and the rule that a school would take.
IN_TERM = {
    "o365-edu-csv/SDS-v2.1": (date(2021, 10, 1), "{username}", {"sent": 4, "not_a_student": 2}),
    "o365-edu-csv/SDS-Format_100-Users": (
        date(2017, 10, 1), "{username}@contoso.example", {"sent": 602},
    ),
    "o365-edu-csv/UK-Format_100-Users": (
        date(2017, 10, 1), "{username}@contoso.example", {"sent": 602},
    ),
}  # fmt: skip
FOUND = [name for name in EXPECTED if (SAMPLES / name).is_dir()]


def reading(
    name: str, as_of: date = date(2026, 11, 23), declaration: Declaration = UNDECLARED
) -> Roster:
    return read_roster(
        SAMPLES / name,
        declaration,
        source="samples",
        as_of=as_of,
        received_at=datetime(2026, 11, 23, 20, tzinfo=UTC),
        key=b"0123456789abcdef0123456789abcdef",
    )


def word(result: ToSend | Skipped | Duplicate) -> str:
    match result:
        case ToSend():
            return "sent"
        case Duplicate():
            return "duplicate"
        case Skipped(reason=reason):
            return reason.value


@pytest.mark.parametrize("name", FOUND)
def test_every_row_is_sent_or_explained(name):
    roster = reading(name)

    counts = Counter(map(word, roster))

    assert (roster.format, counts) == EXPECTED[name]
    assert counts.total() == roster.total_rows


@pytest.mark.parametrize("name", [name for name in FOUND if name in IN_TERM])
def test_in_its_term_a_roster_is_sent(name):
    as_of, rule, expected = IN_TERM[name]

    roster = reading(name, as_of, Declaration(student=rule))

    assert Counter(map(word, roster)) == expected


@pytest.mark.parametrize("name", FOUND)
def test_every_row_that_is_not_sent_has_a_sentence_and_a_detail(name):
    skipped = [result for result in reading(name) if isinstance(result, Skipped)]

    assert [it.row for it in skipped if not it.detail or not advice(it.reason).sentence] == []
    assert [it.row for it in skipped if "@" in it.detail] == []


@pytest.mark.parametrize("name", [name for name in FOUND if name.startswith("canvas")])
def test_a_large_roster_takes_less_than_its_limit(name):
    before = time.process_time()

    rows = sum(1 for _ in reading(name))

    assert rows == 14_076
    assert time.process_time() - before < 1.5
