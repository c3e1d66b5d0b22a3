"""How each planted fault is found: its seed, the law it breaks, and its shortest story, kept."""

import json
from pathlib import Path

from tests.simulation.plan import plan_of
from tests.simulation.shrink import law_of, shrunken
from tests.simulation.story import as_json, told

MOST_LINES = 100
ENDLESS = "everything comes to an end"
FOLDER = Path(__file__).parent / "planted_faults"


def find(fault, seeds):
    """The first seed that finds a fault, with its story; None if none of them does.

    A seed that breaks a law without the fault as well finds nothing, nor does one whose story
    nobody would read: that it never comes to an end, for one.
    """
    for seed in seeds:
        plan = plan_of(seed)
        law = law_of(plan, fault)
        other = fault.law is not None and law != fault.law
        if not law or other or law_of(plan) or law == ENDLESS:
            continue
        small = shrunken(plan, fault)
        story = told(small, fault)
        if len(story) <= MOST_LINES:
            return {
                "fault": fault.name,
                "law": law,
                "seed": seed,
                "story": story,
                "plan": as_json(small),
            }
    return None


def write_tale(tale):
    """Keep it where the tests look for it."""
    FOLDER.mkdir(exist_ok=True)
    path = path_of(tale["fault"])
    path.write_text(json.dumps(tale, indent=1) + "\n")


def read_tale(fault):
    """The tale of a fault as it is kept."""
    return json.loads(path_of(fault.name).read_text())


def path_of(name):
    return FOLDER / f"{name.replace(' ', '_')}.json"
