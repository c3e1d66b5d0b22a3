"""A real roster in, enrollment requests out, and an explanation for every row that is not sent."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from enrollment.request import SCHEMA_VERSION, EnrollmentRequest, Mode, Origin, derived_request_id
from enrollment.sources.candidates import Candidate, Reader
from enrollment.sources.declared import SOURCE_NAME, Declaration
from enrollment.sources.files import DEFAULT_LIMITS, Limits, RosterError, open_files
from enrollment.sources.formats import reader_of
from enrollment.sources.known import Known
from enrollment.sources.rules import Refusal, Rules
from enrollment.sources.skips import Skipped, SkipReason

__all__ = [
    "Duplicate",
    "Result",
    "Roster",
    "RosterError",
    "SkipReason",
    "Skipped",
    "ToSend",
    "read_roster",
]

LABEL = 256  # longest text in an origin


@dataclass(frozen=True, slots=True)
class ToSend:
    """A row that became a request."""

    row: int
    request: EnrollmentRequest


@dataclass(frozen=True, slots=True)
class Duplicate:
    """A row that asks for the same student in the same course as an earlier one."""

    row: int
    of_row: int
    class_id: str = field(default="", repr=False)
    user_id: str = field(default="", repr=False)


Result = ToSend | Skipped | Duplicate
# By student and course. A dictionary for each student takes half of what a key for each row takes.
FirstRows = dict[str, dict[str, int]]


class Roster:
    """A roster that has been read. Iterating gives one result for each row, in the file's order."""

    def __init__(
        self,
        reader: Reader,
        declaration: Declaration,
        *,
        source: str,
        received_at: datetime,
        key: bytes,
        own_domains: Sequence[str] = (),
    ) -> None:
        self.format = reader.format
        self.file = reader.file
        self.warnings = tuple(reader.warnings)
        self.total_rows = reader.total_rows
        self._reader = reader
        self._source = source
        self._received_at = received_at
        self._key = key
        self._system = (reader.system or source)[:LABEL]
        self._rules = Rules(
            declaration.course_rule,
            declaration.student,
            declaration.email_domains,
            declaration.courses,
            own_domains,
        )

    @property
    def known(self) -> Known:
        """The people and classes that the roster lists, for what is told of them later by id."""
        return Known(*self._reader.lists)

    def __iter__(self) -> Iterator[Result]:
        first_rows: FirstRows = {}
        for item in self._reader.rows():
            yield item if isinstance(item, Skipped) else self._result(item, first_rows)

    def _result(self, item: Candidate, first_rows: FirstRows) -> Result:
        """What an asking row comes to: of one course and student, only the first row is sent."""
        ids = item.of_class.class_id, item.person.user_id
        course_id = self._rules.course(item.of_class)
        if isinstance(course_id, Refusal):
            return Skipped(item.row, course_id.reason, course_id.detail, *ids)
        student = self._rules.student(item.person)
        if isinstance(student, Refusal):
            return Skipped(item.row, student.reason, student.detail, *ids)
        first = first_rows.setdefault(student, {}).setdefault(course_id, item.row)
        if first != item.row:
            return Duplicate(item.row, first, *ids)
        return ToSend(item.row, self._request(item, course_id, student))

    def _request(self, item: Candidate, course_id: str, student: str) -> EnrollmentRequest:
        version = item.version[:LABEL]
        return EnrollmentRequest(
            schema_version=SCHEMA_VERSION,
            request_id=derived_request_id(
                self._key, course_id=course_id, student=student, version=version
            ),
            action="enroll",
            source=self._source,
            course_id=course_id,
            student=student,
            origin=Origin(
                kind="sis",
                system=self._system,
                event_id=(item.event_id or "")[:LABEL] or None,
                occurred_at=item.occurred_at,
                version=version,
            ),
            received_at=self._received_at,
            retry=True,
        )


def read_roster(
    path: Path,
    declaration: Declaration,
    *,
    source: str,
    as_of: date,
    received_at: datetime,
    key: bytes,
    own_domains: Sequence[str] = (),
    limits: Limits = DEFAULT_LIMITS,
) -> Roster:
    """The roster in a folder, zip or csv, as it stands on a day. Raises RosterError, only here.

    An address whose domain is nearly one of `own_domains` is taken for a slip.
    """
    if not SOURCE_NAME.fullmatch(source):
        raise RosterError("the source's name may hold letters, digits, . _ - only, 64 at most")
    if declaration.mode is not Mode.ADMIN:
        raise RosterError(
            f"the source {source} has mode code, but a roster holds no enrollment codes"
        )
    with open_files(path, limits) as files:
        reader = reader_of(files, as_of, declaration)
    wanted, found = declaration.format, reader.format
    if wanted and not found.casefold().startswith(wanted):
        text = f"the source {source} declares format {wanted}, but this is {found}; it was read so"
        reader.warnings.append(text)
    return Roster(
        reader,
        declaration,
        source=source,
        received_at=received_at,
        key=key,
        own_domains=own_domains,
    )
