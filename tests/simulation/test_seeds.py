"""A thousand schedules break no law, and random parts of the long record come out as they did."""

from random import SystemRandom

import pytest

from tests.simulation.plan import plan_of
from tests.simulation.record import read_record
from tests.simulation.shrink import shrunken
from tests.simulation.story import BLOCK, block, heading, told

SEEDS = 1_000
AGAIN, AGAIN_ALL = 2, 60  # random blocks of the record; the latter with --all


def story_of(seed):
    plan = shrunken(plan_of(seed))
    return "\n".join(
        ["", *heading(plan), *told(plan), f"(python -m tests.simulation --seed {seed})"]
    )


@pytest.mark.parametrize("number", range(SEEDS // BLOCK))
def test_no_schedule_breaks_a_law(number):
    _, broken = block(number)

    assert not broken, story_of(min(broken))


@pytest.mark.parametrize("turn", range(AGAIN_ALL))
def test_a_random_block_of_the_record_comes_out_as_it_did(turn, request):
    if turn >= AGAIN and not request.config.getoption("--all"):
        pytest.skip("with --all")
    held = read_record()
    number = SystemRandom().randrange(len(held["digests"]))

    digest, broken = block(number)

    assert not broken, story_of(min(broken))
    assert digest == held["digests"][number], (
        f"the seeds {number * BLOCK} to {number * BLOCK + BLOCK - 1} come to something else than at"
        f" {held['revision'][:12]}. If that is meant: python -m tests.simulation --record"
    )


def test_the_record_is_whole():
    held = read_record()

    assert held["first_seed"] == 0
    assert held["last_seed"] + 1 == len(held["digests"]) * BLOCK >= 100_000
    assert len(held["revision"]) == 40
