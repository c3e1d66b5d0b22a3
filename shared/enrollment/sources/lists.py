"""The lists that enrollments are joined with: read in full, tolerant of rows that are broken."""

from collections.abc import Iterator, Sequence

from enrollment.sources.files import RosterFiles
from enrollment.sources.headers import Column
from enrollment.sources.tables import Line, Table
from enrollment.sources.words import counted


class Lists:
    """Reads the lists of a roster; what it leaves out is counted in `warnings`."""

    def __init__(self, files: RosterFiles) -> None:
        self._files = files
        self.warnings: list[str] = []

    def rows(self, name: str, columns: Sequence[Column], *, needed: bool = True) -> Iterator[Line]:
        """The readable rows that have an id, which is the first column; a missing list has none."""
        if name not in self._files:
            if needed:
                self.warnings.append(f"{name} is missing: it is read as if it were empty")
            return
        table = Table(name, self._files.read(name), columns, required=columns[:1])
        for line in table.readable():
            if line.cells[0]:
                yield line
        self.warnings.extend(table.warnings)

    def repeated(self, name: str, rows: int, ids: int) -> None:
        """Warn if some ids of a list occur more than once."""
        if rows > ids:
            repeats = counted(rows - ids, "row repeats", "rows repeat")
            self.warnings.append(f"{name}: {repeats} an id; the last row of each is used")
