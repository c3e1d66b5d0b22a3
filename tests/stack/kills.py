"""`kill -9` of functions, and what else is done to one wish at one moment."""

import random
from dataclasses import dataclass

from tests.stack.points import MOVED, Point, Trap
from tests.stack.settling import a_quarter_of_an_hour_later
from tests.stack.trouble import PATIENCE, in_the_air
from tests.stack.wire import document_of
from tests.stack.wishes import SLOW, odd_messages, once_more


@dataclass(frozen=True, kw_only=True)
class OddMessages:
    """Messages that are no requests, twice each, and one that comes under another's id."""

    after: Point  # whose victim owns that id

    def make(self, stage):
        WhenHit(point=self.after).make(stage)
        odd = odd_messages(stage.victims[self.after.name])
        stage.record.note(f"{len(odd)} messages that are no requests, twice each")
        stage.odd.update(reason for _, reason in odd)
        stage.publish([message for message, _ in odd] * 2)


@dataclass(frozen=True, kw_only=True)
class WhenHit:
    """Wait until a function has been killed at this point."""

    point: Point
    seconds: float = 2 * PATIENCE

    def make(self, stage):
        hit = stage.victims
        stage.until(lambda: self.point.name in hit, self.seconds, f"it came to: {self.point.name}")


@dataclass(frozen=True, kw_only=True)
class KillAt:
    """`kill -9` of a function at a point in the life of one wish.

    With `after` the wish is the one that met that point before; else it is made for this. What
    `wake` has moved ahead is set back, unless the scenario can `wait`.
    """

    point: Point
    after: Point | None = None
    wait: bool = False

    def make(self, stage):
        point = self.point
        if self.after:
            WhenHit(point=self.after).make(stage)
            wishes, rules = [stage.victims[self.after.name]], []
        else:
            wishes, rules = stage.wishes.one(point.wish)
        if point.again:
            wishes = [self._rejected_first(stage, wishes)]
        (wish,) = wishes
        trap = Trap(
            point=point,
            request_id=wish.id,
            kill=lambda: stage.kill(point.function, f"{point.name} ({wish.id})"),
        )
        with in_the_air(stage, trap, *stage.wires):
            if not self.after:
                stage.send(wishes, rules, copies=1)
            stage.until(trap.sprung.is_set, 2 * PATIENCE, f"it came to this: {point.name}")
        calls = sum(each.user == wish.request.student for each in stage.fake.log)
        # More only if an answer was cut off on its way, and it was asked again.
        assert calls >= point.creates, f"{point.name}: {calls} calls"
        assert not calls or point.creates, f"{point.name}: {calls} calls"
        stage.victims[point.name] = wish
        if point is MOVED and not self.wait:
            a_quarter_of_an_hour_later(stage, wish.id)
        stage.until_it_is_up(point.function)

    @staticmethod
    def _rejected_first(stage, wishes):
        """There was no room; now there is, and tonight's roster tries again."""
        (wish,) = wishes
        stage.send(wishes, copies=1)
        stage.until(lambda: stage.memory.items(wish.id), PATIENCE, "the review item is filed")
        # Two numbers are all that the fake reads here; its lock is for what takes longer.
        stage.fake.school.course(wish.request.course_id).member_limit += 1
        again = once_more(wish)
        stage.accepted[:] = [again if each.id == wish.id else each for each in stage.accepted]
        return again


@dataclass(frozen=True, kw_only=True)
class KillCrowd:
    """`kill -9` of `enroll` with at least so many requests in flight, claimed and asked for."""

    number: int
    in_flight: int

    def make(self, stage):
        made = [stage.wishes.one(SLOW) for _ in range(self.number)]
        wishes = [wish for each, _ in made for wish in each]
        # Whoever was killed is not kept waiting twice.
        stage.send(wishes, [rule for _, rules in made for rule in rules], copies=1)
        documents = {document_of(each.id) for each in wishes}

        def claimed():
            said = [each.said for each in list(stage.wires["firestore"].written)]
            mine = [each for each in said if each.document in documents]
            settled = sum(each.fields.get("state") == "settled" for each in mine)
            return sum(each.fields.get("state") == "claimed" for each in mine) - settled

        stage.until(lambda: claimed() >= self.in_flight, PATIENCE, "so many are in flight")
        stage.kill("enroll", f"{claimed()} in flight")
        stage.until_it_is_up("enroll")


@dataclass(frozen=True, kw_only=True)
class KillAtRandom:
    """`kill -9` of these functions at moments that the seed chooses, so many times each."""

    functions: tuple[str, ...]
    times: int
    between: tuple[float, float]

    def make(self, stage):
        chance = random.Random(stage.seed)
        for _ in range(self.times):
            for name in self.functions:
                stage.rest(chance.uniform(*self.between))
                stage.kill(name, "at random")
        for name in self.functions:
            stage.until_it_is_up(name)
