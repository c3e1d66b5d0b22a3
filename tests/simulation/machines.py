"""The machines of one run: processes that are started, die, stand still, and are started again."""

from functools import partial

from enrollment.clock import Deadline
from enrollment.ports import Unavailable
from enrollment.returned import is_returned
from enrollment.wire import Delivery
from tests.simulation.hub import Fibre, Process
from tests.simulation.program import Program
from tests.simulation.topic import SimulatedTopic

COLLECTING = 4  # letters at once


class Machines:
    """The processes of `enroll`, `collect` and `wake`, and the topics that are pushed to them."""

    def __init__(self, world):
        self.world, plan = world, world.plan
        enrolling = [f"enroll-{each + 1}" for each in range(plan.instances)]
        self.places = [*enrolling, "collect", "wake"]
        self.offsets = dict(zip([*self.places, "desk"], plan.offsets, strict=True))
        self.enrolling, self.collecting, self.waking = [], [], []
        most = plan.most_deliveries
        self.letters = SimulatedTopic(
            world, "letters", self.collecting, self._collect, COLLECTING, most
        )
        self.requests = SimulatedTopic(
            world, "requests", self.enrolling, self._enroll, plan.concurrency, most, self.letters
        )
        for place in self.places:
            self._start(place, 1)

    def at(self, place):
        """The processes that run there now."""
        alive = [*self.enrolling, *self.collecting, *self.waking]
        return [each for each in alive if each.place == place]

    def kill(self, process, why):
        """End a process; another takes its place after a while."""
        if process.dead or process.place not in self.places:
            return
        world = self.world
        world.tell(process.name, f"dies {why}")
        process.kill()
        world.hub.at(world.hub.now + 2 + world.jitter(3.0), self._start_again, process)

    def freeze(self, place, seconds):
        """Let the processes of a place stand still."""
        for process in self.at(place):
            self.world.tell(process.name, "stands still", seconds)
            process.freeze(seconds)

    def clock_jumps(self, place, seconds):
        """The machine's clock is put forward or back."""
        self.offsets[place] += seconds
        self.world.tell(place, "'s clock jumps", seconds)
        for process in self.at(place):
            process.offset += seconds

    def tick(self):
        """The scheduler calls `wake`."""
        trouble = self.world.trouble_at("scheduler.tick")
        runs = {"missed": 0, "twice": 2}.get(trouble.what if trouble else "", 1)
        waking = [each for each in self.waking if not each.dead]
        if any(each.frozen_until <= self.world.hub.now for each in waking):
            self.world.laws.line.ticks()
        for process in waking:
            for _ in range(runs):
                Fibre(process, "wake", process.waker.run, partial(self._woken, process))

    def _start(self, place, times):
        process = Process(self.world.hub, place if times == 1 else f"{place}.{times}")
        process.place, process.times = place, times
        process.offset = self.offsets[place]
        program = Program(self.world, process)
        if place == "collect":
            process.collector, process.returns = program.collector(), program.returns()
            self.collecting.append(process)
            self.letters.drain_all()
        elif place == "wake":
            process.waker = program.waker()
            self.waking.append(process)
        else:
            process.enroller = program.enroller()
            self.enrolling.append(process)
            self.requests.drain_all()
        process.clock = program.clock

    def _start_again(self, process):
        for each in (self.enrolling, self.collecting, self.waking):
            if process in each:
                each.remove(process)
        self.world.tell(process.place, "is started again")
        self._start(process.place, process.times + 1)

    def _enroll(self, process, message, number):
        answer = process.enroller.handle(_delivery(process, message, number))
        self.world.tell(process.name, f"answers {answer.what} {answer.reason or ''}".rstrip())
        return answer.acknowledge

    def _collect(self, process, message, number):
        delivery = _delivery(process, message, number)
        if is_returned(message.attributes):
            became = process.returns.take_back(delivery)
        else:
            became = f"filed, {process.collector.collect(delivery).state}"
        self.world.tell(process.name, became)
        return True

    def _woken(self, process, answer):
        planned = isinstance(answer, Unavailable)
        fault = isinstance(answer, Exception) and not planned
        self.world.laws.check(not fault, "no fault of ours", f"{process.name}: {answer!r}")


def _delivery(process, message, number):
    return Delivery(
        body=message.body,
        attributes=message.attributes,
        number=number,
        deadline=Deadline.starting_now(process.clock),
    )
