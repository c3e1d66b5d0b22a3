"""The manifest of a OneRoster export: its version, and which files are bulk, delta or absent."""

import re
from dataclasses import dataclass, field

from enrollment.sources.files import RosterError, RosterFiles
from enrollment.sources.tables import Table

NAME = "manifest.csv"
VERSION = re.compile(r"\d(\.\d){1,2}")
MODES = ("bulk", "delta", "absent")


@dataclass(frozen=True)
class Manifest:
    """What the manifest says; without one, everything is taken for bulk."""

    found: bool = False
    version: str = ""
    system: str | None = None
    modes: dict[str, str] = field(default_factory=dict)
    warnings: tuple[str, ...] = ()

    @property
    def is_delta(self) -> bool:
        """Whether the enrollments are only those that changed."""
        return self.modes.get("enrollments") == "delta"

    @property
    def is_bulk(self) -> bool:
        """Whether the manifest says that the enrollments are all there are."""
        return self.modes.get("enrollments") == "bulk"

    def may_lack(self, name: str) -> bool:
        """Whether a record that a file leaves out may exist all the same."""
        return self.is_delta and self.modes.get(name) != "bulk"


def read_manifest(files: RosterFiles) -> Manifest:
    """The manifest; a missing or bad one gives warnings, because the rest may well be good."""
    if NAME not in files:
        return Manifest(warnings=(f"{NAME} is missing: the roster is read as a bulk export",))
    try:
        table = Table(NAME, files.read(NAME), ("propertyName", "value"), required=("propertyName",))
    except RosterError as error:
        return Manifest(warnings=(f"{error}; the roster is read as a bulk export",))
    said = {line.cells[0].casefold(): line.cells[1] for line in table.readable()}
    warnings = [*table.warnings]
    modes = {}
    for key, value in said.items():
        if key.startswith("file."):
            name, mode = key.removeprefix("file."), value.casefold()
            modes[name] = mode
            warnings.extend(_contradiction(files, name, mode))
    if "enrollments" not in modes:
        warnings.append(f"{NAME} does not name file.enrollments: it is read as bulk")
    version = said.get("oneroster.version", "")
    return Manifest(
        found=True,
        version=version if VERSION.fullmatch(version) else "",
        system=said.get("source.systemname") or None,
        modes=modes,
        warnings=tuple(warnings),
    )


def _contradiction(files: RosterFiles, name: str, mode: str) -> list[str]:
    known = name.isascii() and name.isalpha() and len(name) < 40
    if not known or mode not in MODES:
        return [f"{NAME} says something else than bulk, delta or absent of a file; it is ignored"]
    if (mode == "absent") == (f"{name}.csv" in files):
        return [f"{NAME} says that {name}.csv is {mode}, but it is {_presence(mode)}"]
    return []


def _presence(mode: str) -> str:
    return "there; it is used" if mode == "absent" else "missing; it is read as if it were empty"
