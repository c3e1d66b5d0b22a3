"""The command as an operator types it, in this process."""

import contextlib
import io
import json
from typing import Any, NamedTuple

from enrollment.cli import main

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
    return Said(code, out.getvalue(), err.getvalue())


def at_a_fake(endpoint: str) -> dict[str, str]:
    """The environment of a fake school, with a quota that keeps nobody waiting."""
    return {
        "CLASSROOM_API_ENDPOINT": endpoint,
        "CLASSROOM_ADMIN": ADMIN,
        "CLASSROOM_QUOTA_PER_MINUTE": "100000",
    }
