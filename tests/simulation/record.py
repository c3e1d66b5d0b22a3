"""The record of a long run: which seeds were run at which revision, and what they came to."""

import json
import multiprocessing
import subprocess
import sys
import time
from pathlib import Path

from tests.simulation.story import BLOCK, block

RECORD = Path(__file__).parent / "record.json"
# What an interrupted run has done already, for the next one at the same revision.
UNFINISHED = RECORD.parents[2] / ".build" / "simulation-record.json"
TOLD_EVERY = 30.0
# What a run is made of.
RUN = ("shared", "tests/simulation", "infra/fake_classroom/quota.py")


def make_record(seeds):
    """Run the seeds on every processor, and write the record if no law is broken."""
    assert seeds[0] == 0, "a record begins with the first seed"
    assert len(seeds) % BLOCK == 0, f"a record holds whole blocks of {BLOCK} seeds"
    held = _begun(_revision())
    broken = _run(held, len(seeds) // BLOCK)
    print(f"{len(seeds):,} seeds in {held['seconds']:,} s: {len(broken)} broke a law")
    if broken:
        return 1
    RECORD.write_text(json.dumps(held | {"last_seed": seeds[-1]}, indent=1) + "\n")
    UNFINISHED.unlink()
    return 0


def read_record():
    """The record as it is kept."""
    return json.loads(RECORD.read_text())


def _begun(revision):
    held = {
        "revision": revision,
        "first_seed": 0,
        "last_seed": None,
        "seeds_to_a_digest": BLOCK,
        "seconds": 0,
        "digests": [],
    }
    if UNFINISHED.exists():
        before = json.loads(UNFINISHED.read_text())
        held = before if before["revision"] == revision else held
    return held


def _run(held, blocks):
    """Add the digests that are missing, and say how far it is; what broke a law."""
    broken, begin, before, told = {}, time.monotonic(), held["seconds"], 0.0
    UNFINISHED.parent.mkdir(exist_ok=True)
    with multiprocessing.Pool() as pool:
        for digest, laws in pool.imap(block, range(len(held["digests"]), blocks)):
            held["digests"].append(digest)
            held["seconds"] = before + round(time.monotonic() - begin)
            broken |= laws
            if laws:
                print(f"broken: {laws}", file=sys.stderr, flush=True)
            if time.monotonic() - told > TOLD_EVERY:
                told = time.monotonic()
                done = len(held["digests"])
                print(f"{done * BLOCK:,} of {blocks * BLOCK:,} seeds", file=sys.stderr, flush=True)
                if not broken:
                    UNFINISHED.write_text(json.dumps(held))
    return broken


def _revision():
    """The commit that is run; a record of anything else would be of nothing."""
    git = ("git", "-C", str(RECORD.parent))
    changed = subprocess.run(
        [*git, "status", "--porcelain", "--", *(f":/{each}" for each in RUN)],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    kept = [line for line in changed.splitlines() if not line.endswith(RECORD.name)]
    if kept:
        sys.exit("commit first: a record names the revision that it was made of\n" + changed)
    head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    return head.stdout.strip()
