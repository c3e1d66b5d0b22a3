"""What came of a scenario, as plain data."""

from collections import Counter

from tests.baselines.world import World


def fate(world, wish):
    """What became of a wish, as the school, the letters and the store have it."""
    if world.is_done(wish):
        return "enrolled"
    if letters := world.letters_of(wish):
        reasons = sorted({each.reason or "" for each in letters})
        return f"letter: {reasons[-1]}" if reasons[-1] else "letter without a reason"
    return "waiting" if world.is_kept(wish) else "lost"


def result(world: World, seconds):
    """The scenario's outcome as plain data."""
    fates = Counter(fate(world, each) for each in world.wishes)
    return {
        "fates": dict(fates),
        "lost": fates["lost"],
        "doubled": world.repeats(),
        "wrongly_acknowledged": world.wrongly_acked,
        "classroom_calls": len(world.fake.log),
        "deliveries": world.deliveries,
        "letters": len(world.all_letters()),
        "letters_without_a_reason": sum(not each.reason for each in world.all_letters()),
        "store_calls": dict(world.proxy.calls) if world.proxy else {},
        "note": world.note,
        "seconds": round(seconds, 1),
    }
