"""`python -m tests.baselines [--json PATH] [SCENARIO...]`: other ways to do the job, and this one.

Each contender is a function behind functions-framework, in a process of its own, on Google's
emulators and the fake Classroom. It takes about a quarter of an hour, most of it waiting for leases
of 90 seconds; `--json` writes what was found, which `python -m tests.baselines.table` puts into
this folder's README.
"""

import argparse
import json
import os
import platform
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path

from infra.local.emulators import NoEmulators, find_emulators
from tests.baselines import costs, lines, table
from tests.baselines.contender import ALL
from tests.baselines.datastore import running_stores
from tests.baselines.outcome import result
from tests.baselines.places import a_world
from tests.baselines.scenarios import SCENARIOS

AT_ONCE = 6  # worlds; they wait most of the time
INSTALL = "infra/setup baselines"


def main():
    said = _options()
    if missing := sorted({each.library for each in ALL if each.missing}):
        print(f"{' and '.join(missing)} not installed here: {INSTALL}", file=sys.stderr)
        return 2
    try:
        programs = find_emulators()
    except NoEmulators as reason:
        print(f"Google's emulators are missing: {reason}", file=sys.stderr)
        return 2
    with tempfile.TemporaryDirectory(prefix="baselines-") as named:
        folder = Path(named)
        with running_stores(programs, folder) as (emulators, datastore, stores):
            os.environ.update(emulators.environment)  # where the truth is read
            where = emulators, datastore, folder
            if said.costs:
                record = table.read_record(said.json)
            else:
                record = measured(said.scenarios, *where)
                record["measured"]["stores"] = f"Firestore emulator and {stores}"
            if not said.scenarios:
                before = costs.load()
                record |= {"costs": _costs(*where), "costs_measured": costs.told(before)}
    print(table.by_scenario(record))
    if record["costs"]:
        print(table.summary(record))
    if said.json:
        said.json.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return 1 if record["failed"] else 0


def measured(names, emulators, datastore, folder):
    """The record, but for the costs."""
    chosen = [each for each in SCENARIOS if not names or each.name in names]
    failed = []

    def play(pair):
        scenario, contender = pair
        begin = time.monotonic()
        where = folder / f"{scenario.name}-{contender.function}"
        try:
            with a_world(contender, emulators, datastore, where) as world:
                scenario.play(world)
                found = result(world, time.monotonic() - begin)
        except Exception as trouble:  # noqa: BLE001 - told at the end, and the run fails
            failed.append(f"{scenario.name}, {contender.name}: {trouble!r}")
            return None
        print(f"{scenario.name}, {contender.name}: {found['fates']}", file=sys.stderr, flush=True)
        return found

    pairs = [
        (scenario, contender)
        for scenario in chosen
        for contender in ALL
        if scenario.concerns(contender)
    ]
    with ThreadPoolExecutor(AT_ONCE) as pool:
        found = dict(zip(pairs, pool.map(play, pairs), strict=True))
    for each in failed:
        print(f"FAILED {each}", file=sys.stderr)
    return {
        "measured": {
            "on": datetime.now(UTC).date().isoformat(),
            "python": platform.python_version(),
            "machine": f"{os.cpu_count()} cores, {platform.system()} {platform.machine()}",
        },
        "contenders": [
            {
                "name": each.name,
                "version": each.versions,
                "settings": each.settings,
                "lines": lines.counted(each),
            }
            for each in ALL
        ],
        "scenarios": [
            {
                "name": scenario.name,
                "title": scenario.title,
                "results": {
                    contender.name: found[scenario, contender]
                    for contender in ALL
                    if found.get((scenario, contender))
                },
            }
            for scenario in chosen
        ],
        "costs": {},
        "failed": failed,
    }


def _costs(emulators, datastore, folder):
    times = costs.timed(ALL, emulators, datastore, folder / "timed")
    for each in ALL:
        calls = costs.counted(each, emulators, datastore, folder / f"counted-{each.function}")
        for kind, counts in calls.items():
            times[each.name][kind] |= counts
    return times


def _options():
    parser = argparse.ArgumentParser(
        prog="python -m tests.baselines",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--json", type=Path, help="write what was found to this file")
    parser.add_argument(
        "--costs",
        action="store_true",
        help="only the costs, anew, into the record that --json names; for a quiet hour",
    )
    parser.add_argument(
        "scenarios",
        nargs="*",
        metavar="SCENARIO",
        help=f"only these, without the costs: {', '.join(each.name for each in SCENARIOS)}",
    )
    said = parser.parse_args()
    if unknown := set(said.scenarios) - {each.name for each in SCENARIOS}:
        parser.error(f"no such scenario: {', '.join(sorted(unknown))}")
    if said.costs and (said.scenarios or not said.json):
        parser.error("--costs goes with --json and no scenario")
    return said


if __name__ == "__main__":
    sys.exit(main())
