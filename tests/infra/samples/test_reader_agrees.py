"""What a sample expects is what the reader of rosters makes of its files."""

from collections import Counter
from datetime import UTC, date, datetime

import pytest

from enrollment.sources.declared import Declaration
from enrollment.sources.roster import Duplicate, Skipped, ToSend, read_roster
from infra.samples.roster import Sample, sample

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


def results(made: Sample, path):
    return list(
        read_roster(
            path,
            Declaration(**made.source),
            source="northside",
            as_of=NOON.date(),
            received_at=NOON,
            key=b"k" * 32,
        )
    )


@pytest.mark.parametrize(("students", "seed"), [(250, 1), (100, 2), (40, 3)])
def test_every_expected_pair_is_sent_once_and_no_other(tmp_path, students, seed):
    made = sample(students, seed, as_of=NOON.date())
    made.write_zip(tmp_path / "northside.zip")

    found = results(made, tmp_path / "northside.zip")

    sent = [(it.request.course_id, it.request.student) for it in found if isinstance(it, ToSend)]
    assert set(sent) == made.expected.keys()
    assert len(sent) == len(made.expected)


def test_the_usual_school_shows_every_way_to_be_left_out(tmp_path):
    made = sample(as_of=NOON.date())
    made.write_folder(tmp_path)

    found = results(made, tmp_path)

    skipped = Counter(it.reason.value for it in found if isinstance(it, Skipped))
    assert sum(isinstance(it, Duplicate) for it in found) == 8
    assert skipped.keys() == {
        "class_inactive",
        "class_unknown",
        "ended",
        "invalid_email",
        "no_email",
        "not_a_student",
        "not_started",
        "outside_domains",
        "role_mismatch",
        "user_unknown",
        "withdrawn",
    }


def test_any_day_of_the_year_will_do(tmp_path):
    for day in (date(2026, 7, 1), date(2027, 6, 30)):
        made = sample(100, as_of=day)
        made.write_folder(tmp_path)

        roster = read_roster(
            tmp_path,
            Declaration(**made.source),
            source="northside",
            as_of=day,
            received_at=NOON,
            key=b"k" * 32,
        )

        assert sum(isinstance(it, ToSend) for it in roster) == len(made.expected)
