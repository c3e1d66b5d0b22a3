"""How many single webhooks a second one instance of sis_webhook accepts without keeping anybody."""

import json
from datetime import UTC, datetime
from statistics import median

from enrollment.verify.standard_webhooks import sign
from infra.local.senders import SECRET, SECRET_NAME, sources_toml
from tests.bench.arrivals import Arrivals, Post, arrive
from tests.bench.measured import Bound, Measured
from tests.bench.places import course, student
from tests.bench.processes import Failed, served
from tests.bench.setting import Bench, environment

RATES = (25, 50, 75, 100, 125, 150, 175, 200, 225, 250, 300, 350, 400)
LONGEST = 0.1  # seconds, of 99 in 100
LEAST = 100
ROUNDS = 3  # of which the middle one counts
HOW = (
    "sis_webhook in functions-framework, one instance beside the emulators and the senders on the"
    " same machine; signed single requests at a steady rate for {seconds:.0f} s, each counted from"
    " when it was due; the highest rate at which 99 in 100 are accepted within 100 ms, in the"
    " middle one of {rounds} rounds"
)


def measure(bench: Bench) -> list[Measured]:
    seconds = bench.choose(10.0, 2.0)
    rounds = bench.choose(ROUNDS, 1)
    with bench.emulators() as emulators, bench.school(1) as school:
        declared = bench.folder / "sources.toml"
        declared.write_text(sources_toml(["northside.example"]))
        settings = environment(
            emulators, school, bench.folder, SOURCES_FILE=str(declared), **{SECRET_NAME: SECRET}
        )
        with served("sis_webhook", settings, bench.folder) as function:
            address = function.address(60)
            if address is None:
                raise Failed("sis_webhook does not answer")
            arrive(address, _posts(200, "warm"), 50, 202)
            seen: dict[int, list[Arrivals]] = {}
            for rate in RATES[: bench.choose(len(RATES), 3)]:
                seen[rate] = [
                    arrive(address, _posts(int(rate * seconds), f"{rate}-{turn}"), rate, 202)
                    for turn in range(rounds)
                ]
                bench.say(f"webhooks: {rate} a second, p99 {_p99(seen[rate]) * 1000:.0f} ms")
                if not _kept(seen[rate]):
                    break
    best = max((rate for rate, each in seen.items() if _kept(each)), default=0)
    return [_told(bench, best, seen, seconds, rounds)]


def _told(
    bench: Bench, best: int, seen: dict[int, list[Arrivals]], seconds: float, rounds: int
) -> Measured:
    return Measured(
        row="webhooks",
        what="single webhooks accepted by one instance, 99 in 100 within 100 ms",
        how=HOW.format(seconds=seconds, rounds=rounds),
        value=best,
        unit="a second",
        target=LEAST,
        bound=Bound.AT_LEAST,
        quick=bench.quick,
        details={
            "by_rate": {
                rate: [
                    {
                        "p50_ms": round(each.percentile(0.5) * 1000, 1),
                        "p99_ms": round(each.percentile(0.99) * 1000, 1),
                        "refused": each.refused,
                    }
                    for each in rounds_of
                ]
                for rate, rounds_of in seen.items()
            }
        },
    )


def _p99(rounds: list[Arrivals]) -> float:
    return median(each.percentile(0.99) for each in rounds)


def _kept(rounds: list[Arrivals]) -> bool:
    return _p99(rounds) < LONGEST and not any(each.refused for each in rounds)


def _posts(number: int, name: str) -> list[Post]:
    """Signed deliveries, each of a wish of its own."""
    now = datetime.now(UTC)
    posts = []
    for each in range(number):
        wish = {"course_id": course(each), "student": student(each), "version": f"{name}-{each}"}
        body = json.dumps(wish).encode()
        headers = sign(SECRET, f"msg_{name}_{each}", now, body)
        posts.append(("/sis", body, {"Content-Type": "application/json", **headers}))
    return posts
