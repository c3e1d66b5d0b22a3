from collections import Counter
from datetime import date
from functools import cache

import pytest

from enrollment.reasons import Reason
from infra.samples.plan import Plan
from infra.samples.roster import sample
from infra.samples.school import school_for

ADMIN = "head@district.example"
REFUSALS = {
    Reason.ACCOUNT_DISABLED,
    Reason.COURSE_CLOSED,
    Reason.COURSE_FULL,
    Reason.COURSE_NOT_PERMITTED,
    Reason.COURSE_UNKNOWN,
    Reason.IS_TEACHER,
    Reason.OUTSIDE_DOMAIN,
    Reason.OWNER_INACTIVE,
    Reason.STUDENT_OVER_LIMIT,
    Reason.STUDENT_UNKNOWN,
}


def a_roster(students=250, each=5, seats=25, domain="pupils.example"):
    """Everybody in so many courses of so many seats."""
    return [
        (f"d:C{turn}-{student // seats}", f"s{student}@{domain}")
        for student in range(students)
        for turn in range(each)
    ]


def a_school(pairs, *, seed=1, trouble=True):
    return school_for(pairs, administrator=ADMIN, seed=seed, trouble=trouble)


@cache
def every_school():
    northside = sample(as_of=date(2026, 11, 23))
    return {
        "northside": (northside.school, northside.expected),
        "somebody else's": a_school(a_roster()),
        "somebody else's, untroubled": a_school(a_roster(), trouble=False),
        "large": a_school(a_roster(500, seats=10)),
        "tiny": a_school([("d:A", "a@x.example"), ("123", "456"), ("p:B", ADMIN)]),
        "empty": a_school([]),
    }


@pytest.fixture(params=every_school())
def school(request):
    return every_school()[request.param][0]


def emails(school):
    return {account["email"] for account in school["accounts"]}


def test_the_same_seed_makes_the_same_school():
    assert a_school(a_roster()) == a_school(a_roster())
    assert a_school(a_roster()) != a_school(a_roster(), seed=2)


def test_without_trouble_everybody_is_enrolled():
    school, expected = a_school(a_roster(), trouble=False)

    assert set(expected.values()) == {"enrolled"}
    assert {pair[1] for pair in a_roster()} < emails(school)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("size", [(250, 5, 25), (250, 5, 5), (600, 5, 10)])
def test_a_roster_of_some_size_shows_every_refusal(size, seed):
    guests = a_roster(3, domain="elsewhere.example")

    _, expected = a_school([*a_roster(*size), *guests], seed=seed)

    assert {f"rejected:{reason}" for reason in REFUSALS} <= set(expected.values())


@pytest.mark.parametrize("students", [0, 1, 3, 10, 60, 250])
@pytest.mark.parametrize("seed", range(3))
def test_at_least_85_percent_succeed(students, seed):
    _, expected = a_school(a_roster(students), seed=seed)

    ends = Counter(expected.values())
    assert ends["enrolled"] + ends["already_enrolled"] >= 0.85 * ends.total()


def test_the_own_domains_are_the_common_ones_and_the_administrators():
    pairs = [*a_roster(60), *a_roster(40, domain="juniors.example"), ("d:C1", "guest@gmail.com")]

    school, expected = a_school(pairs, trouble=False)

    assert school["domains"] == ["district.example", "pupils.example", "juniors.example"]
    assert expected["d:C1", "guest@gmail.com"] == "rejected:outside_domain"


def test_a_student_is_one_person_in_capitals_too():
    school, expected = a_school([("d:A", "Ada@X.example"), ("d:A", "ada@x.example")])

    assert list(expected) == [("d:A", "ada@x.example")]
    assert len(emails(school)) == len(school["accounts"])


def test_ids_stay_ids():
    school, expected = a_school([("123456", "998877665544")], trouble=False)

    assert school["courses"][0]["id"] == "123456"
    assert "998877665544" in {account.get("id") for account in school["accounts"]}
    assert expected == {("123456", "998877665544"): "enrolled"}


def test_few_courses_belong_to_another_domain_so_the_line_is_not_held():
    school, _ = a_school(a_roster(500, seats=10))

    foreign = [
        c for c in school["courses"] if c["owner"].partition("@")[2] not in school["domains"]
    ]
    assert 1 <= len(foreign) < 5


def test_two_conditions_on_one_request_are_a_mistake_of_the_plan():
    pair = ("d:A", "guest@elsewhere.example")
    plan = Plan(
        pairs=(pair,),
        administrator=ADMIN,
        domains=("district.example",),
        teachers={"d:A": (ADMIN,)},
        on_roster=frozenset({pair}),
    )

    with pytest.raises(ValueError, match="two things are the matter"):
        plan.expected()


def test_an_administrator_without_a_domain_is_refused():
    with pytest.raises(ValueError, match="administrator: an address is needed"):
        school_for([], administrator="head", seed=1, trouble=False)


def test_accounts_and_courses_are_named_once(school):
    names = [alias for course in school["courses"] for alias in course["aliases"]]

    assert len(emails(school)) == len(school["accounts"])
    assert len(set(names)) == len(names)


def test_everybody_in_a_course_has_an_account(school):
    for course in school["courses"]:
        members = {*course["teachers"], *course["students"]}
        owner = set() if course.get("owner_deleted") else {course["owner"]}
        assert members | owner <= emails(school)


def test_nobody_is_teacher_and_student_of_one_course(school):
    assert not any(set(c["teachers"]) & set(c["students"]) for c in school["courses"])


def test_the_administrator_is_an_active_account_of_an_own_domain(school):
    found = [it for it in school["accounts"] if it["email"] == school["administrator"]]

    assert [account["state"] for account in found] == ["active"]
    assert school["administrator"].partition("@")[2] in school["domains"]


def test_a_limited_course_has_no_seat_left(school):
    for course in school["courses"]:
        members = len(course["students"]) + len(course["teachers"])
        assert members == course.get("member_limit", members)
