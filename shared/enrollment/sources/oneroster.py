"""OneRoster 1.1 and 1.2 as CSV, bulk and delta, and Microsoft's SDS v2 and v2.1, its relatives.

`status` is the state of a record only; whether the student is in the class now is told by dates.
A delta holds what changed: a class or person that it leaves out is unchanged, not missing.
"""

from collections.abc import Iterator
from datetime import date

from enrollment.sources.candidates import (
    ENROLLMENTS,
    Candidate,
    Later,
    Person,
    Section,
    current,
    school_year,
    skipped,
)
from enrollment.sources.dates import ALWAYS, Span, SpanReader, timestamp
from enrollment.sources.files import RosterFiles
from enrollment.sources.oneroster_lists import GONE, STUDENT, read_lists
from enrollment.sources.oneroster_manifest import Manifest, read_manifest
from enrollment.sources.roles import TEACHERS, no_student
from enrollment.sources.rules import (
    COURSE_FIELDS,
    STUDENT_FIELDS,
    ClassFields,
    PersonFields,
    Refusal,
)
from enrollment.sources.skips import Skipped, SkipReason
from enrollment.sources.tables import Line, Table
from enrollment.sources.words import counted, is_plain

REQUIRED = ("classSourcedId", "userSourcedId", "role")
COLUMNS = ("sourcedId", "status", "dateLastModified", *REQUIRED, "beginDate", "endDate")


class OneRoster:
    """The rows of `enrollments.csv`, joined with classes, sessions, users and roles."""

    file = ENROLLMENTS

    def __init__(self, files: RosterFiles, as_of: date, needs: set[str]) -> None:
        """`needs` are the fields that the rules name: what is not needed may be left out."""
        manifest = read_manifest(files)
        self._table = Table(ENROLLMENTS, files.read(ENROLLMENTS), COLUMNS, required=REQUIRED)
        self.format = _format(manifest, files, self._table)
        is_sds = self.format.startswith("SDS")
        self._lists = read_lists(files, as_of, sessions_needed=not is_sds)
        self._as_of = as_of
        self._manifest = manifest
        self._class_may_lack = manifest.may_lack("classes") and not (
            needs & set(COURSE_FIELDS) - {"class_id"}
        )
        self._user_may_lack = manifest.may_lack("users") and not (
            needs & set(STUDENT_FIELDS) - {"user_id"}
        )
        self.system = manifest.system
        self.total_rows = self._table.total
        of_manifest = () if is_sds else manifest.warnings  # which SDS does not know
        self.warnings = [*of_manifest, *self._table.warnings, *self._lists.warnings]
        self._survey()

    @property
    def lists(self) -> tuple[dict[str, Person], dict[str, Section]]:
        """The people and classes by their ids."""
        return self._lists.people, self._lists.sections

    def rows(self) -> Iterator[Candidate | Skipped]:
        """One result for each row of the enrollments, in order."""
        for line in self._table:
            result = self._result(line)
            if isinstance(result, Refusal):
                _, _, _, class_id, user_id, *_ = line.cells
                yield skipped(line, result, class_id, user_id)
            else:
                yield result

    def _survey(self) -> None:
        """A first pass: who teaches, what later rows contradict, how the dates are written."""
        self._later = Later()
        self._teachers: dict[tuple[str, str], str] = {}
        dates: set[tuple[str, str]] = set()
        filled = unstamped = 0
        for line in filter(Line.is_readable, self._table):
            event_id, status, modified, class_id, user_id, role, begin, end = line.cells
            active = status.casefold() not in GONE
            self._later.note((event_id, class_id, user_id), line.number, active=active)
            if role.casefold() in TEACHERS and active:
                self._teachers.setdefault((class_id, user_id), f"row {line.number}")
            dates.add((begin, end))
            filled += bool(status or modified)
            unstamped += timestamp(modified) is None
        self._spans = SpanReader("enrollment", ("beginDate", "endDate"), dates)
        self.warnings.extend(self._spans.guesses(ENROLLMENTS))
        if self._manifest.is_delta and unstamped:
            rows = counted(unstamped, "row of the delta has", "rows of the delta have")
            self.warnings.append(
                f"{ENROLLMENTS}: {rows} no readable dateLastModified;"
                " the begin date or the term tells a new wish from an old one instead"
            )
        if self._manifest.is_bulk and filled:
            rows = counted(filled, "row of the bulk export has", "rows of the bulk export have")
            self.warnings.append(
                f"{ENROLLMENTS}: {rows} a status or dateLastModified, which a bulk export leaves"
                " empty; what stands there is followed all the same"
            )

    def _result(self, line: Line) -> Candidate | Refusal:
        if refusal := self._not_wanted(line):
            return refusal
        event_id, _, modified, class_id, user_id, _, begin, end = line.cells
        own = self._spans.read(begin, end)
        section = self._section(class_id)
        terms = section.span if isinstance(section, Section) else ALWAYS
        taught_in = self._teachers.get((class_id, user_id), "")
        standing = current(section, self._person(user_id), (own, terms), taught_in, self._as_of)
        if isinstance(standing, Refusal):
            return standing
        fields = standing[0].fields
        return Candidate(
            line.number,
            fields,
            standing[1].fields,
            self._version(fields, own, modified),
            event_id,
            timestamp(modified),
        )

    def _not_wanted(self, line: Line) -> Refusal | None:
        """Why the row by itself is not the wish to add a student."""
        event_id, status, _, class_id, user_id, role, _, _ = line.cells
        if line.fault:
            return Refusal(SkipReason.UNREADABLE_ROW, line.fault)
        if empty := [n for n, c in zip(REQUIRED, line.cells[3:6], strict=True) if not c]:
            return Refusal(SkipReason.UNREADABLE_ROW, f"{', '.join(empty)} is empty")
        if role.casefold() != STUDENT:
            return no_student(role)
        active = status.casefold() not in GONE
        key = (event_id, class_id, user_id)
        if refusal := self._later.refusal(key, line.number, active=active):
            return refusal
        if not active:
            return Refusal(SkipReason.WITHDRAWN, f"the status is {status.casefold()}")
        if status.casefold() not in ("", "active"):
            named = f"the status {status} is" if is_plain(status) else "the status is"
            return Refusal(SkipReason.UNKNOWN_STATUS, f"{named} not active or tobedeleted")
        return None

    def _section(self, class_id: str) -> Section | Refusal:
        if section := self._lists.sections.get(class_id):
            return section
        if self._class_may_lack:
            return Section(ClassFields(class_id))
        return Refusal(SkipReason.CLASS_UNKNOWN, self._unlisted("classSourcedId", "classes"))

    def _person(self, user_id: str) -> Person | Refusal:
        if person := self._lists.people.get(user_id):
            return person
        if self._user_may_lack:
            return Person(PersonFields(user_id))
        return Refusal(SkipReason.USER_UNKNOWN, self._unlisted("userSourcedId", "users"))

    def _unlisted(self, column: str, name: str) -> str:
        fact = f"{name}.csv has no readable row for the {column}"
        if self._manifest.may_lack(name):
            return f"{fact}: a delta lists only what changed, so import the bulk export"
        return fact

    def _version(self, fields: ClassFields, own: Span, modified: str) -> str:
        """What makes a later wish for the same student and class a new one."""
        if self._manifest.is_delta and modified:
            return modified
        if own.begin:
            return own.begin.day.isoformat()
        return fields.term_id or fields.school_year or school_year(self._as_of)


def _format(manifest: Manifest, files: RosterFiles, table: Table) -> str:
    two = "roles.csv" in files
    if not manifest.found and not table.has & {"sourcedId", "status"}:
        return "SDS v2.1" if two else "SDS v2"
    version = manifest.version or ("1.2" if two else "1.1")
    return f"OneRoster {version} {'delta' if manifest.is_delta else 'bulk'}"
