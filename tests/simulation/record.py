"""The record of a long run: which seeds were run at which revision, and what they came to."""

import json
import multiprocessing
import subprocess
import sys
import time
from pathlib import Path

from tests.simulation.story import BLOCK, block

RECORD = Path(__file__).parent / "record.json"
TOLD_EVERY = 30.0


def make_record(seeds):
    """Run the seeds on every processor, and write the record if no law is broken."""
    assert seeds[0] == 0, "a record begins with the first seed"
    assert len(seeds) % BLOCK == 0, f"a record holds whole blocks of {BLOCK} seeds"
    revision, begin, digests, broken = _revision(), time.monotonic(), [], {}
    told = begin
    with multiprocessing.Pool() as pool:
        for digest, laws in pool.imap(block, range(len(seeds) // BLOCK)):
            digests.append(digest)
            broken |= laws
            if laws or time.monotonic() - told > TOLD_EVERY:
                told = time.monotonic()
                done = len(digests) * BLOCK
                print(f"{done:,} of {len(seeds):,} seeds, broken: {broken}", file=sys.stderr)
    seconds = round(time.monotonic() - begin)
    print(f"{len(seeds):,} seeds in {seconds} s: {len(broken)} broke a law")
    if broken:
        return 1
    held = {
        "revision": revision,
        "first_seed": seeds[0],
        "last_seed": seeds[-1],
        "broken_laws": 0,
        "seconds": seconds,
        "seeds_to_a_digest": BLOCK,
        "digests": digests,
    }
    RECORD.write_text(json.dumps(held, indent=1) + "\n")
    return 0


def read_record():
    """The record as it is kept."""
    return json.loads(RECORD.read_text())


def _revision():
    """The commit that is run; a record of anything else would be of nothing."""
    git = ("git", "-C", str(RECORD.parent))
    changed = subprocess.run(
        [*git, "status", "--porcelain", "--", ":/shared", ":/tests/simulation"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    kept = [line for line in changed.splitlines() if not line.endswith(RECORD.name)]
    if kept:
        sys.exit("commit first: a record names the revision that it was made of\n" + changed)
    head = subprocess.run([*git, "rev-parse", "HEAD"], check=True, capture_output=True, text=True)
    return head.stdout.strip()
