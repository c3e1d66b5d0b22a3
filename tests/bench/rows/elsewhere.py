"""What others measure: their record where there is one, and where it comes from where not."""

import json
from collections.abc import Mapping
from pathlib import Path

from infra.local.process import ROOT
from tests.bench.measured import Measured
from tests.bench.setting import Bench

RECORD = Path("tests") / "simulation" / "record.json"
PLACES = {
    "lost, doubled or falsely rejected requests": "every test of tests/stack and tests/simulation",
    "seeded schedules without a broken law": f"tests/simulation; its record is {RECORD}",
    "fuzzed bodies at each door": "the tests of the doors, with --all",
    "set-up in two commands, infra/test in ten minutes": "infra/setup and infra/test themselves",
}


def measure(bench: Bench) -> list[Measured]:
    return [_measured(what, where, bench) for what, where in PLACES.items()]


def _measured(what: str, where: str, bench: Bench) -> Measured:
    record = read_record(ROOT / RECORD) if str(RECORD) in where else {}
    return Measured(
        row="elsewhere",
        what=f"{what}: {where}{_told(record) if str(RECORD) in where else ''}",
        how=where,
        quick=bench.quick,
        elsewhere=True,
        details=dict(record),
    )


def read_record(path: Path) -> Mapping[str, object]:
    """What a record says; empty if there is none."""
    if not path.is_file():
        return {}
    said = json.loads(path.read_text(encoding="utf-8"))
    return said if isinstance(said, dict) else {"record": said}


def _told(record: Mapping[str, object]) -> str:
    if not record:
        return " (there is none)"
    plain = (f"{k} {v}" for k, v in record.items() if isinstance(v, str | int | float))
    return f" ({', '.join(plain)})"
