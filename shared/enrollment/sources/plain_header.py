"""Which column of a plain CSV holds what.

A cell of row 1 is shown only if it is known: a file without a header begins with a person.
"""

from collections.abc import Mapping

from enrollment.sources.columns import EXTRAS, HEADERS, REMEDY, by_field, field_of, lacking
from enrollment.sources.files import RosterError
from enrollment.sources.tables import Table
from enrollment.sources.words import counted

FILE = "the csv"  # its own name is free to choose, and may be a person's


def plain_table(
    raw: bytes, needs: set[str], columns: Mapping[str, str]
) -> tuple[Table, dict[str, str]]:
    """The table, and the name of the column of each field, in the order of a line's cells, or "".

    Raises RosterError if what the rules need is not there, or could be either of two columns.
    """
    return _declared(raw, needs, by_field(columns)) if columns else _recognised(raw, needs)


def _declared(raw: bytes, needs: set[str], names: dict[str, str]) -> tuple[Table, dict[str, str]]:
    if missing := lacking(needs, names):
        raise RosterError(f"no column is declared for {', '.join(missing)}, which a rule names")
    asked = tuple(names.values())
    return Table(FILE, raw, asked, required=asked), names


def _recognised(raw: bytes, needs: set[str]) -> tuple[Table, dict[str, str]]:
    wanted = {field_of(name) for name in needs}
    if "user_email" in wanted:
        wanted.add("username")  # it serves as an address if it is one
    fields = [field for field in HEADERS if field in wanted or field in EXTRAS]
    table = Table(FILE, raw, [HEADERS[field] for field in fields])
    found = {field: [n for n in HEADERS[field] if n in table.has] for field in fields}
    read = {name for names in found.values() for name in names}
    for field, names in found.items():
        if len(names) > 1:
            either = " or ".join(names)
            raise RosterError(f"{FILE}: {field} could be the column {either}: {REMEDY}")
    if missing := lacking(needs, [field for field, names in found.items() if names]):
        known = ", ".join(sorted(read))
        raise RosterError(
            f"{FILE} has {counted(table.width, 'column', 'columns')}, and of its names in row 1"
            f" {known or 'none'} is known here, so nothing gives {', '.join(missing)}: {REMEDY};"
            " if it is one file of an export, give the export's folder or zip"
        )
    if unread := table.width - len(read):
        table.warnings.append(
            f"{FILE}: {counted(unread, 'column is', 'columns are')} not read; if one tells who is"
            " a student, or until when, declare it in sources.toml"
        )
    return table, {field: "".join(names) for field, names in found.items()}
