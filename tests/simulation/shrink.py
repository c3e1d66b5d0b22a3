"""A long story cut down to what matters: parts of its plan are left out while it still breaks."""

from dataclasses import replace

from tests.simulation.plan import Act, Trouble, Window, Wish
from tests.simulation.world import World


def law_of(plan, fault=None):
    """Which law a plan breaks, without the details; None if it breaks none."""
    broken = World(plan, fault=fault).run().laws.broken
    return broken and broken.split(":")[0]


def shrunken(plan, fault=None):
    """The smallest plan that still breaks the same law."""
    law = law_of(plan, fault)
    assert law, "only what breaks a law is shrunk"

    def breaks(smaller):
        return law_of(smaller, fault) == law

    before = None
    while plan != before:
        before = plan
        plan = _without_needless_parts(plan, breaks)
        plan = _plainer(plan, breaks)
    return plan


def _without_needless_parts(plan, breaks):
    """Leave out half of the parts, a quarter … one by one."""
    size = max(1, len(plan.parts) // 2)
    while size:
        start = 0
        while start < len(plan.parts):
            parts = plan.parts
            smaller = _with(plan, parts[:start] + parts[start + size :])
            if breaks(smaller):
                plan = smaller
            else:
                start += size
        size //= 2
    return plan


def _with(plan, parts):
    def of(kind):
        return tuple(each for each in parts if isinstance(each, kind))

    return replace(plan, wishes=of(Wish), acts=of(Act), troubles=of(Trouble), windows=of(Window))


def _plainer(plan, breaks):
    """Fewer machines, right clocks, calls that take the usual time, round numbers."""
    for smaller in _candidates(plan):
        if smaller != plan and breaks(smaller):
            return smaller
    return plan


def _candidates(plan):
    yield replace(plan, jitter=False)
    yield replace(plan, offsets=(0.0,) * len(plan.offsets))
    if plan.instances > 1:
        yield replace(plan, instances=1, offsets=(plan.offsets[0], *plan.offsets[-3:]))
    yield replace(plan, concurrency=8)
    yield replace(plan, share=600)
    yield replace(plan, most_deliveries=100)
    yield replace(plan, page=200)
    for place, wish in enumerate(plan.wishes):
        if wish.kind != "fine":
            yield _replaced(plan, "wishes", place, replace(wish, kind="fine"))
        yield _replaced(plan, "wishes", place, replace(wish, at=float(place)))
    for place, trouble in enumerate(plan.troubles):
        if trouble.nth > 1:
            yield _replaced(plan, "troubles", place, replace(trouble, nth=trouble.nth - 1))
        if trouble.seconds:
            yield _replaced(plan, "troubles", place, replace(trouble, seconds=100.0))
    for place, act in enumerate(plan.acts):
        for step in (3600, 60):
            if act.at % step:
                yield _replaced(plan, "acts", place, replace(act, at=float(act.at // step * step)))


def _replaced(plan, name, place, part):
    parts = getattr(plan, name)
    return replace(plan, **{name: (*parts[:place], part, *parts[place + 1 :])})
