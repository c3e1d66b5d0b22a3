"""The files of a OneRoster 1.1 bulk export, each with the flaws that real exports have."""

import csv
import io
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from infra.samples.defects import Row

LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the earliest time that a zip can say


@dataclass(frozen=True, kw_only=True)
class Form:
    """How a file is written: its header, line ends, and what its program got wrong."""

    header: str
    line_end: str = "\n"
    has_bom: bool = False
    ends_with_line_end: bool = True
    misspelt: tuple[str, ...] = ()
    empty_cells: int = 0

    @property
    def flaws(self) -> tuple[str, ...]:
        """What a reader has to cope with in this file."""
        present = {
            "CRLF": self.line_end == "\r\n",
            "bare CR": self.line_end == "\r",
            "BOM": self.has_bom,
            "no newline at the end": not self.ends_with_line_end,
            "empty header cells": bool(self.empty_cells),
            **{f"misspelt header {name}": True for name in self.misspelt},
        }
        return tuple(flaw for flaw, is_present in present.items() if is_present)


FORMS: Mapping[str, Form] = {
    "manifest.csv": Form(header="propertyName,value"),
    "orgs.csv": Form(
        header="sourcedId,status,dateLastModified,name,type,identifier,parentSourcedId",
        line_end="\r\n",
    ),
    "academicSessions.csv": Form(
        header="sourcedId,status,dateLastModified,title,type,startDate,endDate,parentSourcedId,"
        "schoolYear",
        line_end="\r\n",
    ),
    "courses.csv": Form(
        header="sourcedId,status,dataLastModified,schoolYearSourcedId,title,courseCode,grades,"
        "orgSourcedId,subjects,subjectCodes",
        misspelt=("dataLastModified",),
    ),
    "classes.csv": Form(
        header="sourcedId,status,dateLastModified,title,grades,courseSourcedId,classCode,classType,"
        "location,schoolSourcedId,termSourcedIds,subjects,subjectCodes,periods",
        line_end="\r",
        empty_cells=2,
    ),
    "users.csv": Form(
        header="sourcedId,status,dataLastModified,enabledUser,orgSourcedIds,role,username,userIds,"
        "givenName,familyName,middleName,identifier,email,sms,phone,agentSourcedIds,grades,"
        "password,prefferedGivenName",
        has_bom=True,
        misspelt=("dataLastModified", "prefferedGivenName"),
    ),
    "enrollments.csv": Form(
        header="sourcedId,status,dateLastModified,classSourcedId,schoolSourcedId,userSourcedId,"
        "role,primary,beginDate,endDate",
        ends_with_line_end=False,
    ),
}


def render(form: Form, rows: Iterable[Row]) -> bytes:
    """The file's bytes; a field that the header does not name must not be in a row."""
    names = form.header.split(",")
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, names, restval="", lineterminator=form.line_end)
    padding = "," * form.empty_cells + form.line_end
    writer.writeheader()
    writer.writerows(rows)
    lines = text.getvalue().replace(form.line_end, padding)
    if not form.ends_with_line_end:
        lines = lines.removesuffix(form.line_end)
    return lines.encode("utf-8-sig" if form.has_bom else "utf-8")


def manifest(system: str, names: Iterable[str]) -> list[Row]:
    """The manifest of a bulk export of these files."""
    properties = {
        "manifest.version": "1.0",
        "oneroster.version": "1.1",
        **{f"file.{name.removesuffix('.csv')}": "bulk" for name in names},
        "source.systemName": system,
    }
    return [{"propertyName": name, "value": value} for name, value in properties.items()]


def zipped(files: Mapping[str, bytes]) -> bytes:
    """A zip of the files, the same bytes for the same files on every machine."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:  # stored: compressors differ among machines
        for name, content in files.items():
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.create_system = 3  # Unix, wherever this runs
            entry.external_attr = 0o100644 << 16  # a plain file that everybody may read
            archive.writestr(entry, content)
    return buffer.getvalue()


def write_folder(files: Mapping[str, bytes], path: Path) -> None:
    """Write the files into the folder, which is made if it is not there."""
    path.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        (path / name).write_bytes(content)
