"""What the README says of the other ways is what was measured, of what is compared now."""

from tests.baselines import table
from tests.baselines.contender import ALL, OURS
from tests.baselines.scenarios import SCENARIOS

RECORD = table.read_record()


def test_the_tables_say_what_was_measured():
    written = table.README.read_text(encoding="utf-8")

    assert table.filled(written, RECORD) == written


def test_every_scenario_was_measured_for_everybody_as_they_are_now():
    measured = {
        (each["name"], each["title"], name)
        for each in RECORD["scenarios"]
        for name in each["results"]
    }

    assert RECORD["failed"] == []
    assert measured == {
        (each.name, each.title, contender.name)
        for each in SCENARIOS
        for contender in ALL
        if each.concerns(contender)
    }
    assert {each["name"]: each["settings"] for each in RECORD["contenders"]} == {
        each.name: each.settings for each in ALL
    }


def test_the_project_keeps_its_promises_in_every_scenario():
    broken = {
        each["name"]: what
        for each in RECORD["scenarios"]
        for what in ("lost", "doubled", "wrongly_acknowledged")
        if each["results"][OURS.name][what]
    }

    assert broken == {}
