"""Faults by rule, each through a real socket."""

import http.client

import pytest

from infra.fake_classroom import FakeClassroom, FaultKind, Rule
from infra.fake_classroom.faults import RuleError, Script
from tests.infra.fake_classroom.builders import ADA, a_school, send_student


def outcome(base, **rest):
    """The status and the type of body, or how the connection ended."""
    try:
        said = send_student(base, **rest)
    except (OSError, http.client.HTTPException, ValueError) as ended:
        return type(ended).__name__
    return f"{said.status} {type(said.content).__name__}"


@pytest.mark.parametrize(
    ("fault", "seen", "deed"),
    [
        ("429", "429 dict", False),
        ("403_rate", "403 dict", False),
        ("429_plain_text", "429 str", False),
        ("500", "500 dict", False),
        ("502_html", "502 str", False),
        ("503", "503 dict", False),
        ("aborted", "409 dict", False),
        ("phantom_404", "404 dict", False),
        ("hang", "TimeoutError", False),
        ("closed", "RemoteDisconnected", False),
        ("reset", "ConnectionResetError", False),
        ("slow", "200 dict", True),
        ("reply_lost", "RemoteDisconnected", True),
        ("truncated_json", "JSONDecodeError", True),
        ("not_json_200", "200 str", True),
    ],
)
def test_a_fault_is_seen_like_that_and_does_the_deed_or_not(fault, seen, deed):
    rule = Rule(fault=FaultKind(fault), seconds=0.01)
    with FakeClassroom(a_school(), rules=[rule]) as fake:
        assert outcome(fake.endpoint, timeout=0.05 if fault == "hang" else 5) == seen

        (call,) = fake.log
        assert bool(fake.roster()["students"]) == deed
        assert call.deed == deed
        assert call.conclusive == (fault == "slow")


def test_every_kind_of_fault_is_tried_above():
    (mark,) = test_a_fault_is_seen_like_that_and_does_the_deed_or_not.pytestmark

    assert {row[0] for row in mark.args[1]} == set(FaultKind)


def test_a_rule_is_spent_after_its_times_and_the_next_one_takes_over():
    rules = [{"fault": "503", "times": 2}, {"fault": "500", "times": 1}]
    with FakeClassroom(a_school(), rules=rules) as fake:
        seen = [send_student(fake.endpoint).status for _ in range(4)]

    assert seen == [503, 503, 500, 200]


@pytest.mark.parametrize(
    "match",
    [
        {"method": "students.create"},
        {"method": "courses.students.create"},
        {"course": "d:math 101/a"},
        {"user": "ADA@northside.example"},
        {"subject": "admin@northside.example"},
    ],
)
def test_a_rule_hits_calls_by_any_name_and_leaves_the_others(match):
    school = a_school()
    others = {"method": "get", "course": "d:x", "user": "b@x", "subject": "c@x"}
    wrong = {name: others[name] for name in match}
    with FakeClassroom(school, rules=[{"match": wrong, "fault": "500"}]) as fake:
        assert send_student(fake.endpoint).status == 200

        fake.add_rules([{"match": match, "fault": "503"}])

        assert send_student(fake.endpoint, school.account(ADA).id).status == 503


def test_the_403_of_a_quota_has_three_reasons_in_turn():
    rules = [{"fault": "403_rate"}]
    with FakeClassroom(a_school(), rules=rules, error_format="v1") as fake:
        errors = [send_student(fake.endpoint).content["error"] for _ in range(3)]

    assert {error["status"] for error in errors} == {"PERMISSION_DENIED"}
    reasons = [error["errors"][0]["reason"] for error in errors]
    assert reasons == ["rateLimitExceeded", "userRateLimitExceeded", "quotaExceeded"]


@pytest.mark.parametrize(
    "rule",
    [
        "503",
        {},
        {"fault": "gone"},
        {"fault": "503", "match": {"colour": "blue"}},
        {"fault": "503", "match": {"user": 1}},
        {"fault": "503", "times": "twice"},
        {"fault": "503", "seconds": "1"},
        {"fault": "503", "often": 1},
    ],
)
def test_a_rule_that_cannot_be_followed_is_refused(rule):
    with pytest.raises(RuleError):
        Rule.from_json(rule)


def test_rules_can_be_forgotten():
    script = Script([Rule(fault=FaultKind.HANG)])

    script.clear()

    assert not script._rules
