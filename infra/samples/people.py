"""The people of Northside, and what is special about a few of them."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import islice
from random import Random

from infra.samples.conditions import ACCOUNTS, AccountCondition
from infra.samples.names import FAMILY, GIVEN, slug

STAFF_DOMAIN = "northside.example"
STUDENT_DOMAIN = "student.northside.example"
TRUSTED_DOMAIN = "college.example"
UNTRUSTED_DOMAIN = "elsewhere.example"
ADMINISTRATOR = f"admin@{STAFF_DOMAIN}"

FULL_SCHOOL = 250  # the size at which the tables' counts hold; others are in proportion


@dataclass(frozen=True, kw_only=True)
class Speciality:
    """What is special about a student: the account, the domain, or how the office wrote it down."""

    name: str
    count: int
    condition: AccountCondition | None = None
    domain: str = STUDENT_DOMAIN
    written: Callable[[str], str] = str


ORDINARY = Speciality(name="ordinary", count=0)
BY_NAME = {condition.name: condition for condition in ACCOUNTS}

SPECIALITIES = (
    Speciality(name="missing account", count=3, condition=BY_NAME["missing"]),
    Speciality(name="disabled account", count=3, condition=BY_NAME["disabled"]),
    Speciality(name="account in too many groups", count=2, condition=BY_NAME["groups full"]),
    Speciality(name="young account", count=3, condition=BY_NAME["young"]),
    Speciality(name="account young for ever", count=2, condition=BY_NAME["young for ever"]),
    Speciality(name="account that joined today", count=2, condition=BY_NAME["joined today"]),
    Speciality(name="guest from a trusted domain", count=2, domain=TRUSTED_DOMAIN),
    Speciality(name="guest from an untrusted domain", count=2, domain=UNTRUSTED_DOMAIN),
    Speciality(name="address in capitals", count=3, written=str.upper),
    Speciality(name="blank address", count=3, written=lambda _: ""),
    Speciality(name="address with a space", count=2, written=lambda it: it.replace(".", " ", 1)),
    Speciality(name="address that says me", count=2, written=lambda _: "me"),
    Speciality(
        name="misspelt domain", count=2, written=lambda it: it.partition("@")[0] + "@gmial.com"
    ),
)


@dataclass(frozen=True, kw_only=True)
class Person:
    """Somebody at Northside; `email` is the account that they would have in Google Workspace."""

    id: str
    given: str
    family: str
    email: str
    role: str = "student"
    grade: int | None = None
    speciality: Speciality = ORDINARY

    @property
    def written(self) -> str:
        """The address as the roster has it, which need not be one."""
        return self.speciality.written(self.email)

    @property
    def is_reachable(self) -> bool:
        """Whether the roster's address is the account's, but for capitals."""
        return self.written.lower() == self.email


def students(count: int, rng: Random) -> tuple[Person, ...]:
    """So many students of grades 9 to 12, the special ones anywhere among them."""
    specialities = [*_allotted(count), *[ORDINARY] * count][:count]
    rng.shuffle(specialities)
    named = zip(range(count), specialities, _names(rng), strict=False)
    return tuple(
        # The zeros in front are part of the id; a spreadsheet would lose them.
        _person(f"{41_000 + 7 * number:08}", names, kind, grade=9 + number % 4)
        for number, kind, names in named
    )


def teachers(count: int, rng: Random) -> tuple[Person, ...]:
    """So many teachers."""
    kind = Speciality(name="teacher", count=0, domain=STAFF_DOMAIN)
    named = zip(range(count), _names(rng), strict=False)
    return tuple(_person(f"T{number:05}", names, kind, role="teacher") for number, names in named)


def _person(
    person_id: str,
    names: tuple[str, str, str],
    speciality: Speciality,
    *,
    role: str = "student",
    grade: int | None = None,
) -> Person:
    given, family, number = names
    return Person(
        id=person_id,
        given=given,
        family=family,
        email=f"{slug(given)}.{slug(family)}{number}@{speciality.domain}",
        role=role,
        grade=grade,
        speciality=speciality,
    )


def _names(rng: Random) -> Iterator[tuple[str, str, str]]:
    """Names without end; once all are taken they come again with a number behind."""
    both = [(given, family) for given in GIVEN for family in FAMILY]
    rng.shuffle(both)
    number = 1
    while True:
        suffix = "" if number == 1 else str(number)
        yield from ((given, family, suffix) for given, family in both)
        number += 1


def _allotted(count: int) -> list[Speciality]:
    """The special ones: every kind from 100 students on, and at most every seventh student."""
    shares = [max(1, round(each.count * count / FULL_SCHOOL)) for each in SPECIALITIES]
    turns = (
        each
        for turn in range(max(shares))
        for each, share in zip(SPECIALITIES, shares, strict=True)
        if turn < share
    )
    return list(islice(turns, count // 7))
