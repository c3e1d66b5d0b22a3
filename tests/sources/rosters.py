"""Small real rosters, written as files: a good one by default, and one thing to change in it."""

import zipfile
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from enrollment.sources.declared import UNDECLARED, Declaration
from enrollment.sources.roster import (
    Duplicate,
    Roster,
    Skipped,
    SkipReason,
    ToSend,
    read_roster,
)

AS_OF = date(2026, 11, 23)
RECEIVED_AT = datetime(2026, 11, 23, 20, tzinfo=UTC)
KEY = b"0123456789abcdef0123456789abcdef"

Rows = Sequence[Mapping[str, str]]

MANIFEST = {
    "manifest.version": "1.0",
    "oneroster.version": "1.1",
    "file.academicSessions": "bulk",
    "file.classes": "bulk",
    "file.enrollments": "bulk",
    "file.users": "bulk",
    "source.systemName": "Lighthouse SIS",
}


def a_csv(rows: Rows) -> str:
    """Rows as CSV text; the first row's keys are the header."""
    columns = list(rows[0])
    lines = [columns, *([row.get(column, "") for column in columns] for row in rows)]
    return "".join(",".join(f'"{c}"' if "," in c else c for c in line) + "\r\n" for line in lines)


def an_enrollment(**cells: str) -> dict[str, str]:
    return {
        "sourcedId": "enr-1",
        "status": "",
        "dateLastModified": "",
        "classSourcedId": "MATH-7",
        "schoolSourcedId": "org-1",
        "userSourcedId": "u-ada",
        "role": "student",
        "primary": "false",
        "beginDate": "2026-08-24",
        "endDate": "2027-06-11",
    } | cells


def a_class(**cells: str) -> dict[str, str]:
    return {
        "sourcedId": "MATH-7",
        "status": "",
        "dateLastModified": "",
        "title": "Mathematics 7",
        "courseSourcedId": "crs-math",
        "classCode": "M7",
        "schoolSourcedId": "org-1",
        "termSourcedIds": "sy27",
    } | cells


def a_session(**cells: str) -> dict[str, str]:
    return {
        "sourcedId": "sy27",
        "title": "Year",
        "type": "schoolYear",
        "startDate": "2026-08-01",
        "endDate": "2027-06-30",
        "schoolYear": "2027",
    } | cells


def a_user(**cells: str) -> dict[str, str]:
    return {
        "sourcedId": "u-ada",
        "status": "",
        "dateLastModified": "",
        "enabledUser": "true",
        "orgSourcedIds": "org-1",
        "role": "student",
        "username": "alovelace",
        "givenName": "Ada",
        "familyName": "Lovelace",
        "email": "ada@northside.example",
        "password": "secret-of-ada",
    } | cells


def a_manifest(**said: str) -> str:
    rows = (MANIFEST | {key.replace("__", "."): value for key, value in said.items()}).items()
    return a_csv([{"propertyName": name, "value": value} for name, value in rows])


A_DELTA = a_manifest(
    file__enrollments="delta",
    file__users="delta",
    file__classes="delta",
    file__academicSessions="absent",
)


def oneroster(
    *,
    enrollments: Rows | None = None,
    classes: Rows | None = None,
    sessions: Rows | None = None,
    users: Rows | None = None,
    roles: Rows = (),
    manifest: str | None = None,
    **changed: str | bytes | None,
) -> dict[str, str | bytes]:
    """The files of a OneRoster export; `name_csv=` replaces one as a whole, None leaves it out."""
    files: dict[str, str | bytes | None] = {
        "manifest.csv": manifest if manifest is not None else a_manifest(),
        "enrollments.csv": a_csv(enrollments or [an_enrollment()]),
        "classes.csv": a_csv(classes or [a_class()]),
        "academicSessions.csv": a_csv(sessions or [a_session()]),
        "users.csv": a_csv(users or [a_user()]),
        "roles.csv": a_csv(roles) if roles else None,
    } | {name.replace("_csv", ".csv"): text for name, text in changed.items()}
    return {name: text for name, text in files.items() if text is not None}


def canvas(
    *,
    enrollments: str = "S1,u1,active,student",
    sections: str = "S1,Period 1,C1,active",
    courses: str = "C1,BIO,Biology,T1,,,active",
    terms: str = "T1,Fall,active,2026-08-24,2027-01-30",
    users: str = "u1,ada,ada@northside.example,active",
) -> dict[str, str | bytes]:
    """The files of a Canvas export, each given by its rows."""
    return {
        "enrollments.csv": f"section_id,user_id,status,role\n{enrollments}\n",
        "sections.csv": f"section_id,name,course_id,status\n{sections}\n",
        "courses.csv": "course_id,short_name,long_name,term_id,start_date,end_date,status\n"
        f"{courses}\n",
        "terms.csv": f"term_id,name,status,start_date,end_date\n{terms}\n",
        "users.csv": f"user_id,login_id,email,status\n{users}\n",
    }


def in_folder(path: Path, files: Mapping[str, str | bytes]) -> Path:
    path.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        raw = content.encode() if isinstance(content, str) else content
        (path / name).write_bytes(raw)
    return path


def in_zip(path: Path, files: Mapping[str, str | bytes], top: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(top + name, content)
    return path


def read(
    path: Path, files: Mapping[str, str | bytes], declaration: Declaration = UNDECLARED
) -> Roster:
    """The roster of these files, written into a folder first."""
    return reading(in_folder(path, files), declaration)


def reading(path: Path, declaration: Declaration = UNDECLARED, as_of: date = AS_OF) -> Roster:
    return read_roster(
        path, declaration, source="lighthouse", as_of=as_of, received_at=RECEIVED_AT, key=KEY
    )


def told(roster: Roster) -> list[str]:
    """What became of each row, in a word: `sent`, `duplicate` or the reason."""
    return [_word(result) for result in roster]


def counted(roster: Roster) -> Counter[str]:
    return Counter(told(roster))


def only_request(roster: Roster):
    """The request of a roster that makes exactly one."""
    (sent,) = [result for result in roster if isinstance(result, ToSend)]
    return sent.request


def skips(roster: Roster) -> list[tuple[int, SkipReason, str]]:
    return [(it.row, it.reason, it.detail) for it in roster if isinstance(it, Skipped)]


def _word(result: ToSend | Skipped | Duplicate) -> str:
    match result:
        case ToSend():
            return "sent"
        case Duplicate():
            return "duplicate"
        case Skipped(reason=reason):
            return reason.value
