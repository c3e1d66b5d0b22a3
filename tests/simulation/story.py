"""What a run came to, for a person to read and for a machine to compare."""

import hashlib
import json
from dataclasses import asdict

from tests.simulation.plan import Act, Plan, Trouble, Window, Wish, plan_of
from tests.simulation.world import World

DAY, HOUR, MINUTE = 86_400, 3600, 60
BLOCK = 100  # seeds to a digest


def told(plan, fault=None):
    """Run a plan and tell what happened, line by line; the last line is the broken law, if any."""
    world = World(plan, fault=fault, telling=True).run()
    return [
        f"{clock(at)}  {who:<12}  {what}" + (f" {seconds:g} s" if seconds else "")
        for at, who, what, seconds in world.story
    ]


def clock(seconds):
    """A time of a story: days, hours, minutes and seconds since it began."""
    days, rest = divmod(seconds, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes, rest = divmod(rest, MINUTE)
    day = f"{int(days)}d " if days else ""
    return f"{day}{int(hours):02}:{int(minutes):02}:{rest:04.1f}".rjust(14)


def heading(plan):
    """What a plan holds, in one line for each part."""
    yield (
        f"seed {plan.seed}: {plan.instances} x enroll with {plan.concurrency} at once and"
        f" {plan.share} calls a minute; {plan.most_deliveries} deliveries at most"
    )
    for wish in plan.wishes:
        yield f"  request-{wish.number}: {wish.kind}"
    for each in plan.troubles:
        yield f"  {each.point}, time {each.nth}: {each.what}"
    for window in plan.windows:
        yield f"  {window.what} from {clock(window.start).strip()} for {window.seconds:g} s"


def as_json(plan):
    """A plan as JSON holds it."""
    return asdict(plan)


def from_json(held):
    """The plan that was held as JSON."""
    parts = {"wishes": Wish, "acts": Act, "troubles": Trouble, "windows": Window}
    made = {name: tuple(kind(**each) for each in held[name]) for name, kind in parts.items()}
    return Plan(**(held | made | {"offsets": tuple(held["offsets"])}))


def result(seed):
    """What a seed's run came to, in one line: the same wherever and whenever it is run."""
    world = World(plan_of(seed)).run()
    entries = [
        [name, entry.state, entry.outcome, entry.reason, entry.replay, entry.letter]
        for name, entry in sorted(world.laws.there.items())
    ]
    items = sorted([each.request_id or "", each.reason, each.state] for each in world.items())
    line = json.dumps([seed, world.school.calls, entries, items, world.laws.broken])
    return line, world.laws.broken


def block(number):
    """Run the seeds of one block: its digest, and which of them broke a law."""
    digest, broken = hashlib.sha256(), {}
    for seed in range(number * BLOCK, (number + 1) * BLOCK):
        line, law = result(seed)
        digest.update(line.encode() + b"\n")
        if law:
            broken[seed] = law
    return digest.hexdigest()[:16], broken
