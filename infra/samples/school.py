"""A school for the fake Classroom, made from somebody else's roster."""

from collections import Counter
from collections.abc import Iterable
from random import Random

from infra.samples.conditions import SHORTENED, Json, Pair
from infra.samples.plan import Plan, domain_of, free_addresses
from infra.samples.trouble import troubled

OWN = 0.97  # of the requests come from the school's own domains; the rest are guests


def school_for(
    pairs: Iterable[Pair],
    *,
    administrator: str,
    seed: int,
    trouble: bool,
    time_scale: float = SHORTENED,
) -> tuple[Json, dict[Pair, str]]:
    """A school in which every course and account of the roster exists, and what shall become of it.

    With `trouble`, a seeded few accounts and courses get each condition that Classroom refuses,
    and at least 85 % of the requests still succeed. `time_scale` says how far hours of the product
    are shortened. Students are in lower case in the answer.
    """
    plan = _plan(tuple(pairs), administrator.lower())
    if trouble:
        plan = troubled(plan, Random(seed))
    return plan.school(time_scale=time_scale), plan.expected()


def _plan(pairs: tuple[Pair, ...], administrator: str) -> Plan:
    distinct = tuple(dict.fromkeys((course_id, student.lower()) for course_id, student in pairs))
    home = domain_of(administrator)
    if home is None:
        fault = "administrator: an address is needed, because its domain is the first own domain"
        raise ValueError(fault)
    own, guests = _domains(distinct, home)
    people = (administrator, *(student for _, student in distinct))
    teacher = free_addresses("teacher", home, people, count=1)
    return Plan(
        pairs=distinct,
        administrator=administrator,
        domains=own,
        trusted_domains=guests[:1],
        teachers={course_id: teacher for course_id, _ in distinct},
    )


def _domains(pairs: tuple[Pair, ...], home: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The own domains, the administrator's first, and the domains of guests, commonest first."""
    seen = Counter(domain_of(student) for _, student in pairs)
    missing = OWN * seen.total() - seen.pop(None, 0) - seen.pop(home, 0)
    own, guests = [home], list[str]()
    for domain, count in sorted(seen.items(), key=lambda item: (-item[1], str(item[0]))):
        (own if missing > 0 else guests).append(str(domain))
        missing -= count
    return tuple(own), tuple(guests)
