"""The sliding minute."""

from infra.fake_classroom.quota import Quota, Window


def test_a_minute_admits_its_limit_and_no_call_more():
    window = Window(3)

    admitted = [window.admits(now) for now in (0.0, 10.0, 20.0, 59.9)]

    assert admitted == [True, True, True, False]


def test_the_minute_slides_so_that_each_call_frees_its_place_after_sixty_seconds():
    window = Window(2)

    admitted = [window.admits(now) for now in (0.0, 30.0, 60.0, 89.9)]

    assert admitted == [True, True, True, False]


def test_a_refused_call_counts_too():
    window = Window(1)
    window.admits(0.0)
    window.admits(50.0)

    assert not window.admits(61.0)
    assert window.admits(121.0)


def test_each_user_has_a_minute_and_all_share_the_projects():
    quota = Quota(per_user=2, per_project=3)

    refusals = [quota.refusal(user, 0.0) for user in ("a", "a", "a", "b", "c")]

    said = [error and error.details[0]["metadata"]["quota_limit"] for error in refusals]
    assert said[:2] == [None, None]
    assert said[2] == "DefaultRequestsPerMinutePerUser"
    assert said[3:] == ["DefaultRequestsPerMinute"] * 2


def test_the_refusal_reads_like_googles():
    error = Quota(per_user=0).refusal("a", 0.0)

    assert error.http == 429
    assert error.message.startswith("Quota exceeded for quota metric 'Requests' and limit ")
    assert error.details[0]["reason"] == "RATE_LIMIT_EXCEEDED"
    assert error.code is None
