"""The use-cases, put together from ports and settings; on which adapters, others decide."""

import secrets
from dataclasses import dataclass

from enrollment.claims import Claims
from enrollment.clock import Clock
from enrollment.enroll import Enroller
from enrollment.journal import Journal
from enrollment.letters import Letters
from enrollment.line import LineKeeper
from enrollment.pace import Pace
from enrollment.ports import Classroom, FormLooks, Ledger, Reviews, Topic
from enrollment.results import Results
from enrollment.settings import Settings
from enrollment.timing import Waits
from enrollment.wake import Waker
from enrollment.wiring.school import policy


@dataclass(frozen=True, kw_only=True)
class Outside:
    """The memory and the topics that the use-cases work on."""

    clock: Clock
    ledger: Ledger
    reviews: Reviews
    line: LineKeeper
    requests: Topic
    dead_letters: Topic

    @property
    def claims(self) -> Claims:
        """Claims on the ledger."""
        return Claims(self.ledger, self.clock)

    @property
    def letters(self) -> Letters:
        """Letters to review."""
        return Letters(self.dead_letters, self.reviews, self.claims)


def enroller(
    outside: Outside,
    settings: Settings,
    school: Classroom,
    *,
    pace: Pace,
    waits: Waits,
    journal: Journal,
) -> Enroller:
    """The use-case of a delivery from `enrollment-requests`."""
    results = Results(
        claims=outside.claims,
        letters=outside.letters,
        line=outside.line,
        journal=journal,
        waits=waits,
    )
    return Enroller(
        classroom=school,
        results=results,
        pace=pace,
        clock=outside.clock,
        policy=policy(settings),
        pseudonym_key=settings.pseudonym_key,
        new_claim=new_claim,
    )


def waker(outside: Outside, pace: Pace, looks: FormLooks | None = None) -> Waker:
    """The use-case of each minute; `pace` says how much is sent."""
    return Waker(
        claims=outside.claims,
        letters=outside.letters,
        line=outside.line,
        requests=outside.requests,
        pace=pace,
        clock=outside.clock,
        looks=looks,
    )


def new_claim() -> str:
    """A claim that nobody else makes: 128 random bits."""
    return secrets.token_hex(16)
