"""A real roster in, enrollment requests out, and an explanation for every row that is not sent."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path

from enrollment.request import SCHEMA_VERSION, EnrollmentRequest, Mode, Origin, derived_request_id
from enrollment.sources.candidates import ENROLLMENTS, Candidate, Reader
from enrollment.sources.canvas import Canvas
from enrollment.sources.declared import SOURCE_NAME, Declaration
from enrollment.sources.files import DEFAULT_LIMITS, Limits, RosterError, RosterFiles, open_files
from enrollment.sources.oneroster import OneRoster
from enrollment.sources.rules import Refusal, Rules, fields_of
from enrollment.sources.skips import Skipped, SkipReason
from enrollment.sources.tables import Table
from enrollment.sources.words import counted

__all__ = [
    "ENROLLMENTS",
    "Duplicate",
    "Result",
    "Roster",
    "RosterError",
    "SkipReason",
    "Skipped",
    "ToSend",
    "read_roster",
]

# The names of OneRoster, Canvas and SDS; any other may be a person's and is only counted.
KNOWN = (
    "manifest.csv", "academicSessions.csv", "classes.csv", "courses.csv", "users.csv", "roles.csv",
    "orgs.csv", "demographics.csv", "sections.csv", "terms.csv", "accounts.csv",
    "StudentEnrollment.csv", "Student.csv", "Section.csv", "School.csv", "Teacher.csv",
    "TeacherRoster.csv",
)  # fmt: skip
LABEL = 256  # longest text in an origin
HEADERS = ("classSourcedId", "userSourcedId", "user_id", "section_id", "course_id", "Student_id")


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
    ) -> None:
        self.format = reader.format
        self.warnings = tuple(reader.warnings)
        self.total_rows = reader.total_rows
        self._reader = reader
        self._source = source
        self._received_at = received_at
        self._key = key
        self._system = (reader.system or source)[:LABEL]
        self._rules = Rules(
            declaration.course_id,
            declaration.student,
            declaration.email_domains,
            declaration.courses,
        )

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
    limits: Limits = DEFAULT_LIMITS,
) -> Roster:
    """The roster in a folder or zip, as it stands on a day. Raises RosterError, and only here."""
    if not SOURCE_NAME.fullmatch(source):
        raise RosterError("the source's name may hold letters, digits, . _ - only, 64 at most")
    if declaration.mode is not Mode.ADMIN:
        raise RosterError(
            f"the source {source} has mode code, but a roster holds no enrollment codes"
        )
    needs = {*fields_of(declaration.course_id), *fields_of(declaration.student)}
    with open_files(path, limits) as files:
        reader = _reader(files, as_of, needs)
    wanted, found = declaration.format, reader.format
    if wanted and not found.casefold().startswith(wanted):
        text = f"the source {source} declares format {wanted}, but this is {found}; it was read so"
        reader.warnings.append(text)
    return Roster(reader, declaration, source=source, received_at=received_at, key=key)


def _reader(files: RosterFiles, as_of: date, needs: set[str]) -> Reader:
    """The reader of the format, which the header of `enrollments.csv` tells."""
    if ENROLLMENTS not in files:
        raise RosterError(_not_found(files))
    has = Table(ENROLLMENTS, files.read(ENROLLMENTS), HEADERS).has
    if {"classSourcedId", "userSourcedId"} <= has:
        return OneRoster(files, as_of, needs)
    if "user_id" in has and has & {"section_id", "course_id"}:
        return Canvas(files, as_of)
    known = "Clever's files are not read yet" if "Student_id" in has else "the header is neither"
    raise RosterError(
        "enrollments.csv: looked for classSourcedId and userSourcedId (OneRoster, SDS v2) or "
        f"section_id and user_id (Canvas), found {', '.join(sorted(has)) or 'none of them'}: "
        f"{known}; export as OneRoster or Canvas CSV"
    )


def _not_found(files: RosterFiles) -> str:
    named = [name for name in KNOWN if name in files]
    others = sum(name.lower().endswith(".csv") for name in files.names) - len(named)
    if others:
        named.append(counted(others, "csv of another name", "csv of other names"))
    sds = "StudentEnrollment.csv" in files
    remedy = "SDS v1 is not read yet; " if sds else ""
    return (
        "looked for enrollments.csv of a OneRoster or Canvas export at the top of the folder or "
        f"zip, found {', '.join(named) or 'no csv'}: {remedy}give the export's own folder or zip"
    )
