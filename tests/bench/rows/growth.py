"""Claims and settlements in a SQLite store of a million entries, against one of a thousand."""

import time
from collections.abc import Sequence

from enrollment.claims import Claimed
from enrollment.entry import State
from enrollment.ledger import Arrival
from enrollment.request import student_key
from tests.bench.measured import Measured
from tests.bench.processes import Failed
from tests.bench.setting import Bench, a_wish
from tests.bench.stores import KEY, WAITING, Store, arrival, key, opened, plans_of, settled
from tests.bench.sums import middle, ratios

TARGET = 1.1
SMALL, LARGE = 1_000, 1_000_000
LOOKS = ("get", "due")
UNBOUNDED = ("SCAN", "USE TEMP B-TREE FOR ORDER BY")  # not the "LAST TERM OF", among equals
HOW = (
    "one file for each size, filled by SQL with settled and waiting entries as the adapter writes"
    " them; {rounds} interleaved rounds of {pairs} claims, each settled, through the product's own"
    " claims and adapter, the checkpoint of the log included; the median of the rounds' ratios."
    " Wall time; CPU in the details"
)


def measure(bench: Bench) -> list[Measured]:
    large = bench.choose(LARGE, 20_000)
    return measured(
        bench, (SMALL, large), rounds=bench.choose(25, 5), pairs=bench.choose(1000, 100)
    )


def measured(bench: Bench, sizes: tuple[int, int], rounds: int, pairs: int) -> list[Measured]:
    with opened(bench, sizes) as stores:
        plans = [each for store in stores for each in unindexed(store)]
        if plans:
            raise Failed(f"a statement takes longer with every entry: {plans}")
        for number in range(rounds + 1):
            bench.say(f"growth: round {number} of {rounds}")
            for store in stores if number % 2 else reversed(stores):
                one_round(store, pairs)
        asked = {f"{store.size}": operators(store) for store in stores}
        return _judged(bench, stores, HOW.format(rounds=rounds, pairs=pairs), asked)


def one_round(store: Store, pairs: int) -> None:
    """New entries claimed and settled, some looked up; then they are taken away again."""
    arrivals = [arrival(a_wish(store.size + number)) for number in range(pairs)]
    store.take("claim and settle", lambda: _work_off(store, arrivals))
    store.take("get", lambda: [_get(store, number) for number in range(pairs)])
    store.take("due", lambda: [_due(store) for _ in range(10)])
    with store.database.writing(store.deadline) as connection:
        names = [(key(each.request.request_id),) for each in arrivals]
        connection.executemany("delete from entries where id = ?", names)
    with store.database.reading(store.deadline) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")


def _work_off(store: Store, arrivals: Sequence[Arrival]) -> None:
    """Claim and settle each, and bring it into the file: what a log puts off is work as well."""
    for each in arrivals:
        _claim_and_settle(store, each)
    with store.database.reading(store.deadline) as connection:
        connection.execute("pragma wal_checkpoint(truncate)")


def _claim_and_settle(store: Store, arrival: Arrival) -> None:
    claimed = store.claims.claim(arrival, store.deadline)
    assert isinstance(claimed, Claimed)
    now = claimed.time.now()
    store.claims.write(claimed.stored, settled(claimed.stored.entry, now), store.deadline)


def _get(store: Store, number: int) -> None:
    place = number * 7919 % store.size  # all over the store
    assert store.ledger.get(a_wish(place).request_id, store.deadline) is not None


def _due(store: Store) -> None:
    found = store.ledger.due(State.WAITING, store.clock.now(), 20, store.deadline)
    assert len(found) == min(20, store.size // WAITING)


def unindexed(store: Store) -> list[str]:
    """The steps of a delivery's and of `wake`'s statements that take longer with every entry.

    They read a whole table or index, or sort all that they found.
    """
    plans = plans_of(store, lambda: one_round(store, 1))
    store.seconds.clear()
    assert len(plans) > len(LOOKS)
    return [step for steps in plans.values() for step in steps if step.startswith(UNBOUNDED)]


def operators(store: Store) -> dict[str, object]:
    """What an operator's questions cost here, and how they are answered; no delivery asks them."""
    ledger, student = store.ledger, student_key(KEY, a_wish(1).student)
    questions = {
        "next_due": lambda: ledger.next_due(store.deadline),
        "counts": lambda: ledger.counts(store.deadline),
        "of_student": lambda: ledger.of_student(student, None, store.deadline),
    }
    told = {}
    for name, question in questions.items():
        began = time.perf_counter()
        question()
        seconds = time.perf_counter() - began
        plans = [step for steps in plans_of(store, question).values() for step in steps]
        told[name] = {"seconds": seconds, "plan": plans}
    return told


def _judged(
    bench: Bench, stores: Sequence[Store], how: str, asked: dict[str, object]
) -> list[Measured]:
    small, large = stores
    taken = {
        name: [each.seconds[name][1:] for each in (large, small)]  # the first round warms up
        for name in small.seconds
    }
    told = {
        name: {
            "ratio": vars(ratios(*both)),
            "seconds": {"large": vars(middle(both[0])), "small": vars(middle(both[1]))},
        }
        for name, both in taken.items()
    }
    found = []
    for name in ("claim and settle", *LOOKS):
        ratio = ratios(*taken[name])
        found.append(
            Measured(
                row="growth",
                what=f"{name} at {large.size:,} entries over that at {small.size:,}",
                how=how,
                value=ratio.value,
                unit="times",
                spread=ratio.spread,
                target=TARGET if name not in LOOKS else None,
                quick=bench.quick,
                details={each: told[each] for each in (name, f"{name}, CPU")},
            )
        )
    found[0].details["operators' questions"] = asked
    return found
