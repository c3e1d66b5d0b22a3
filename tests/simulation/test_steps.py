"""A crash at every single step of a life, one after the other, and a lost reply at each of them."""

from dataclasses import replace

import pytest

from tests.simulation.plan import POINTS, Act, Plan, Trouble, Wish
from tests.simulation.shrink import law_of
from tests.simulation.world import World

# Somebody is enrolled, somebody refused and replayed in vain; a course is closed and opened.
LIVES = Plan(
    seed=0,
    jitter=False,
    share=600,
    offsets=(0.0,) * 4,
    wishes=(
        Wish(1, "fine", 0.0, 1),
        Wish(2, "teacher", 1.0, 2),
        Wish(3, "course closed", 2.0, 3),
        Wish(4, "account comes later", 3.0, 4, ready_at=7200.0),
    ),
    acts=(
        Act(3600.0, "replay", 2),
        Act(3600.0, "school mends it", 3),
        Act(3660.0, "roster again", 3),
    ),
)
WHATS = ["dies before", "dies after", "reply lost", "answer lost", "late", "refused"]


def comes_to(plan):
    """How often somebody comes to each point."""
    return World(plan).run()._comes


STEPS = [
    (point, nth)
    for point, times in sorted(comes_to(LIVES).items())
    if not point.endswith((".deliver", ".tick"))
    for nth in range(1, times + 1)
]


@pytest.mark.parametrize("what", WHATS)
def test_trouble_at_any_single_step_breaks_no_law(what):
    assert len(STEPS) > 60
    broken = {
        f"{point}, time {nth}": law
        for point, nth in STEPS
        if (law := law_of(replace(LIVES, troubles=(Trouble(point, nth, what, 100.0),))))
    }

    assert broken == {}


def test_these_lives_come_to_nearly_every_point():
    assert set(POINTS) - comes_to(LIVES).keys() <= {"line.write", "classroom.invite"}
