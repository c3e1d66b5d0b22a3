"""`python -m tests.bench.table`: write what was measured last into the README of the project."""

import json
from pathlib import Path

from infra.readme import README
from tests.bench.render import number

RECORD = Path(__file__).resolve().parent / "record.json"
BEGIN, END = "<!-- bench -->\n", "<!-- end of bench -->"
ELSEWHERE = "measured elsewhere"


def filled(text, record):
    """The README with this record in its table."""
    head, _, rest = text.partition(BEGIN)
    _, _, tail = rest.partition(END)
    return f"{head}{BEGIN}\n{table(record)}\n{END}{tail}"


def table(record):
    """One row a measurement that has a target, and where and when it was made."""
    shown = [each for each in record["measured"] if each["verdict"] != ELSEWHERE]
    lines = ["| measured | value | spread | target | |", "|---|---|---|---|---|"]
    lines += [_row(each) for each in shown]
    place = (
        f"Measured on {record['at'][:10]} at {record['commit'][:12]} with Python {record['python']}"
        f" on {record['processors']} cores; load average before it {record['load_before'][0]:.1f}."
    )
    for later in record.get("later", ()):
        place += f" Measured later, at {later['commit'][:12]}: {' and '.join(later['rows'])}."
    return "\n".join([*lines, "", place, ""])


def _row(each):
    spread = each["spread"] and f"{number(each['spread'][0])} to {number(each['spread'][1])}"
    target = each["target"] is not None and f"{each['bound']} {number(each['target'])}"
    value = f"{number(each['value'])} {each['unit']}".strip()
    cells = each["what"], value, spread or "", target or "", each["verdict"]
    return f"| {' | '.join(cells)} |"


def read_record():
    """The record as it is kept."""
    return json.loads(RECORD.read_text(encoding="utf-8"))


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8"), read_record()), encoding="utf-8")
