"""The rows of the bench, by name."""

from collections.abc import Callable

from tests.bench.measured import Measured
from tests.bench.rows import (
    cold_start,
    cpu,
    elsewhere,
    files,
    growth,
    memory,
    quota,
    rpcs,
    unit_tests,
    webhooks,
)
from tests.bench.setting import Bench

ROWS: dict[str, Callable[[Bench], list[Measured]]] = {
    "rpcs": rpcs.measure,
    "cpu": cpu.measure,
    "quota": quota.measure,
    "cold-start": cold_start.measure,
    "memory": memory.measure,
    "growth": growth.measure,
    "webhooks": webhooks.measure,
    "files": files.measure,
    "unit-tests": unit_tests.measure,
    "elsewhere": elsewhere.measure,
}
