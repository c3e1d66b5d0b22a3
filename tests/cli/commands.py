"""The command as an operator types it, in this process."""

import contextlib
import io
import json
from pathlib import Path
from typing import Any, NamedTuple

from enrollment.cli import main
from tests.leaks import no_leaks_in

SETTINGS = (
    "CLASSROOM_ADMIN",
    "CLASSROOM_API_ENDPOINT",
    "CLASSROOM_DELEGATE",
    "CLASSROOM_QUOTA_PER_MINUTE",
    "CLASSROOM_QUOTA_RESERVE",
    "ENROLLMENT_STORE",
    "FIRESTORE_DATABASE",
    "GOOGLE_CLOUD_PROJECT",
    "PSEUDONYM_KEY",
    "SOURCES_FILE",
)
ADMIN = "admin@northside.example"


class Said(NamedTuple):
    """What a command left behind."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """Its one line on stdout."""
        (line,) = self.out.splitlines()
        return json.loads(line)


def run(*words: object) -> Said:
    out, err, code = io.StringIO(), io.StringIO(), 0
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            main([str(word) for word in words])
        except SystemExit as end:
            code = int(end.code or 0)
    no_leaks_in(_journalled(words, out.getvalue()))
    return Said(code, out.getvalue(), err.getvalue())


def _journalled(words: tuple[object, ...], out: str) -> list[tuple[str, str]]:
    """The lines of `--journal`, wherever they went."""
    if "--journal" not in words:
        return []
    where = str(words[words.index("--journal") + 1])
    lines = out.splitlines() if where == "-" else _lines(Path(where))
    return [(f"--journal {where}", line) for line in lines if line.startswith('{"severity"')]


def _lines(path: Path) -> list[str]:
    """Those of a file that is a text."""
    try:
        return path.read_text().splitlines()
    except (OSError, UnicodeDecodeError):
        return []


def at_a_fake(endpoint: str) -> dict[str, str]:
    """The environment of a fake school, with a quota that keeps nobody waiting."""
    return {
        "CLASSROOM_API_ENDPOINT": endpoint,
        "CLASSROOM_ADMIN": ADMIN,
        "CLASSROOM_QUOTA_PER_MINUTE": "100000",
    }
