"""Trouble for a school that has none: a few accounts and courses of each condition."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from random import Random

from infra.samples.conditions import (
    ACCOUNTS,
    COURSES,
    ENROLLED,
    AccountCondition,
    CourseCondition,
)
from infra.samples.plan import Plan, domain_of

FAILING = 15  # percent of all requests at most, guests included
BY_COURSE = 80  # percent of those: one course troubles a whole class at once


def troubled(plan: Plan, rng: Random) -> Plan:
    """The plan with as much trouble as leaves 85 % of its requests well, never two on one pair."""
    failing = len(plan.pairs) * FAILING // 100
    failing -= sum(plan.is_foreign(student) for _, student in plan.pairs)
    plan = replace(plan, courses=dict(_courses(plan, rng, failing * BY_COURSE // 100)))
    failing -= sum(course_id in plan.courses for course_id, _ in plan.pairs)
    plan = replace(plan, accounts=dict(_accounts(plan, rng, failing)))
    failing -= sum(_fails(plan.accounts.get(student)) for _, student in plan.pairs)
    return _with_members(plan, rng, failing)


def _courses(plan: Plan, rng: Random, failing: int) -> Iterator[tuple[str, CourseCondition]]:
    """The smallest courses, so that every condition is seen and few students meet one."""
    size = Counter(course_id for course_id, _ in plan.pairs)
    visited = {course_id for course_id, student in plan.pairs if plan.is_foreign(student)}
    sound = [course_id for course_id in size if course_id not in visited]
    rng.shuffle(sound)
    sound.sort(key=lambda course_id: (size[course_id] == 1, size[course_id]))
    rounds = 1 + len(size) // 200
    conditions = (each for turn in range(rounds) for each in COURSES if turn < each.most)
    for course_id, condition in zip(sound, conditions, strict=False):
        failing -= size[course_id]
        if failing < 0:
            return
        yield course_id, condition


def _accounts(plan: Plan, rng: Random, failing: int) -> Iterator[tuple[str, AccountCondition]]:
    """Own accounts whose courses are all sound; at most every third student."""
    load = Counter(student for _, student in plan.pairs)
    elsewhere = {student for course_id, student in plan.pairs if course_id in plan.courses}
    elsewhere |= {student for student in load if plan.is_foreign(student)}
    elsewhere |= {student for student in load if domain_of(student) is None}
    elsewhere.add(plan.administrator)
    sound = [student for student in load if student not in elsewhere]
    rng.shuffle(sound)
    rounds = 1 + len(load) // 150
    conditions = ACCOUNTS * rounds
    for student, condition in zip(sound[: len(load) // 3], conditions, strict=False):
        cost = load[student] if _fails(condition) else 0
        if cost <= failing:
            failing -= cost
            yield student, condition


def _fails(condition: AccountCondition | None) -> bool:
    return condition is not None and condition.outcome != ENROLLED


def _with_members(plan: Plan, rng: Random, failing: int) -> Plan:
    """A few students who teach the course already, and a few who are on its roster already."""
    sound = [
        (course_id, student)
        for course_id, student in plan.pairs
        if not (course_id in plan.courses or student in plan.accounts or plan.is_foreign(student))
    ]
    rng.shuffle(sound)
    few = 1 + len(sound) // 200
    teaching = sound[: max(0, min(failing, few))]
    on_roster = sound[len(teaching) :][: min(len(sound) // 10, few)]
    return replace(plan, teaching=frozenset(teaching), on_roster=frozenset(on_roster))
