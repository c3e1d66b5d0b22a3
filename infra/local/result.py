"""A run, accounted for; the same for both engines."""

from collections import Counter
from dataclasses import dataclass

from enrollment.clock import Deadline
from enrollment.reasons import Reason
from infra.local.account import Account, Memory, account, repeat_creates
from infra.local.messages import Sending
from infra.local.scene import Scene
from infra.local.school import RunningSchool


@dataclass(frozen=True, kw_only=True)
class Result:
    """A run, accounted for."""

    account: Account
    sending: Sending
    deliveries: int
    review: Counter[Reason]
    misspelt: str | None  # an item that another address mends
    calls: int
    repeats: int

    @property
    def in_review(self) -> int:
        """Items that wait for a person."""
        return self.review.total()


def result_of(
    memory: Memory, scene: Scene, sent: Sending, school: RunningSchool, *, deliveries: int
) -> Result:
    """Compare what was sent with the memory and with the school."""
    calls = school.ask("log")["calls"]
    aliases = {
        alias: course["id"]
        for course in school.ask("school")["courses"]
        for alias in course["aliases"]
    }
    deadline = Deadline.starting_now(memory.clock)
    items = [stored.item for stored in memory.reviews.open_items(deadline)]
    found = account(memory, sent.requests, school.ask("roster"), aliases, scene.expected)
    return Result(
        account=found,
        sending=sent,
        deliveries=deliveries,
        review=Counter(item.reason for item in items),
        misspelt=next((i.letter_id for i in items if i.reason is Reason.STUDENT_UNKNOWN), None),
        calls=len(calls),
        repeats=repeat_creates(calls, sent.requests),
    )
