"""What is true of a world, read from the school, the letters and the store: nobody's word."""

from dataclasses import asdict, dataclass, field

from infra.fake_classroom import FakeClassroom
from infra.local.account import repeat_creates
from tests.baselines.messages import Sent, Wish


@dataclass(frozen=True)
class Letter:
    """A dead letter, as a person finds it; without a reason it is one of Pub/Sub's own."""

    body: bytes
    reason: str | None


@dataclass(kw_only=True)
class Truth:
    """Every wish, every message that carries one, and where to look for what became of it."""

    fake: FakeClassroom
    memory: object = None  # the project's own ledger and review desk
    wishes: list[Wish] = field(default_factory=list)
    sent: list[Sent] = field(default_factory=list)
    letters: list[Letter] = field(default_factory=list)
    killed_at: float | None = None

    def is_done(self, wish):
        """Whether the student is on the school's own roster."""
        course = self.fake.school.course(wish.course) if wish.course else None
        rows = self.fake.roster()["students"] if course else []
        return any(row[0] == course.id and row[2] == wish.student for row in rows)

    def letters_of(self, wish):
        """The letters about a wish that wait for a person."""
        found = list(self.letters)
        if self.memory:
            found += [Letter(each.body, str(each.reason)) for each in self.memory.open_items()]
        return [each for each in found if each.body in wish.bodies]

    def is_kept(self, wish):
        """Whether a wish is fulfilled, or anything will still bring it to Classroom or a person."""
        return bool(
            self.is_done(wish)
            or self.letters_of(wish)
            or any(each.open for each in self.sent if each.wish is wish)
            or (self.memory and wish.request_id and self.memory.remembers(wish.request_id))
        )

    def repeats(self):
        """Creates after somebody who could still tell had heard Classroom's conclusive answer."""
        calls = [asdict(each) for each in self.fake.log]
        for each in calls:
            if self.killed_at and (each["answered_at"] or 0) <= self.killed_at:
                each["conclusive"] = False
        return repeat_creates(calls, [asked for wish in self.wishes for asked in wish.asked])

    def all_letters(self):
        """The letters about any wish that wait for a person."""
        return [letter for wish in self.wishes for letter in self.letters_of(wish)]
