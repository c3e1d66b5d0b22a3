"""Requests typed by hand, or read from a file, checked as the queue's reader would check them."""

import json as json_module
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TextIO

from enrollment.cli.completion import Completion
from enrollment.cli.places import Place, place
from enrollment.cli.stores import opened, same_key
from enrollment.cli.tables import note, say, show_json
from enrollment.cli.trouble import Failure, Misuse
from enrollment.cli.words import counted, local, masked
from enrollment.clock import Deadline
from enrollment.entry import Entry
from enrollment.outcome import Outcome
from enrollment.request import SCHEMA_VERSION, EnrollmentRequest, derived_request_id
from enrollment.settings import Need
from enrollment.wire import Unreadable, decode
from enrollment.wiring.store import Store

LONGEST = 1024 * 1024  # characters; a message has 64 KiB at most, and a device may have no end
SENDING = timedelta(minutes=10)  # for a file of a million lines


@dataclass(frozen=True, kw_only=True)
class One:
    """A request as it was typed."""

    course: str | None
    student: str | None
    source: str
    version: str | None
    request_id: str | None
    mode: str
    code_file: str | None

    def must_be_empty(self) -> None:
        """Raise Misuse if it says anything besides a file."""
        typed = (self.course, self.student, self.version, self.request_id, self.code_file)
        if any(each is not None for each in typed):
            raise Misuse("--file holds whole messages: leave the other options out")

    def must_be_whole(self) -> None:
        """Raise Misuse if it does not say who and where to."""
        if self.course is None or self.student is None:
            raise Misuse("add --course and --student, or --file with whole messages")
        if (self.mode == "code") != (self.code_file is not None):
            raise Misuse("--mode code and --code-file belong together: give both or neither")

    def request(self, at: Place) -> EnrollmentRequest:
        """The request. Raises Misuse, naming what is wrong with it."""
        fields = {
            "schema_version": SCHEMA_VERSION,
            "request_id": self.request_id or self._derived(at),
            "action": "enroll",
            "source": self.source,
            "course_id": self.course,
            "student": self.student,
            "mode": self.mode,
            "enrollment_code": self._code(),
            "origin": {"kind": "operator", "version": self.version},
            "received_at": datetime.now(UTC).isoformat(),
        }
        try:
            return decode(json_module.dumps(fields).encode())
        except Unreadable as trouble:
            raise Misuse(f"this is no request: {trouble.detail}") from None

    def _derived(self, at: Place) -> str:
        assert self.course is not None
        assert self.student is not None
        return derived_request_id(
            at.settings.pseudonym_key,
            course_id=self.course,
            student=self.student,
            version=self.version,
        )

    def _code(self) -> str | None:
        return "".join(_lines(self.code_file)).strip() if self.code_file else None


def send_one(one: One, store: str | None, *, whole: bool, json: bool) -> None:
    """Put one request on the queue. Raises CommandError."""
    one.must_be_whole()
    at = place(store, needs=() if one.request_id else (Need.PSEUDONYM_KEY,))
    request = one.request(at)
    with opened(at, make=at.by_default) as school:
        same_key(at, school)
        known = _known(request, school)
        came_true = known is not None and known.outcome is not None and known.outcome.success
        if not came_true:
            school.intake.accept(request, Deadline.starting_now(school.clock))
    if json:
        sent = 0 if came_true else 1
        show_json({"sent": sent, "request_id": request.request_id, "faults": []})
    else:
        student = masked(request.student, whole=whole)
        verb = "Nothing to send" if came_true else "Accepted"
        say(f"{verb}: {student} into {request.course_id}, request {request.request_id}")
    if known is not None:
        _tell_known(known, at)
    if not came_true:
        note(f"next: {at.next}")


def _known(request: EnrollmentRequest, store: Store) -> Entry | None:
    """What the ledger remembers of this very request. Raises Misuse if its id is another's."""
    seen = store.ledger.get(request.request_id, Deadline.starting_now(store.clock))
    if seen is None or (seen.entry.expire_at and seen.entry.expire_at <= seen.read_at):
        return None
    if seen.entry.fingerprint != request.fingerprint:
        raise Misuse(
            f"{request.request_id} is the id of another request: leave --request-id out,"
            " or choose a new one"
        )
    return seen.entry


def _tell_known(known: Entry, at: Place) -> None:
    since = f" since {local(known.settled_at)}" if known.settled_at else ""
    remedy = "add a new --version to ask anew"
    if known.outcome is Outcome.REJECTED:
        remedy = f"mend the cause, then {at.command('review list')} and replay"
    now = (known.outcome or known.state).value
    note(f"this request is known and {now}{since}: sending it again changes nothing; {remedy}")


def send_file(file: Path, store: str | None, *, skip_bad: bool, json: bool) -> None:
    """Put a file's messages on the queue, all or, if that is wished, the right ones."""
    at = place(store)
    requests, faults = _read(file, Completion(store))
    for number, detail in faults:
        note(f"line {number}: {detail}")
    if faults and not skip_bad:
        raise Failure(
            f"{counted(len(faults), 'line')} of {file} cannot be read, so nothing was sent:"
            " correct them, or send the rest with --skip-bad"
        )
    with opened(at, make=at.by_default) as school:
        same_key(at, school)
        deadline = Deadline.starting_now(school.clock, SENDING)
        sent = max(school.intake.accept_all(requests, deadline), default=0)
    if json:
        told = [{"line": number, "detail": detail} for number, detail in faults]
        show_json({"sent": sent, "request_id": None, "faults": told})
    else:
        say(f"Accepted: {counted(sent, 'request')}; left out: {counted(len(faults), 'line')}")
    note(f"next: {at.next}")


def _read(
    file: Path, completion: Completion
) -> tuple[list[EnrollmentRequest], list[tuple[int, str]]]:
    requests, faults = [], []
    for number, line in enumerate(_lines(str(file)), start=1):
        if not line.strip():
            continue
        try:
            requests.append(decode(completion.of(line)))
        except Unreadable as trouble:
            faults.append((number, trouble.detail))
    return requests, faults


def _lines(name: str) -> Iterator[str]:
    """The lines of a file, or of stdin for `-`. Raises Misuse."""
    try:
        if name == "-":
            yield from _whole_lines("stdin", sys.stdin)
            return
        with Path(name).open(encoding="utf-8") as file:
            yield from _whole_lines(name, file)
    except OSError as error:
        raise Misuse(f"{name} cannot be read ({error.strerror}): check its name") from error
    except UnicodeError:
        told = "stdin" if name == "-" else name
        raise Misuse(f"{told} is not UTF-8 text: save it as that") from None


def _whole_lines(name: str, file: TextIO) -> Iterator[str]:
    """The lines of a stream, which may have no end. Raises Misuse or UnicodeError."""
    while line := file.readline(LONGEST):
        if len(line) == LONGEST:
            raise Misuse(f"{name} has a line of more than 1 MiB: give one JSON message a line")
        line.encode()  # stdin lets bytes through that are no text
        yield line
