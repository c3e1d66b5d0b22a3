"""Signed events of Canvas."""

import json

import pytest

from enrollment.verify.canvas_jwt import CanvasJwt
from enrollment.verify.received import Received, Why
from tests.tokens import KnownKeys, forged, token, token_of
from tests.unit.verify.saying import NOW, SECONDS, why

ACCOUNT = "VicYj3cu5BIFpoZhDVU4DZumnlBrWi1grgJEzADs"
EVENT = {
    "metadata": {"event_name": "enrollment_created", "root_account_uuid": ACCOUNT},
    "body": {"enrollment_id": "21070000000046825", "user_name": "José"},
}


def scheme(keys=None):
    return CanvasJwt.of([ACCOUNT, "another"], keys or KnownKeys())


def verified(body, keys=None):
    return scheme(keys).verify(Received({}, body), NOW)


def test_what_is_to_be_read_is_the_event_as_it_was_signed():
    said = verified(token(EVENT).encode())

    assert (said.body, said.delivery_id) == (json.dumps(EVENT).encode(), None)


@pytest.mark.parametrize("kid", ["previous", "current", "next"])
def test_each_published_key_may_have_signed(kid):
    keys = KnownKeys(("previous", "current", "next"))

    assert json.loads(verified(token(EVENT, kid=kid).encode(), keys).body) == EVENT


def test_a_key_that_is_published_no_more_may_not():
    assert why(scheme(), {}, token(EVENT, kid="long ago").encode()) is Why.UNKNOWN_KEY


@pytest.mark.parametrize("around", ['"{}"', " {}\n", '\r\n"{}" ', "{}"])
def test_the_token_may_be_written_as_json(around):
    body = around.format(token(EVENT)).encode()

    assert json.loads(verified(body).body) == EVENT


@pytest.mark.parametrize(
    "account", ["the account of somebody else", ACCOUNT.lower(), "", None, 7, [ACCOUNT], ...]
)
def test_another_canvas_signs_with_the_same_keys_and_is_not_believed(account):
    metadata = {} if account is ... else {"root_account_uuid": account}

    reason = why(scheme(), {}, token(EVENT | {"metadata": metadata}).encode())

    assert reason is Why.WRONG_ACCOUNT


@pytest.mark.parametrize("metadata", [None, [], ACCOUNT])
def test_an_event_that_does_not_say_whose_it_is_is_not_believed(metadata):
    reason = why(scheme(), {}, token(EVENT | {"metadata": metadata}).encode())

    assert reason is Why.WRONG_ACCOUNT


@pytest.mark.parametrize(
    ("times", "reason"),
    [
        ({"exp": SECONDS - 60}, Why.TOO_OLD),
        ({"iat": SECONDS + 61}, Why.TOO_NEW),
        ({"nbf": SECONDS + 61}, Why.TOO_NEW),
        ({"exp": "soon"}, Why.NO_CLAIMS),
    ],
)
def test_what_a_token_says_of_its_time_holds(times, reason):
    assert why(scheme(), {}, token(EVENT | times).encode()) is reason


@pytest.mark.parametrize("algorithm", ["none", "HS256", "HS512"])
def test_no_algorithm_but_rs256_is_looked_at(algorithm):
    keys = KnownKeys()

    reason = why(scheme(keys), {}, forged(EVENT, algorithm).encode())

    assert reason in (Why.WRONG_ALGORITHM, Why.NOT_SIGNED)
    assert keys.asked == []


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'""',
        b"{}",
        json.dumps(EVENT).encode(),
        b"\xff",
        b'"a.b.c',
        b'a.b.c"',
        b"a.b.c d",
        b"..",
        b"\xef\xbb\xbfa.b.c",
    ],
)
def test_what_is_no_token_is_not_believed(body):
    assert why(scheme(), {}, body) is Why.NOT_SIGNED


@pytest.mark.parametrize("payload", [b"[]", b"\xff", b"[" * 9000])
def test_a_token_without_an_event_is_not_believed(payload):
    assert why(scheme(), {}, token_of(payload).encode()) is Why.NO_CLAIMS


def test_an_event_that_was_changed_is_not_believed():
    head, _, signature = token(EVENT).split(".")
    other = token(EVENT | {"body": {}}).split(".")[1]

    assert why(scheme(), {}, f"{head}.{other}.{signature}".encode()) is Why.WRONG_SIGNATURE
