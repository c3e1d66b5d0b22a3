import json
from math import isclose

import pytest

from infra.readme import README
from tests.bench import __main__ as command
from tests.bench.catalogue import ROWS
from tests.bench.measured import Bound, Measured, Verdict
from tests.bench.render import number, rendered
from tests.bench.rows import elsewhere, growth
from tests.bench.setting import Bench
from tests.bench.sums import growth as growth_of
from tests.bench.sums import middle, ratios, sliding_minutes, within
from tests.bench.table import filled, read_record


@pytest.fixture
def bench(tmp_path):
    return Bench(quick=True, folder=tmp_path, tell=lambda _: None)


def measured(**changes):
    return Measured(**{"row": "r", "what": "w", "how": "h", "value": 1.0, "target": 2.0} | changes)


def test_the_middle_has_its_spread():
    assert middle([3, 1, 2]).value == 2
    assert middle([3, 1, 2]).spread == (1, 3)


def test_ratios_compare_round_with_round_and_not_median_with_median():
    assert ratios([10, 2, 6], [10, 1, 2]).value == 2
    with pytest.raises(ValueError, match="zip"):
        ratios([1], [1, 2])


def test_growth_is_a_share_of_the_first_value():
    assert growth_of(100, 105) == 0.05
    assert growth_of(100, 90) == -0.1


def test_a_sliding_minute_holds_its_end_and_not_its_beginning():
    assert within([0.0, 1.0, 60.0], 0.0, 60.0) == 2


def test_only_whole_minutes_are_counted():
    times = [float(second) for second in range(200)]
    assert sliding_minutes(times, 100.0, 170.0) == [60] * 11
    assert sliding_minutes(times, 100.0, 159.0) == []


@pytest.mark.parametrize(
    ("changes", "verdict"),
    [
        ({"value": 2.0}, Verdict.MET),
        ({"value": 2.1}, Verdict.NOT_MET),
        ({"value": 2.0, "bound": Bound.AT_LEAST}, Verdict.MET),
        ({"value": 1.9, "bound": Bound.AT_LEAST}, Verdict.NOT_MET),
        ({"value": 0.0, "target": 0.0}, Verdict.MET),
        ({"value": 1.0, "quick": True}, Verdict.QUICK),
        ({"target": None}, Verdict.TOLD),
        ({"value": None, "target": None, "elsewhere": True}, Verdict.ELSEWHERE),
        ({"value": None, "failed": True}, Verdict.FAILED),
    ],
)
def test_the_verdict(changes, verdict):
    assert measured(**changes).verdict is verdict


def test_a_quick_run_meets_nothing(bench):
    assert bench.choose(7, 2) == 2
    assert measured(quick=True).verdict is Verdict.QUICK


def test_the_ratio_is_the_share_of_the_target():
    assert isclose(measured(value=1.5).ratio, 0.75)
    assert measured(target=0.0).ratio is None


def test_numbers_are_shown_with_four_figures():
    assert [number(each) for each in (None, 2.0, 1.19516, 14076.0, 0.00012)] == [
        *("", "2", "1.195", "14,076", "0.00012"),
    ]


def test_the_table_has_a_line_for_each_measurement():
    head, first, second = rendered([measured(), measured(value=3.0, spread=(1.0, 3.0))])
    assert head.split()[0] == "row"
    assert first.endswith("met")
    assert "1 .. 3" in second
    assert second.endswith("not met")


def test_growth_runs_and_finds_an_index_for_every_statement(bench):
    found = growth.measured(bench, (100, 200), rounds=2, pairs=5)
    assert [each.verdict for each in found] == [Verdict.QUICK, Verdict.TOLD, Verdict.TOLD]
    assert all(each.value > 0 for each in found)


def test_a_statement_that_grows_with_the_store_is_found(bench):
    with growth.opened(bench, [100]) as (store,):
        with store.database.writing(store.deadline) as connection:
            connection.execute("drop index entries_due")
        assert set(growth.unindexed(store)) == {"USE TEMP B-TREE FOR ORDER BY"}


def test_what_others_measure_is_read_from_their_record(tmp_path):
    assert elsewhere.read_record(tmp_path / "record.json") == {}
    (tmp_path / "record.json").write_text('{"schedules": 1000}')
    assert elsewhere.read_record(tmp_path / "record.json") == {"schedules": 1000}


def test_the_command_writes_what_it_found(tmp_path, capsys):
    told = tmp_path / "bench.json"
    assert command.main(["elsewhere", "--quick", "--json", str(told)]) == 0
    found = json.loads(told.read_text())["measured"]
    assert {each["verdict"] for each in found} == {"measured elsewhere"}
    assert len(capsys.readouterr().out.splitlines()) == len(found) + 1


def test_a_row_that_fails_costs_the_others_nothing(monkeypatch, capsys):
    def fail(_):
        raise command.Failed("it has ended")

    monkeypatch.setitem(ROWS, "files", fail)
    assert command.main(["files", "elsewhere"]) == 1
    out = capsys.readouterr().out
    assert "could not be measured" in out
    assert "measured elsewhere" in out


def test_the_readme_says_what_was_measured_last():
    text = README.read_text(encoding="utf-8")

    assert filled(text, read_record()) == text
