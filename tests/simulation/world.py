"""One run: the product's own use-cases in simulated processes, and a plan that happens to them."""

from contextlib import nullcontext
from random import Random

from enrollment.adapters.sqlite import Database, SqliteLedger, SqliteLine, SqliteReviews
from enrollment.clock import Deadline
from enrollment.ports import HeldBy
from enrollment.request import EnrollmentRequest
from tests.simulation.hub import START, Hub, ServersClock
from tests.simulation.laws import Laws
from tests.simulation.machines import Machines
from tests.simulation.people import People
from tests.simulation.plan import DAY, MINUTE
from tests.simulation.school import School

# Whoever is not reached or let in at all is told nothing of what comes after.
ANSWERED_FIRST = (
    "classroom silent",
    "classroom 503",
    "429",
    "key wrong",
    "project off",
    "role lost",
    "store away",
    "store slow",
    "topics away",
)
RESERVE = 20  # calls a minute that no instance gets; in production it is 60 of 1,200
LONGEST = 60 * DAY
MOST_STEPS = 60_000


class World:
    """The services of one run, with the machines and the people around them."""

    def __init__(self, plan, *, fault=None, telling=False, most_steps=MOST_STEPS):
        self.plan, self.fault, self.most_steps = plan, fault, most_steps
        self.telling, self.story = telling, []
        self.hub, self.chance = Hub(), Random(plan.seed)
        self.laws = Laws(self)
        self._comes = {}
        self._troubles = {(each.point, each.nth): each for each in plan.troubles}
        self._windows = [(w.what, w.start, w.start + w.seconds) for w in plan.windows]
        self._open_school()
        self.database = Database(":memory:", ServersClock(self.hub))
        self.ledger = SqliteLedger(self.database)
        self.reviews, self.line = SqliteReviews(self.database), SqliteLine(self.database)
        self.machines = Machines(self)
        self.requests, self.letters = self.machines.requests, self.machines.letters
        self.people = People(self)
        self._minute = MINUTE  # when the scheduler calls next

    def _open_school(self):
        self.wishes = {each.number: each for each in self.plan.wishes}
        self.school = School(self.plan.share * self.plan.instances + RESERVE)
        for wish in self.plan.wishes:
            self.school.enters(wish)
        self.was_there = {
            (name, student)
            for name, course in self.school.courses.items()
            for student in course.students
        }

    # What happens at the services

    def on_ledger(self, fibre, method, arguments):
        done = getattr(self.ledger, method)(*arguments)
        if method in {"create", "update"}:
            self.laws.wrote(fibre, done.entry, done.updated_at)
            self.tell("ledger", f"{done.entry.request_id} is {done.entry.state}, by {fibre.name}")
        return done

    def on_reviews(self, _fibre, method, arguments):
        return getattr(self.reviews, method)(*arguments)

    def on_line(self, fibre, method, arguments):
        done = getattr(self.line, method)(*arguments)
        if method == "write":
            self.laws.line.is_now(done.status, fibre)
            self.tell("line", f"is {done.status.state}, by {fibre.name}")
        return done

    def on_requests(self, fibre, _method, arguments):
        if fibre.process is self.people.process:
            for each in arguments[0]:  # a person has sent it again
                self.laws.accepts(EnrollmentRequest.model_validate_json(each.body), set())
        self.requests.publish(arguments[0])

    def on_letters(self, _fibre, _method, arguments):
        for each in arguments[0]:
            self.laws.reads("the label of a letter", each.attributes)
        self.letters.publish(arguments[0])

    def on_classroom(self, _fibre, method, arguments):
        self.school.faults = self.faults_now()
        return self.school.answer(method, arguments[0], self.hub.now)

    def faults_now(self):
        """The outages that there are now, those first of which Google tells first."""
        now = self.hub.now
        lasting = [what for what, start, end in self._windows if start <= now < end]
        return sorted(lasting, key=ANSWERED_FIRST.index)

    # Chance and trouble

    def trouble_at(self, point):
        """The trouble planned for the n-th time that somebody comes to a point."""
        nth = self._comes[point] = self._comes.get(point, 0) + 1
        return self._troubles.get((point, nth))

    def away_until(self, what):
        """When an outage of this kind ends; None if there is none."""
        now = self.hub.now
        for kind, start, end in self._windows:
            if kind == what and start <= now < end:
                return end
        return None

    def lasting(self, what, seconds):
        """Whether an outage of this kind has lasted for so long, and still does."""
        now = self.hub.now
        return any(
            kind == what and start + seconds <= now < end for kind, start, end in self._windows
        )

    def pick(self, processes):
        """Any of them."""
        return processes[int(self.chance.random() * len(processes))]

    def jitter(self, seconds):
        """About so long: mostly less than three times, now and then much longer."""
        if not self.plan.jitter:
            return seconds
        draw = self.chance.random()
        return seconds * (0.2 + 2.5 * draw if draw < 0.97 else 20 + 800 * (draw - 0.97))

    def kill(self, process, why):
        """End a process, unless it is the people's desk: they only lose what they were doing."""
        self.machines.kill(process, why)

    def came_to(self, fibre, answer):
        """A delivery has ended with this."""
        self.laws.answered(fibre, answer)
        if isinstance(answer, Exception):
            self.tell(fibre.process.name, f"raises {type(answer).__name__} ({fibre.name})")

    # The run

    def run(self):
        """Let everything happen; the laws are checked on the way and at the end."""
        with self.fault.plant(self) if self.fault else nullcontext():
            self._run()
        return self

    def _run(self):
        for _ in range(self.most_steps):
            if self.laws.broken:
                return
            if not self._next():
                self.laws.at_the_end()
                return
            if self.hub.now > LONGEST:
                break
        self.laws.check(holds=False, law="everything comes to an end")

    def _next(self):
        """The next thing happens; False if nothing is left to happen."""
        upcoming = self.hub.next_time
        while upcoming is None or upcoming >= self._minute:
            due = self._next_due()
            if due is None and upcoming is None:
                return False
            if due is not None and due <= self._minute:
                self.hub.pass_until(self._minute)
                self._minute += MINUTE
                self.machines.tick()
                return True
            soonest = min(each for each in (due, upcoming) if each is not None)
            self._minute = max(self._minute + MINUTE, -(-soonest // MINUTE) * MINUTE)
        self.hub.step()
        return True

    def _next_due(self):
        """When `wake` next has something to do; its other runs are passed over."""
        letters_only = self.laws.line.status.held_by is HeldBy.OPERATOR
        where = "where state = 'settled'" if letters_only else ""
        query = f"select min(wake_at) from entries {where}"
        (first,) = self.database._connection.execute(query).fetchone()
        return None if first is None else first / 1e6 - START.timestamp()

    def items(self):
        """Every review item there is."""
        endless = Deadline(ServersClock(self.hub), float("inf"))
        return [each.item for each in self.reviews.with_prefix("", 100_000, endless)]

    def tell(self, who, what, seconds=None):
        """Note what happens, if the story is wanted; it ends with the law that is broken."""
        if self.telling and (who == "the law" or not self.laws.broken):
            self.story.append((self.hub.now, who, what, seconds))
