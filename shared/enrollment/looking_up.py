"""Asking a sender's own system about those of whom the sender has told no more than an id."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from enrollment.clock import Deadline
from enrollment.ports import Lookup, Unavailable
from enrollment.reasons import Reason
from enrollment.sources.candidates import Person, Section
from enrollment.sources.events import Wish
from enrollment.sources.known import Known
from enrollment.sources.mapping import Mapper, Unmapped
from enrollment.sources.skips import SkipReason
from enrollment.timing import LOOKUP_LIMIT, LOOKUPS_LIMIT

# Ids of a delivery: twelve seconds of a system that answers within 100 ms. A batch of 500 whom
# nobody knows is known at the fifth try, which Standard Webhooks makes within three hours.
MOST_ASKED = 120
UNKNOWN = (SkipReason.CLASS_UNKNOWN, SkipReason.USER_UNKNOWN)

Record = TypeVar("Record", Person, Section)


@dataclass(frozen=True)
class LookedUp:
    """What is known by now, what of it is to be learnt, and why it is not all, if it is not.

    With trouble, nothing may be decided yet: what is not known may only not have been asked about.
    """

    known: Known
    to_learn: Known
    trouble: Unavailable | None = None


class _AskedEnough(Exception):
    """As many ids were asked about as one delivery may."""


@dataclass
class _Asking:
    """The questions of one delivery."""

    deadline: Deadline
    asked: int = 0
    people: dict[str, Person] = field(default_factory=dict)
    sections: dict[str, Section] = field(default_factory=dict)

    @property
    def found(self) -> Known:
        return Known(self.people, self.sections)

    def ask(
        self,
        ids: Iterable[str],
        question: Callable[[str, Deadline], Record | None],
        found: dict[str, Record],
    ) -> None:
        """Ask about each id. Raises Unavailable or _AskedEnough; what is found by then is kept."""
        for each in ids:
            if self.asked >= MOST_ASKED:
                raise _AskedEnough
            if self.deadline.remaining() < LOOKUP_LIMIT.total_seconds():
                raise Unavailable(Reason.SIS_DOWN, "no time is left to ask about every id")
            self.asked += 1
            if (record := question(each, self.deadline)) is not None:
                found[each] = record


def look_up(
    lookup: Lookup, wishes: Sequence[Wish], known: Known, mapper: Mapper, deadline: Deadline
) -> LookedUp:
    """Ask about the classes and people that a rule needs and nobody has told of.

    Classes first: nobody is asked about for the sake of a class that may not be reached.
    """
    asking = _Asking(deadline.at_most(LOOKUPS_LIMIT))
    trouble = None
    try:
        asking.ask(_classes(wishes, known, mapper), lookup.section, asking.sections)
        so_far = known.updated(asking.found)
        asking.ask(_people(wishes, so_far, mapper), lookup.person, asking.people)
    except Unavailable as away:
        trouble = away
    except _AskedEnough:
        # The next try goes on where this one ended. Where none of so many led anywhere, nor would
        # the next one: then a person looks at the rest.
        if mapper.lasting(asking.found):
            trouble = Unavailable(Reason.SIS_DOWN, f"more than {MOST_ASKED} ids are not known yet")
    return LookedUp(known.updated(asking.found), mapper.lasting(asking.found), trouble)


def _classes(wishes: Sequence[Wish], known: Known, mapper: Mapper) -> list[str]:
    """The unknown classes, in the order in which they are wished for, each once."""
    return list(
        dict.fromkeys(
            each.class_id
            for each, told in _unmapped(wishes, known, mapper)
            if told.refusal.reason is SkipReason.CLASS_UNKNOWN and each.class_id
        )
    )


def _people(wishes: Sequence[Wish], known: Known, mapper: Mapper) -> list[str]:
    """The unknown people, in the same way."""
    return list(
        dict.fromkeys(
            each.user_id
            for each, told in _unmapped(wishes, known, mapper)
            if told.refusal.reason in UNKNOWN
            and (mapper.needs_person or each.inner)
            and each.user_id not in {"", *known.people}
        )
    )


def _unmapped(
    wishes: Sequence[Wish], known: Known, mapper: Mapper
) -> Iterable[tuple[Wish, Unmapped]]:
    for each in wishes:
        if isinstance(told := mapper.of(each, known), Unmapped):
            yield each, told
