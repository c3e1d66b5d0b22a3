"""What is to happen in one run: wishes, people, machines, outages, and trouble at single steps.

A plan is data. The same plan always makes the same run, and a part that is left out of it leaves
the rest as it is, so that a long story can be cut down to the few things that matter.
"""

from dataclasses import dataclass
from random import Random

MINUTE, HOUR, DAY = 60.0, 3600.0, 86_400.0

# What a wish meets at the school, and how often it is drawn.
KINDS = {
    "fine": 40,
    "member": 4,
    "teacher": 4,
    "course unknown": 5,
    "course closed": 4,
    "course of another domain": 2,
    "account unknown": 4,
    "account comes later": 4,
    "account too new": 4,
    "account never ready": 3,
    "outsider": 4,
    "outsider, may be invited": 4,
    "outsider, disabled": 2,
    "code": 5,
    "wrong code": 3,
    "code, no access": 2,
    "joined too much today": 3,
    "conflict without a cause": 2,
    "ends its process": 2,
    "breaks our code": 2,
}
# What may happen at one step of one process, and how often it is drawn.
STORE = {
    "refused": 3,
    "reply lost": 5,
    "answer lost": 4,
    "late": 4,
    "slow": 2,
    "dies before": 4,
    "dies after": 5,
    "freezes": 4,
}
CLASSROOM = {**STORE, "503": 2, "429": 2, "aborted": 1, "unknown answer": 1, "401": 2}
DELIVERY = {"twice": 5, "again": 5, "answer unheard": 4, "delayed": 3}
# Where trouble may strike: what may happen there, how often it is drawn, and how often in a run
# somebody comes there for each wish, so that it strikes at all.
POINTS = {
    "ledger.create": (STORE, 14, 1.5),
    "ledger.get": (STORE, 10, 1.5),
    "ledger.update": (STORE, 24, 1.5),
    "ledger.due": (STORE, 3, 3),
    "line.read": (STORE, 3, 2),
    "line.write": (STORE, 6, 0.3),
    "reviews.file": (STORE, 6, 0.4),
    "reviews.update": (STORE, 6, 0.1),
    "reviews.of_request": (STORE, 3, 0.1),
    "requests.publish": (STORE, 6, 0.7),
    "letters.publish": (STORE, 12, 0.4),
    "classroom.create_student": ({**CLASSROOM, "404": 3}, 16, 1),
    "classroom.is_student": (CLASSROOM, 5, 0.4),
    "classroom.is_teacher": (CLASSROOM, 4, 0.1),
    "classroom.course_exists": (CLASSROOM, 2, 0.2),
    "classroom.invite": (CLASSROOM, 4, 0.1),
    "requests.deliver": (DELIVERY, 12, 1.5),
    "letters.deliver": ({**DELIVERY, "delayed": 8}, 14, 0.4),
    "scheduler.tick": ({"twice": 3, "missed": 2}, 3, 2),
}


@dataclass(frozen=True)
class Wish:
    """One accepted request: `kind` is what it will meet."""

    number: int
    kind: str
    at: float
    course: int  # wishes with the same number share one
    ready_at: float = 0.0  # when an account that comes later is there


@dataclass(frozen=True)
class Act:
    """Something that people or machines do at a time."""

    at: float
    what: str
    wish: int = 0
    seconds: float = 0.0
    mended: bool = False


@dataclass(frozen=True)
class Trouble:
    """Trouble at the n-th time that anybody comes to a point."""

    point: str
    nth: int
    what: str
    seconds: float = 0.0


@dataclass(frozen=True)
class Window:
    """An outage: everything of its kind fails in this way for a while."""

    what: str
    start: float
    seconds: float


@dataclass(frozen=True)
class Plan:
    """Everything that is to happen. `jitter`: whether steps take differing times."""

    seed: int
    instances: int = 1
    concurrency: int = 4
    share: int = 60  # calls a minute for each instance
    most_deliveries: int = 100
    page: int = 200  # entries that `wake` reads at once
    offsets: tuple[float, ...] = (0.0,)
    jitter: bool = True
    wishes: tuple[Wish, ...] = ()
    acts: tuple[Act, ...] = ()
    troubles: tuple[Trouble, ...] = ()
    windows: tuple[Window, ...] = ()

    @property
    def parts(self):
        """Everything that can be left out, one by one."""
        return [*self.wishes, *self.acts, *self.troubles, *self.windows]


def plan_of(seed):
    """The plan that a seed stands for."""
    chance = Random(seed)
    windows = tuple(_windows(chance))
    wishes = _wishes(chance)
    wishes += tuple(_during_lost_role(chance, windows, len(wishes)))
    instances = chance.choice([1, 1, 2, 3])
    return Plan(
        seed=seed,
        instances=instances,
        concurrency=chance.choice([1, 2, 4, 8]),
        share=chance.choice([7, 12, 60, 60, 600]),
        most_deliveries=chance.choice([5, 8, 100, 100]),
        page=chance.choice([1, 2, 3, 200]),
        offsets=tuple(_offset(chance) for _ in range(instances + 3)),
        wishes=wishes,
        acts=tuple(_acts(chance, wishes, instances)),
        troubles=_troubles(chance, len(wishes)),
        windows=windows,
    )


def _wishes(chance):
    number = chance.choice([1, 2, 2, 3, 3, 4, 5, 6, 8])
    kinds = chance.choices(list(KINDS), list(KINDS.values()), k=number)
    burst = chance.random() < 0.3
    wishes = [
        Wish(
            number=each,
            kind=kind,
            at=round(chance.uniform(0, 2 if burst else 10 * MINUTE), 1),
            course=chance.randrange(6),
            ready_at=_ready_at(chance, kind),
        )
        for each, kind in enumerate(kinds, 1)
    ]
    if "course of another domain" in kinds and chance.random() < 0.99:
        # Only beside a course that works can it be told from trouble of our own, within 72 hours.
        at = 10 * MINUTE + chance.uniform(0, 2 * HOUR)
        wishes.append(Wish(number + 1, "fine", round(at, 1), 6))
    return tuple(wishes)


def _during_lost_role(chance, windows, number):
    """Enough courses that the line is held, and one that is missing for everybody."""
    for window in windows:
        if window.what == "role lost":
            for course in range(7):
                at = window.start + chance.uniform(0, window.seconds)
                kind = "course unknown" if course == 6 else "fine"
                number += 1
                yield Wish(number, kind, round(at, 1), course)


def _ready_at(chance, kind):
    """Within what the product waits for: 48 hours for an account, 6 hours for a new one."""
    longest = {"account comes later": 44 * HOUR, "account too new": 5 * HOUR}.get(kind)
    return chance.uniform(MINUTE, longest) if longest else 0.0


def _offset(chance):
    """Most clocks are right. Some are wrong by a minute, some by hours."""
    return chance.choice([0.0] * 4 + [chance.uniform(-90, 90), chance.uniform(-5, 5) * HOUR])


def _troubles(chance, wishes):
    points = list(POINTS)
    weights = [weight for _, weight, _ in POINTS.values()]
    number = chance.choice([0, 2, 3, 4, 6, 8, 12, 16])
    found = {}
    for point in _drawn(chance, points, weights, number):
        _, _, each = POINTS[point]
        nth = 1 + int(chance.expovariate(1 / (each * wishes)))
        found.setdefault((point, nth), _trouble(chance, point, nth))
    return tuple(found[each] for each in sorted(found))


def _trouble(chance, point, nth):
    whats, _, _ = POINTS[point]
    (what,) = chance.choices(list(whats), list(whats.values()))
    seconds = {
        "late": chance.choice([chance.uniform(1, 30), chance.uniform(60, 200)]),
        "slow": chance.uniform(1, 9),
        "freezes": chance.choice([chance.uniform(5, 60), chance.uniform(80, 300)]),
        "again": chance.choice([chance.uniform(0, 5), chance.uniform(30, 7200)]),
        "delayed": chance.choice([chance.uniform(1, 100), chance.uniform(100, 3 * HOUR)]),
    }.get(what, 0.0)
    return Trouble(point, nth, what, round(seconds, 1))


def _drawn(chance, what, weights, number):
    """So many draws; none at all is allowed."""
    return chance.choices(what, weights, k=number) if number else []


def _acts(chance, wishes, instances):
    for wish in wishes:
        for what, often, latest in (
            ("replay", 0.35, 3 * DAY),
            ("replay", 0.1, 9 * DAY),
            ("replay, interrupted", 0.08, 2 * DAY),
            ("dismiss", 0.12, 4 * DAY),
            ("roster again", 0.25, 4 * DAY),
            ("same wish, another id", 0.06, HOUR),
            ("same id, another course", 0.06, HOUR),
            ("school mends it", 0.3, 2 * DAY),
            ("garbage", 0.04, HOUR),
            ("unknown version", 0.04, HOUR),
            ("too old", 0.04, HOUR),
        ):
            if chance.random() < often:
                at = wish.at + chance.choice([chance.uniform(0, MINUTE), chance.uniform(0, latest)])
                yield Act(round(at, 1), what, wish.number, mended=chance.random() < 0.5)
                if what == "school mends it" and chance.random() < 0.8:
                    yield Act(round(at + 1, 1), "roster again", wish.number)
    for what, often in (("kill", 0.5), ("freeze", 0.2), ("clock jumps", 0.2), ("clock jumps", 0.1)):
        if chance.random() < often:
            yield Act(
                round(chance.uniform(0, 12 * MINUTE), 1),
                what,
                chance.randrange(instances + 2),
                round(chance.choice([chance.uniform(5, 300), chance.uniform(-HOUR, HOUR)]), 1),
            )
    if chance.random() < 0.12:
        seconds = chance.choice([chance.uniform(30, 900), chance.uniform(1, 4) * DAY])
        soon = chance.choice(wishes).at + chance.uniform(0, 1)  # while somebody is at work
        at = chance.choice([soon, chance.uniform(0, 10 * MINUTE)])
        yield Act(round(at, 1), "hold", 0, round(seconds, 1))


def _windows(chance):
    for what, often, longest in (
        ("store away", 0.1, 10 * MINUTE),
        ("store slow", 0.08, 10 * MINUTE),
        ("topics away", 0.1, 3 * MINUTE),
        ("classroom 503", 0.1, 2 * HOUR),
        ("classroom silent", 0.06, HOUR),
        ("429", 0.08, 5 * MINUTE),
        ("key wrong", 0.12, 20 * MINUTE),
        ("role lost", 0.07, 15 * MINUTE),
        ("project off", 0.04, 15 * MINUTE),
    ):
        if chance.random() < often:
            start, seconds = chance.uniform(0, 10 * MINUTE), chance.uniform(5, longest)
            yield Window(what, round(start, 1), round(seconds, 1))
            if what == "role lost" and chance.random() < 0.7:  # it is given back, and taken again
                again = start + seconds + chance.uniform(2, 60)
                yield Window(what, round(again, 1), round(chance.uniform(60, longest), 1))
