"""A session of pytest on a machine that has nothing besides Python."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def session(tests: str, empty: Path, **changes: str) -> subprocess.CompletedProcess[str]:
    """The tests, run where PATH leads into an empty folder."""
    kept = {
        name: value for name, value in os.environ.items() if name not in ("CI", "PYTEST_ADDOPTS")
    }
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", tests],
        cwd=ROOT,
        env=kept | {"PATH": str(empty)} | changes,
        capture_output=True,
        text=True,
        timeout=100,
        check=False,
    )
