"""A token is had by the client's own credentials, kept while it is good, and renewed in time."""

import pytest

from enrollment.reasons import Reason
from tests.lookup.asker import Asker


def test_one_token_serves_until_shortly_before_it_ends(service, asker):
    for _ in range(3):
        asker.person()
    asker.clock.advance(seconds=3539)
    asker.person()
    before = len(service.tokens)
    asker.clock.advance(seconds=2)
    asker.person()

    assert (before, len(service.tokens)) == (1, 2)


@pytest.mark.parametrize(
    ("said", "seconds"), [("600", 540), (40, 20), (None, 240), (0, 240), (True, 240), ("x", 240)]
)
def test_how_long_a_token_is_good_is_read_as_services_write_it(service, asker, said, seconds):
    service.expires_in = said
    asker.person()
    asker.clock.advance(seconds=seconds - 1)
    asker.person()
    before = len(service.tokens)
    asker.clock.advance(seconds=2)
    asker.person()

    assert (before, len(service.tokens)) == (1, 2)


@pytest.mark.parametrize("scope", [None, "https://purl.example/roster-core.readonly more"])
def test_a_token_is_asked_for_by_the_client_s_own_credentials(service, scope):
    Asker(service, scope=scope).person()

    wanted = {"grant_type": "client_credentials"}
    assert service.tokens == [wanted | ({"scope": scope} if scope else {})]


def test_a_token_that_ended_early_is_renewed_once(service, asker):
    asker.person()
    asker.clock.advance(minutes=5)
    service.accepted, service.token = {"token-2"}, "token-2"

    assert asker.person() is not None
    assert (len(service.tokens), len(service.asked)) == (2, 3)


def test_a_token_that_is_refused_again_is_not_renewed_again(service, asker):
    asker.person()
    asker.clock.advance(minutes=5)
    service.accepted, service.token = set(), "token-2"

    assert "the answer is 401" in asker.trouble().detail
    assert (len(service.tokens), len(service.asked)) == (2, 3)


@pytest.mark.parametrize("status", [302, 400, 401, 403, 429, 500])
def test_without_a_token_nobody_is_asked_about(service, asker, status):
    service.no_token = status

    assert asker.trouble().detail == f"the answer for a token is {status}"
    asker.trouble()
    assert (len(service.tokens), service.asked) == (1, [])


@pytest.mark.parametrize("token", ["", "two words", "line\nend", "ä", 3, None])
def test_what_can_be_no_token_is_not_sent_on(service, asker, token):
    service.token = token

    assert asker.trouble().detail == "the answer for a token holds none"
    assert service.asked == []


@pytest.mark.parametrize(
    ("client", "fact"),
    [
        ("a-secret-without-its-id", "env://CLIENT has no colon: store the whole id:secret"),
        ("northside:secret-and-a-line-end\n", "env://CLIENT holds a line end or another"),
        ("", "env://CLIENT is not set in the environment"),
    ],
)
def test_a_secret_that_is_no_use_is_told_by_its_reference(service, client, fact):
    trouble = Asker(service, client).trouble()

    assert trouble.reason is Reason.SECRETS_DOWN
    assert trouble.detail.startswith(fact)
    assert service.tokens == []
