"""Which format a roster is of: what a source declares, else what its files and headers tell."""

from datetime import date

from enrollment.sources.candidates import ENROLLMENTS, Reader
from enrollment.sources.canvas import Canvas
from enrollment.sources.clever import read_clever
from enrollment.sources.declared import Declaration, Format
from enrollment.sources.files import RosterError, RosterFiles
from enrollment.sources.oneroster import OneRoster
from enrollment.sources.plain import Plain
from enrollment.sources.plain_header import FILE
from enrollment.sources.sds import STUDENT_ENROLLMENT, read_sds
from enrollment.sources.tables import Table
from enrollment.sources.words import counted

# The names of OneRoster, Canvas, SDS and Clever; any other may be a person's and is only counted.
KNOWN = (
    "manifest.csv", "academicSessions.csv", "classes.csv", "courses.csv", "users.csv", "roles.csv",
    "orgs.csv", "demographics.csv", "sections.csv", "terms.csv", "accounts.csv", "students.csv",
    "teachers.csv", "schools.csv", ENROLLMENTS, STUDENT_ENROLLMENT,
    "Student.csv", "Section.csv", "School.csv", "Teacher.csv", "TeacherRoster.csv",
)  # fmt: skip
HEADERS = (
    "classSourcedId", "userSourcedId", "user_id", "section_id", "course_id", "Student_id",
    "School_id",
)  # fmt: skip


def reader_of(files: RosterFiles, as_of: date, declaration: Declaration) -> Reader:
    """The reader of the roster's format. Raises RosterError if there is none."""
    if files.is_single or declaration.format is Format.CSV:
        return _plain(files, as_of, declaration)
    if ENROLLMENTS in files:
        reader = _by_header(files, as_of, declaration)
        if STUDENT_ENROLLMENT in files:
            reader.warnings.append(f"{STUDENT_ENROLLMENT} is another roster, and is not read")
        return reader
    if STUDENT_ENROLLMENT in files:
        return read_sds(files, as_of)
    if len(files.csvs) == 1:
        return _plain(files, as_of, declaration)
    raise RosterError(
        f"looked for {ENROLLMENTS} of a OneRoster, Canvas or Clever export,"
        f" {STUDENT_ENROLLMENT} of School Data Sync or one csv alone at the top of the folder or"
        f" zip, found {_found(files)}: give the export's own folder or zip"
    )


def _by_header(files: RosterFiles, as_of: date, declaration: Declaration) -> Reader:
    """The reader of the format that the header of `enrollments.csv` tells."""
    has = Table(ENROLLMENTS, files.read(ENROLLMENTS), HEADERS).has
    if {"classSourcedId", "userSourcedId"} <= has:
        return OneRoster(files, as_of, declaration.needs)
    if "user_id" in has and has & {"section_id", "course_id"}:
        return Canvas(files, as_of)
    lists = [name for name in ("students.csv", "sections.csv") if name in files]
    if {"Student_id", "section_id"} <= has and (lists or "School_id" in has):
        return read_clever(files, as_of)
    if len(files.csvs) == 1:
        try:
            return _plain(files, as_of, declaration)
        except RosterError as error:
            remedy = str(error)
    else:
        remedy = "export as OneRoster, Canvas or Clever CSV"
    raise RosterError(
        f"{ENROLLMENTS}: looked for classSourcedId and userSourcedId (OneRoster, SDS v2),"
        " section_id and user_id (Canvas) or Section_id and Student_id (Clever), found"
        f" {', '.join(sorted(has)) or 'none of them'}: {remedy}"
    )


def _plain(files: RosterFiles, as_of: date, declaration: Declaration) -> Reader:
    if len(files.csvs) != 1:
        raise RosterError(
            "a source of format csv is one csv, alone at the top of its folder or zip, found"
            f" {_found(files)}: give the file itself"
        )
    raw = files.read(files.csvs[0], called=FILE)
    return Plain(raw, as_of, declaration.needs, declaration.columns)


def _found(files: RosterFiles) -> str:
    """The files by name where the name is a format's own, and else by number."""
    named = [name for name in KNOWN if name in files]
    others = sum(name not in {each.casefold() for each in KNOWN} for name in _folded(files))
    if others:
        named.append(counted(others, "csv of another name", "csv of other names"))
    return ", ".join(named) or "no csv"


def _folded(files: RosterFiles) -> list[str]:
    return [name.casefold() for name in files.csvs]
