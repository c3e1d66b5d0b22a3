"""The long outages of a school year, with a whole school behind them, in simulated time.

    python -m tests.simulation --outages

Everything that is asked for must come true, nobody be rejected, and the backlog be gone within a
tenth more than the quota needs for it.
"""

from collections import Counter
from dataclasses import dataclass

from tests.simulation.plan import DAY, HOUR, MINUTE, Plan, Window, Wish
from tests.simulation.world import World

REQUESTS = 50_000
SHARE, CONCURRENCY = 1_140, 32  # Google's 1,200 a minute less the reserve; as the function is set
BEGINS = MINUTE
MOST = 1.1  # of the time that the quota needs


@dataclass(frozen=True)
class Outage:
    """`comes_in`: the seconds over which the requests arrive."""

    what: str
    seconds: float
    comes_in: float = 10.0


OUTAGES = {
    "Firestore away for two minutes": Outage("store away", 2 * MINUTE),
    "Pub/Sub away for two minutes": Outage("topics away", 2 * MINUTE),
    "Classroom answering 503 for two hours": Outage("classroom 503", 2 * HOUR),
    "Classroom silent for two hours": Outage("classroom silent", 2 * HOUR),
    "the key wrong over a weekend of four days": Outage("key wrong", 4 * DAY, 4 * DAY),
}


@dataclass(frozen=True)
class Drained:
    """What became of a school. `needed` is what the quota allows at best, in seconds."""

    became: dict
    lost: int
    refused: int
    calls: int
    seconds: float
    needed: float
    broken: str | None

    @property
    def ratio(self):
        """How much longer it took than the quota needs."""
        return self.seconds / self.needed

    @property
    def kept(self):
        """Whether everybody is enrolled, no law broken, and the backlog gone in time."""
        everybody = self.lost == 0 and self.became.keys() == {"enrolled"}
        return everybody and self.broken is None and self.ratio < MOST


def drained(outage, requests=REQUESTS, part=1, fault=None):
    """Let an outage happen to a school; `part`: so many times fewer calls a minute, and places.

    `fault` is planted, if one is given.
    """
    share = SHARE // part
    plan = Plan(
        seed=1,
        concurrency=max(2, CONCURRENCY // part),
        share=share,
        offsets=(0.0,) * 4,
        wishes=tuple(
            Wish(each, "fine", round(outage.comes_in * each / requests, 3), each % 400)
            for each in range(1, requests + 1)
        ),
        windows=(Window(outage.what, BEGINS, outage.seconds),),
    )
    world = World(plan, fault=fault, most_steps=10_000_000).run()
    entries = world.laws.there.values()
    ended = max((world.laws.settled_at.get(each.request_id, 0.0) for each in entries), default=0.0)
    over = BEGINS + outage.seconds
    # What was done before it began need not be done after it.
    before = sum(at < over for at in world.laws.settled_at.values())
    return Drained(
        became=Counter(str(each.outcome) for each in entries),
        lost=requests - len(entries),
        refused=world.school.refused,
        calls=world.school.calls,
        seconds=ended - over,
        needed=(requests - before) / share * MINUTE,
        broken=world.laws.broken,
    )
