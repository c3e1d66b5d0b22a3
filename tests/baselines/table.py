"""`python -m tests.baselines.table`: write what was measured into this folder's README."""

import json
from pathlib import Path

HERE = Path(__file__).resolve().parent
RECORD, README = HERE / "record.json", HERE / "README.md"
KINDS = {"enrollment": "an enrollment", "duplicate": "a duplicate"}
LINES = {
    "own": "lines of code in one's own checkout",
    "library": "lines of code in the idempotency library",
}
REFUSED = {"course_unknown", "student_foreign"}


def summary(record):
    """One row for each question, one column for each contender."""
    names = [each["name"] for each in record["contenders"]]
    wishes = sum(_wishes(each, names[-1]) for each in record["scenarios"])
    rows = [
        ["lost, of " + str(wishes) + " wishes", *(_total(record, n, "lost") for n in names)],
        [
            "acknowledged although not done, and remembered nowhere",
            *(_total(record, n, "wrongly_acknowledged") for n in names),
        ],
        ["asked again after an answer", *(_total(record, n, "doubled") for n in names)],
        [
            "letters replayed by hand after a wrong key, of 10 requests",
            *(_noted(record, n, "letters for people") for n in names),
        ],
        [
            "of these, without a reason",
            *(_noted(record, n, "of these without a reason") for n in names),
        ],
        [
            "calls to Classroom while the key was wrong",
            *(_noted(record, n, "calls under the wrong key") for n in names),
        ],
    ]
    for what, told in {"classroom_calls": "calls to Classroom", "letters": "letters"}.items():
        rows.append(
            [
                f"{told} about 2 refused requests that came 5 times each",
                *(_total(record, n, what, among=REFUSED) for n in names),
            ]
        )
    for kind, told in KINDS.items():
        rows += [
            [f"calls to the store for {told}", *(_cost(record, n, kind, "store") for n in names)],
            [
                f"calls to Classroom for {told}",
                *(_cost(record, n, kind, "classroom") for n in names),
            ],
            [f"process time of {told}, ms", *(_cost(record, n, kind, "cpu_ms") for n in names)],
            [f"latency of {told}, ms", *(_cost(record, n, kind, "latency_ms") for n in names)],
        ]
    for what, told in LINES.items():
        rows.append([told, *(_lines(each["lines"][what]) for each in record["contenders"])])
    return _table(["", *names], rows)


def by_scenario(record):
    """What became of every wish, scenario by scenario."""
    names = [each["name"] for each in record["contenders"]]
    rows = [
        [
            f"{each['title']} (`{each['name']}`)",
            *(_cell(each["results"].get(name)) for name in names),
        ]
        for each in record["scenarios"]
    ]
    return _table(["what happens", *names], rows)


def settings(record):
    """Versions and settings, as they were measured."""
    rows = [[each["name"], each["version"], each["settings"]] for each in record["contenders"]]
    return _table(["", "version", "settings"], rows)


def lines(record):
    """Which lines of code are counted for whom."""
    rows = [
        [each["name"], *(_counted(each["lines"][what]) for what in (*LINES, "left out"))]
        for each in record["contenders"]
    ]
    return _table(["", *LINES.values(), "of these, not used here and not counted"], rows)


def place(record):
    """Where and when it was measured."""
    told = record["measured"]
    return (
        f"Measured on {told['on']} with Python {told['python']} on {told['machine']}; stores:"
        f" {told['stores']}. Costs: {record['costs_measured']}.\n"
    )


def filled(text, record):
    """The README with what the record says."""
    parts = {
        "place": place(record),
        "summary": summary(record),
        "scenarios": by_scenario(record),
        "settings": settings(record),
        "lines": lines(record),
    }
    for name, part in parts.items():
        begin, end = f"<!-- {name} -->\n", f"<!-- end of {name} -->"
        head, _, rest = text.partition(begin)
        _, _, tail = rest.partition(end)
        text = f"{head}{begin}\n{part}\n{end}{tail}"
    return text


def read_record(path=RECORD):
    return json.loads(path.read_text(encoding="utf-8"))


def _cell(found):
    if found is None:
        return "asks no store"
    told = [_fate(fate, number, found) for fate, number in sorted(found["fates"].items())]
    calls = found["classroom_calls"]
    told.append(f"{calls} call{'s' * (calls != 1)}")
    if found["letters"] > sum(found["fates"].values()):
        told.append(f"{found['letters']} letters")
    if found["doubled"]:
        told.append(f"**{found['doubled']} repeated**")
    if seconds := found["note"].get("seconds"):
        told.append(f"{seconds} s")
    if by_people := found["note"].get("letters for people"):
        told.append(f"after {by_people} replays by hand")
    return ", ".join(told)


def _fate(fate, number, found):
    many = sum(found["fates"].values()) > 1
    kind, _, reason = fate.partition(": ")
    said = f"letter ({' '.join(reason.split()[:2])})" if reason else kind
    said = f"**{said}**" if kind == "lost" else said
    return f"{said} {number}" if many else said


def _wishes(scenario, name):
    return sum(scenario["results"][name]["fates"].values())


def _total(record, name, what, among=None):
    return sum(
        each["results"][name][what]
        for each in record["scenarios"]
        if name in each["results"] and (among is None or each["name"] in among)
    )


def _noted(record, name, what):
    return sum(
        each["results"].get(name, {"note": {}})["note"].get(what, 0) for each in record["scenarios"]
    )


def _lines(counted):
    return f"{sum(counted.values()):,}" if counted else "none"


def _counted(counted):
    return ", ".join(f"`{name}` {number:,}" for name, number in counted.items()) or "none"


def _cost(record, name, kind, what):
    found = record["costs"][name][kind]
    if f"{what}_spread" not in found:
        return f"{found[what]:g}"
    least, most = found[f"{what}_spread"]
    return f"{found[what]:.1f} ({least:.1f} to {most:.1f})"


def _table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "".join(f"| {' | '.join(map(str, each))} |\n" for each in lines)


if __name__ == "__main__":
    README.write_text(filled(README.read_text(encoding="utf-8"), read_record()), encoding="utf-8")
