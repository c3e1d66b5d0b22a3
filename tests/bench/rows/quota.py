"""How much of the share a backlog uses, and how many calls are refused, by the school's own log."""

import json
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from urllib.request import Request

from enrollment.clock import Deadline
from enrollment.wire import encode
from infra.local.emulators import Emulators
from infra.local.functions import Function, running_functions
from infra.local.loopback import ask
from infra.local.relay import Relay, running_relay
from infra.local.school import RunningSchool
from infra.local.stack import Place, Stack, running_stack
from tests.bench.measured import Bound, Measured
from tests.bench.processes import Failed
from tests.bench.setting import ADMIN, Bench, a_wish
from tests.bench.sums import MINUTE, middle, sliding_minutes, within

QUOTA, RESERVE = 1200, 60
SHARE = QUOTA - RESERVE
USED, REFUSED = 0.97, 0.005
WARM_UP = 5.0  # seconds after the first call, while connections are made
ANSWER = 0.3  # seconds that the school takes for an answer, as Classroom does
LOOK = 1.0
HOW = (
    "the whole local stack, {instances} of enroll, {backlog} requests on the topic at once; the"
    f" school grants {QUOTA} calls in any 60 s, keeps {RESERVE} of them in reserve (so the share"
    f" is {SHARE}) and answers after {ANSWER} s. Calls that it received in {{seconds:.0f}} s, from"
    f" {WARM_UP:.0f} s after the first call on, over the share of that time"
)
HOW_REFUSED = "calls that the school's sliding minute refused, over all calls of the whole run"


@dataclass(frozen=True, kw_only=True)
class SharedPlace(Place):
    """A place where the quota is divided among so many instances."""

    instances: int

    def environment(self, emulators: Emulators) -> dict[str, str]:
        divided = {
            "ENROLL_INSTANCES": str(self.instances),
            "CLASSROOM_QUOTA_RESERVE": str(RESERVE),
        }
        return {**super().environment(emulators), **divided}


@dataclass(frozen=True)
class Log:
    """When the school received each call, and how many it refused for the quota."""

    times: list[float]
    refused: int


def measure(bench: Bench) -> list[Measured]:
    return [each for instances in (1, 2) for each in measured(bench, instances)]


def measured(bench: Bench, instances: int) -> list[Measured]:
    seconds = bench.choose(130.0, 20.0)
    backlog = int(SHARE * (WARM_UP + seconds + MINUTE / 2) / MINUTE)
    folder = bench.folder / f"quota-{instances}"
    folder.mkdir()
    with bench.emulators() as emulators, bench.school(backlog, QUOTA) as school:
        _slow(school)
        place = _place(folder, school, instances)
        with running_stack(emulators, place) as stack, _further(stack, place):
            bench.say(f"quota: {backlog} requests for {instances} of enroll, {seconds:.0f} s")
            requests = [encode(a_wish(number)) for number in range(backlog)]
            stack.outside.requests.publish(requests, Deadline.starting_now(stack.outside.clock))
            log = _watched(school, seconds, backlog)
    return _judged(bench, log, instances, seconds, backlog)


def _place(folder, school: RunningSchool, instances: int) -> SharedPlace:
    sources = folder / "sources.toml"
    sources.write_text('[school]\ndomains = ["northside.example"]\n')
    return SharedPlace(
        folder=folder,
        endpoint=school.endpoint,
        administrator=ADMIN,
        sources_file=sources,
        quota=QUOTA,
        project=folder.name,
        instances=instances,
    )


@contextmanager
def _further(stack: Stack, place: SharedPlace) -> Iterator[None]:
    """The second instance, with a relay of its own on the one subscription."""
    if place.instances == 1:
        yield
        return
    first = stack.functions["enroll"]
    folder = place.folder / "second"
    folder.mkdir()
    second = Function(first.plan, first.environment, folder, place.functions)
    (subscribed,) = (each for each in stack.topology.pushed if each.push_to == "enroll")
    relay = Relay(stack.pubsub, subscribed, second.address, second.plan.concurrency)
    with running_functions([second]), running_relay(relay):
        yield


def _slow(school: RunningSchool) -> None:
    """Let each answer take as long as Classroom's."""
    rules = [{"fault": "slow", "seconds": ANSWER}]
    order = Request(f"{school.control}faults", json.dumps(rules).encode(), method="POST")
    ask(order, 10).close()


def _watched(school: RunningSchool, seconds: float, backlog: int) -> Log:
    """The log, once the whole time has passed. Raises Failed if there was less to do."""
    give_up = time.monotonic() + 2 * (WARM_UP + seconds) + MINUTE
    while time.monotonic() < give_up:
        time.sleep(LOOK)
        calls = school.ask("log")["calls"]
        if calls and time.time() > calls[0]["received_at"] + WARM_UP + seconds + LOOK:
            if len(calls) >= backlog:
                raise Failed("the backlog was worked off before its time was over")
            refused = school.ask("counts")["refused_by_quota"]
            return Log(sorted(each["received_at"] for each in calls), refused)
    raise Failed("the school was not called")


def _judged(bench: Bench, log: Log, instances: int, seconds: float, backlog: int) -> list[Measured]:
    begin = log.times[0] + WARM_UP
    received = within(log.times, begin, begin + seconds)
    minutes = sliding_minutes(log.times, begin, begin + seconds)
    told = middle(minutes) if minutes else None
    of = f"{instances} instance" + "s" * (instances > 1)
    how = HOW.format(instances=of, backlog=backlog, seconds=seconds)
    return [
        Measured(
            row="quota",
            what=f"use of the share under backlog, {of}",
            how=f"{how}; the spread is that of the sliding minutes in it",
            value=received / (SHARE * seconds / MINUTE),
            unit="of the share",
            spread=(told.least / SHARE, told.most / SHARE) if told else None,
            target=USED,
            bound=Bound.AT_LEAST,
            quick=bench.quick,
            details={
                "share": SHARE,
                "received": received,
                "seconds": seconds,
                "sliding_minute": vars(told) if told else None,
            },
        ),
        Measured(
            row="quota",
            what=f"calls refused for the quota, {of}",
            how=HOW_REFUSED,
            value=log.refused / len(log.times),
            unit="of the calls",
            target=REFUSED,
            quick=bench.quick,
            details={"refused": log.refused, "calls": len(log.times)},
        ),
    ]
