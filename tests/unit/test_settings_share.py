"""An instance's share of the quota: what the reserve leaves, divided, and never too little."""

import pytest

from enrollment.pace import Pace
from enrollment.ports import Unavailable
from enrollment.settings import LEAST_SHARE, SettingsError, read_settings
from enrollment.timing import PERMIT_LIMIT
from tests.doubles import MovableClock

GOOD = {
    "administrator": "admin@northside.example",
    "delegate": "enroller@project.iam.gserviceaccount.com",
    "pseudonym_text": "the key of the hashes, which nobody may see",
}


def faults(**given):
    with pytest.raises(SettingsError) as caught:
        read_settings(**GOOD, **given)
    return caught.value.faults


def test_the_instances_share_what_the_reserve_leaves():
    settings = read_settings(**GOOD, instances="4", quota_reserve="200")

    assert settings.share == 250


def test_a_quota_that_leaves_no_call_is_refused():
    (told,) = faults(quota="60")

    assert "leave no call" in told


@pytest.mark.parametrize(
    ("quota", "reserve", "instances", "told"),
    [
        ("66", "60", "1", "66 calls a minute less the reserve of 60 leave 6 of them; at least 7"),
        ("66", "60", "1", "give a quota of at least 67"),
        ("50", "60", "1", "leave no call; at least 7 are needed: give a quota of at least 67"),
        ("87", "60", "4", "leave 6 of them for each of 4 instances; at least 7"),
        ("87", "60", "4", "give a quota of at least 88"),
    ],
)
def test_a_share_with_which_a_second_call_never_comes_is_refused_with_the_remedy(
    quota, reserve, instances, told
):
    (fault,) = faults(quota=quota, quota_reserve=reserve, instances=instances)

    assert told in fault


@pytest.mark.parametrize(("quota", "instances"), [("67", "1"), ("88", "4")])
def test_the_least_share_is_taken(quota, instances):
    settings = read_settings(**GOOD, quota=quota, instances=instances)

    assert settings.share == LEAST_SHARE


def test_with_the_least_share_a_second_call_comes_in_time_and_with_less_it_never_does():
    def second_call(share):
        pace = Pace(MovableClock(), share)
        pace.succeeded(pace.take(0.0))
        return pace.take(PERMIT_LIMIT.total_seconds())

    assert second_call(LEAST_SHARE)
    with pytest.raises(Unavailable):
        second_call(LEAST_SHARE - 1)
