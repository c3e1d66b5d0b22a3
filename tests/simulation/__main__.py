"""`python -m tests.simulation`: run schedules, tell their stories, find what is planted."""

import argparse
import sys
import time

from tests.simulation.outages import OUTAGES, drained
from tests.simulation.plan import plan_of
from tests.simulation.planted import FAULTS
from tests.simulation.record import RECORD, make_record
from tests.simulation.shrink import law_of, shrunken
from tests.simulation.story import heading, told
from tests.simulation.tales import find, write_tale

EXAMPLES = """
examples:
  python -m tests.simulation --seed 17                 tell the story of one schedule
  python -m tests.simulation --seeds 0-999             run many, and say which break a law
  python -m tests.simulation --seed 17 --fault NAME    the same with a planted fault, cut short
  python -m tests.simulation --faults                  find every planted fault anew, and write down
                                                       its seed and its shortest story
  python -m tests.simulation --record                  run 100,000 seeds and write record.json
  python -m tests.simulation --outages                 50,000 requests through each long outage
"""


def main():
    said = _parsed()
    if said.record:
        return make_record(said.seeds or range(100_000))
    if said.outages:
        return _outages()
    if said.faults:
        wanted = [FAULTS[said.fault]] if said.fault else FAULTS.values()
        return _find_all(wanted, said.seeds or range(1_000))
    if said.seed is not None:
        return _tell(said.seed, FAULTS[said.fault] if said.fault else None)
    return _run(said.seeds or range(1_000))


def _parsed():
    parser = argparse.ArgumentParser(
        prog="python -m tests.simulation",
        description="The whole system in simulated time, one schedule a seed.",
        epilog=EXAMPLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seed", type=int, help="tell the story of this one")
    parser.add_argument("--seeds", type=_range, metavar="A-B", help="run these; default 0-999")
    parser.add_argument("--fault", choices=sorted(FAULTS), metavar="NAME", help="with this planted")
    parser.add_argument("--faults", action="store_true", help="find every planted fault anew")
    parser.add_argument("--outages", action="store_true", help="a school through long outages")
    parser.add_argument("--record", action="store_true", help=f"write {RECORD.name} anew")
    return parser.parse_args()


def _range(text):
    first, _, last = text.partition("-")
    return range(int(first), int(last or first) + 1)


def _tell(seed, fault):
    """The story of a seed; one that breaks a law is cut down to what matters."""
    plan = plan_of(seed)
    if broken := law_of(plan, fault):
        plan = shrunken(plan, fault)
    print("\n".join([*heading(plan), *told(plan, fault)]))
    if not broken:
        print("no law is broken")
    return 1 if broken else 0


def _run(seeds):
    begin, broken = time.monotonic(), {}
    for seed in seeds:
        law = law_of(plan_of(seed))
        if law:
            broken[seed] = law
            print(f"seed {seed}: {law}", flush=True)
        _show(f"{seed - seeds[0] + 1:,} of {len(seeds):,} seeds, {len(broken)} broken")
    seconds = time.monotonic() - begin
    print(f"{len(seeds):,} seeds in {seconds:.0f} s: {len(broken)} broke a law")
    return 1 if broken else 0


def _find_all(faults, seeds):
    missed = 0
    for fault in faults:
        tale = find(fault, seeds)
        if tale is None:
            missed += 1
            print(f"{fault.name}: NOT FOUND in {len(seeds):,} seeds", flush=True)
            continue
        write_tale(tale)
        print(f"{fault.name}: seed {tale['seed']}, {tale['law']}", flush=True)
    return 1 if missed else 0


def _outages():
    failed = 0
    for name, outage in OUTAGES.items():
        found = drained(outage)
        failed += not found.kept
        became = ", ".join(f"{what} {number:,}" for what, number in sorted(found.became.items()))
        print(
            f"{name}: {became}, lost {found.lost}, {found.calls:,} calls, {found.refused} refused"
        )
        print(
            f"    drained in {found.seconds / 60:.1f} min; the quota allows {found.needed / 60:.1f}"
            f" ({found.ratio:.3f}){'' if found.kept else f'; NOT KEPT {found.broken or str()}'}",
            flush=True,
        )
    return 1 if failed else 0


def _show(text):
    if sys.stderr.isatty():
        print(f"\r{text}", end="", file=sys.stderr, flush=True)


if __name__ == "__main__":
    sys.exit(main())
