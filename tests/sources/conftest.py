"""Tests on rosters of other makers, which are not part of this repository.

They are collected where the rosters are found: in the folder that `ROSTER_SAMPLES` names, or in
`shared/roster-samples` beside the repository.
"""

import os
from pathlib import Path

BESIDE = Path(__file__).parents[3] / "shared" / "roster-samples"
SAMPLES = Path(os.environ.get("ROSTER_SAMPLES") or BESIDE)

collect_ignore = [] if SAMPLES.is_dir() else ["test_foreign_rosters.py"]
