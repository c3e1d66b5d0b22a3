"""Calls on the wire for one enrollment, and for a duplicate of it."""

from collections import Counter
from itertools import chain

from infra.local.functions import Function
from infra.local.school import RunningSchool
from tests.bench.measured import Measured
from tests.bench.processes import drive, served
from tests.bench.setting import Bench, environment, pushes
from tests.grpc_proxy import Proxy

LINE = b"/documents/control/line"
HOW = (
    "the function enroll as a process of functions-framework, {number} requests one after another;"
    " counted by a proxy before Firestore and by the fake school. Looks at the line, at most one"
    " in five seconds for an instance, are no part of an enrollment: {looks} of them left out"
)


class Counting(Proxy):
    """The proxy, with the looks at the line counted by themselves."""

    def __init__(self, target):
        super().__init__(target)
        self.looks = 0

    def _pass_on(self, path, headers, requests, context):
        first = next(requests)
        self.looks += LINE in first  # a worker sends one request at a time here
        return super()._pass_on(path, headers, chain([first], requests), context)

    def total(self):
        return self.calls.total() - self.looks


def measure(bench: Bench) -> list[Measured]:
    number = bench.choose(1_000, 50)
    with (
        bench.emulators() as emulators,
        bench.school(number + 1) as school,
        Counting(emulators.firestore) as proxy,
    ):
        settings = environment(emulators, school, bench.folder)
        settings["FIRESTORE_EMULATOR_HOST"] = proxy.address
        with served("enroll", settings, bench.folder) as enroll:
            drive(enroll.address, pushes([number]), 1)
            found = []
            for what, firestore, classroom in (("enrollment", 2, 1), ("duplicate", 2, 0)):
                bench.say(f"rpcs: {number} times one {what}")
                told = _counted(proxy, school, enroll, number)
                found += _judged(bench, what, told, number, (firestore, classroom))
    return found


def _counted(proxy: Counting, school: RunningSchool, enroll: Function, number: int) -> Counter[str]:
    proxy.calls.clear()
    proxy.looks, calls = 0, school.ask("counts")["calls"]
    drive(enroll.address, pushes(range(number)), 1)
    return Counter(
        {
            "Firestore": proxy.total(),
            "Classroom": school.ask("counts")["calls"] - calls,
            "looks": proxy.looks,
            **proxy.calls,
        }
    )


def _judged(
    bench: Bench, what: str, told: Counter[str], number: int, targets: tuple[int, int]
) -> list[Measured]:
    return [
        Measured(
            row="rpcs",
            what=f"{service} calls for one {what}",
            how=HOW.format(number=number, looks=told["looks"]),
            value=told[service] / number,
            unit="calls",
            target=target,
            quick=bench.quick,
            details={"calls": dict(told), "requests": number},
        )
        for service, target in zip(("Firestore", "Classroom"), targets, strict=True)
    ]
