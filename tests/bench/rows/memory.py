"""What an instance of enroll holds in memory after many requests, and whether that grows."""

from tests.bench.measured import Measured
from tests.bench.places import FULL
from tests.bench.processes import drive, of_group, proportional, resident, served
from tests.bench.setting import Bench, a_push, a_wish, environment
from tests.bench.sums import growth

MOST, MIB = 150, 1_048_576
FLAT = 0.05  # growth that is taken for none: less than 1 % for each thousand requests
AT_ONCE = 8
REFUSED, REPEATED = 20, 10  # each so-manieth request
LATER = 40  # requests later the second comes, when the first is done
HOW = (
    "enroll in functions-framework, {requests} requests, {at_once} at once: a tenth come twice, a"
    " twentieth are refused with a letter. Server and worker together, shared pages counted once"
    " (PSS); the worker's own RSS stands in the details"
)


def measure(bench: Bench) -> list[Measured]:
    step, steps = bench.choose(1_000, 100), 10
    requests = step * steps
    seen: list[dict[str, float]] = []
    with bench.emulators() as emulators, bench.school(requests) as school:
        settings = environment(emulators, school, bench.folder)
        with served("enroll", settings, bench.folder) as enroll:
            for number in range(steps):
                bodies = [_body(each) for each in range(number * step, (number + 1) * step)]
                drive(enroll.address, bodies, AT_ONCE)
                seen.append(_memory(of_group(enroll.group)))
                bench.say(f"memory: {(number + 1) * step} requests, {seen[-1]['pss']:.1f} MiB")
    how = HOW.format(requests=requests, at_once=AT_ONCE)
    told = {"mebibytes": {(n + 1) * step: each for n, each in enumerate(seen)}}
    series = [each["pss"] for each in seen]
    return [
        Measured(
            row="memory",
            what=f"memory after {requests} requests",
            how=how,
            value=series[-1],
            unit="MiB",
            spread=(min(series), max(series)),
            target=MOST,
            quick=bench.quick,
            details=told,
        ),
        Measured(
            row="memory",
            what=f"growth of it from {step} requests to {requests}",
            how=how,
            value=growth(series[0], series[-1]),
            unit="of it",
            target=FLAT,
            quick=bench.quick,
        ),
    ]


def _body(number: int) -> bytes:
    if number % REPEATED == REPEATED - 1 and number > LATER:
        number -= LATER
    course = {"course_id": FULL} if number % REFUSED == 0 else {}
    return a_push(a_wish(number, **course))


def _memory(processes: list[int]) -> dict[str, float]:
    *_, worker = processes
    return {"pss": proportional(processes) / MIB, "worker_rss": resident(worker) / MIB}
