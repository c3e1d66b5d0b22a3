"""`python -m infra.fake_classroom`: the fake as a process of its own."""

import argparse
import json
import os
import signal
import sys
import threading
from pathlib import Path
from typing import Any

from infra.fake_classroom.fake import FakeClassroom
from infra.fake_classroom.quota import PER_PROJECT, PER_USER
from infra.fake_classroom.school import School
from infra.fake_classroom.school_file import SchoolFileError
from infra.fake_classroom.seeded import Level
from infra.fake_classroom.shapes import ErrorFormat

# Nobody but the administrator, until a school is PUT to the control port.
EMPTY_SCHOOL = {"domains": ["northside.example"], "administrator": "admin@northside.example"}


def main() -> int:
    """Serve until told to stop; one JSON line on stdout says where."""
    options = _options()
    try:
        school = School.from_json(_document(options.school))
    except (OSError, ValueError) as wrong:
        print(f"fake_classroom: {_explained(wrong)}", file=sys.stderr)
        return 2
    fake = FakeClassroom(
        school,
        seed=options.seed,
        faults=options.faults,
        quota_per_user=options.quota_per_user,
        quota_per_project=options.quota_per_project,
        error_format=options.error_format,
        port=options.port,
        control_port=options.control_port,
    )
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda *_: fake.ask_to_shut_down())
    try:
        _serve(fake, exit_with_stdin=options.exit_with_stdin)
    except OSError as wrong:
        print(f"fake_classroom: cannot listen: {wrong.strerror}", file=sys.stderr)
        return 2
    return 0


def _serve(fake: FakeClassroom, *, exit_with_stdin: bool) -> None:
    with fake:
        place = {"endpoint": fake.endpoint, "control": fake.control, "pid": os.getpid()}
        print(json.dumps(place), flush=True)
        if exit_with_stdin:
            threading.Thread(target=_follow_stdin, args=(fake,), daemon=True).start()
        fake.wait_for_shutdown()


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m infra.fake_classroom", description=__doc__)
    parser.add_argument("--port", type=int, default=0, help="protocol port; 0: any free one")
    parser.add_argument("--control-port", type=int, default=0, help="control port; 0: any free one")
    parser.add_argument("--school", type=Path, help="a school file; without it, an empty school")
    parser.add_argument("--faults", choices=list(Level), default=Level.NONE)
    parser.add_argument("--seed", type=int, default=0, help="decides the faults")
    parser.add_argument("--quota-per-user", type=int, default=PER_USER, help="calls a minute")
    parser.add_argument("--quota-per-project", type=int, default=PER_PROJECT, help="calls a minute")
    parser.add_argument("--error-format", choices=list(ErrorFormat), default=ErrorFormat.MIXED)
    parser.add_argument("--exit-with-stdin", action="store_true", help="end when stdin ends")
    return parser.parse_args()


def _document(path: Path | None) -> Any:
    return EMPTY_SCHOOL if path is None else json.loads(path.read_text(encoding="utf-8"))


def _explained(wrong: OSError | ValueError) -> str:
    match wrong:
        case SchoolFileError():
            return str(wrong)
        case OSError():
            return f"the school file cannot be read: {wrong.strerror}"
        case _:
            return "the school file is not JSON"


def _follow_stdin(fake: FakeClassroom) -> None:
    # os.read and not sys.stdin: a daemon thread inside a buffered reader breaks interpreter exit
    while os.read(0, 4096):
        pass
    fake.ask_to_shut_down()


if __name__ == "__main__":
    sys.exit(main())
