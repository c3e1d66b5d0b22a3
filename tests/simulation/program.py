"""What runs in one simulated process: its memory, its view of the outside, its use-cases."""

from enrollment.claims import Claims
from enrollment.collect import Collector
from enrollment.enroll import Enroller
from enrollment.letters import Letters
from enrollment.line import LineKeeper
from enrollment.pace import Pace
from enrollment.results import Results
from enrollment.returned import Returns
from enrollment.review import Desk
from enrollment.timing import Waits
from enrollment.wake import Waker
from tests.simulation.hub import SimulatedClock, StepLock
from tests.simulation.school import POLICY
from tests.simulation.steps import ClassroomPort, StorePort, TopicPort

KEY = b"0123456789abcdef0123456789abcdef"


class ReadJournal:
    """A journal whose every line is read by somebody who must not learn of a student."""

    def __init__(self, laws):
        self._laws = laws

    def record(self, line):
        self._laws.reads("a log line", line)

    def alert(self, message, reason):
        self._laws.reads("an alert", (message, reason))


class Program:
    """The product's own use-cases on ports of one process."""

    def __init__(self, world, process):
        self.world, self.process = world, process
        self.clock = clock = SimulatedClock(process)
        ledger = StorePort(world, process, "ledger", world.on_ledger)
        self.ledger = ledger
        self.reviews = StorePort(world, process, "reviews", world.on_reviews)
        self.requests = TopicPort(world, process, "requests", world.on_requests)
        letters = TopicPort(world, process, "letters", world.on_letters)
        line = StorePort(world, process, "line", world.on_line)
        self.line = LineKeeper(line, clock, _lock=StepLock(world.hub))
        self.claims = Claims(ledger, clock)
        self.letters = Letters(letters, self.reviews, self.claims)
        self.numbers = 0

    def new_claim(self):
        """Claims are random in life; here they say whose they are."""
        self.numbers += 1
        claim = f"{self.process.name}/{self.numbers}"
        self.world.hub.current.claim = claim
        return claim

    def enroller(self):
        world = self.world
        results = Results(
            claims=self.claims,
            letters=self.letters,
            line=self.line,
            journal=ReadJournal(world.laws),
            waits=Waits(),
            chance=world.chance.random,
        )
        return Enroller(
            classroom=ClassroomPort(world, self.process, "classroom", world.on_classroom),
            results=results,
            pace=Pace(self.clock, world.plan.share),
            clock=self.clock,
            policy=POLICY,
            pseudonym_key=KEY,
            new_claim=self.new_claim,
        )

    def waker(self):
        plan = self.world.plan
        return Waker(
            claims=self.claims,
            letters=self.letters,
            line=self.line,
            requests=self.requests,
            pace=Pace(self.clock, plan.share * plan.instances),
            clock=self.clock,
            page=plan.page,
        )

    def collector(self):
        return Collector(self.reviews, self.ledger, self.clock)

    def returns(self):
        return Returns(
            collector=self.collector(),
            claims=self.claims,
            line=self.line,
            clock=self.clock,
            pseudonym_key=KEY,
            new_claim=self.new_claim,
        )

    def desk(self):
        return Desk(self.reviews, self.ledger, self.requests, self.clock)
