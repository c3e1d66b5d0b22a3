"""The proof is proved: every fault that is planted is found, and its story stays told."""

import pytest

from tests.simulation.plan import plan_of
from tests.simulation.planted import FAULTS
from tests.simulation.shrink import law_of, shrunken
from tests.simulation.story import from_json, told
from tests.simulation.tales import FOLDER, path_of, read_tale
from tests.simulation.test_seeds import SEEDS

ALL = pytest.mark.parametrize("fault", FAULTS.values(), ids=lambda fault: fault.name)


@ALL
def test_a_planted_fault_is_found_by_its_seed(fault):
    tale = read_tale(fault)

    assert tale["seed"] < SEEDS
    assert law_of(plan_of(tale["seed"]), fault) == tale["law"]
    assert law_of(plan_of(tale["seed"])) is None


@ALL
def test_its_shortest_story_is_told_as_it_was(fault):
    tale = read_tale(fault)
    plan = from_json(tale["plan"])

    assert told(plan, fault) == tale["story"]
    assert tale["law"] in tale["story"][-1]
    assert law_of(plan) is None


def test_there_are_at_least_twelve_and_none_is_left_over():
    assert len(FAULTS) >= 12
    assert {path_of(name) for name in FAULTS} == set(FOLDER.iterdir())


def test_a_story_is_cut_down_to_what_matters():
    fault = FAULTS["settles without the owed mark"]
    plan = plan_of(read_tale(fault)["seed"])

    small = shrunken(plan, fault)

    assert law_of(small, fault) == law_of(plan, fault)
    assert len(small.parts) < len(plan.parts) / 2
