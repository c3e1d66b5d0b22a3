"""HTTP Basic."""

import base64

import pytest

from enrollment.verify.basic import Basic
from enrollment.verify.plain_secrets import UnusableSecret
from enrollment.verify.received import Received, Why
from tests.unit.verify.saying import NOW, told, why

PAIR = "sis:p\u00e4ssword with spaces:and colons"
BODY = b"{}"


def header(pair, word="Basic"):
    return {"authorization": f"{word} {base64.b64encode(pair.encode()).decode()}"}


def verified(*pairs, given, **headers):
    received = Received(header(given) | headers, BODY)
    return Basic.with_secrets(pairs).verify(received, NOW)


@pytest.mark.parametrize("pair", [PAIR, ":only-a-password-1", "only-an-api-key-1:"])
def test_whoever_knows_the_pair_is_believed(pair):
    assert verified(pair, given=pair).body == BODY


@pytest.mark.parametrize("word", ["basic", "BASIC", "Basic "])
def test_the_name_of_the_scheme_may_be_written_in_any_way(word):
    received = Received(header(PAIR, word), BODY)

    assert Basic.with_secrets([PAIR]).verify(received, NOW).body == BODY


def test_while_a_pair_is_changed_both_are_believed():
    other = "sis:another long password"

    assert [verified(PAIR, other, given=it).body for it in (PAIR, other)] == [BODY, BODY]


@pytest.mark.parametrize("given", [PAIR + "x", PAIR[:-1], "sis:", ":", PAIR.upper(), "x" * 2000])
def test_other_credentials_are_not_believed(given):
    assert why(Basic.with_secrets([PAIR]), header(given)) is Why.WRONG_CREDENTIALS


@pytest.mark.parametrize(
    "value",
    [
        "",
        "Basic",
        "Basic ",
        "Bearer abc",
        "Basic !!!!",
        "Basic QQ",
        "Basic QQ==\n",
        "Basic é",
        "Basic " + "A" * 4096,
        "Basic QUJD QUJD",
    ],
)
def test_a_header_that_is_no_pair_is_not_believed(value):
    reason = why(Basic.with_secrets([PAIR]), {"authorization": value})

    assert reason is Why.HEADER_MALFORMED


def test_a_delivery_without_the_header_is_not_believed():
    assert why(Basic.with_secrets([PAIR]), {}) is Why.HEADER_MISSING


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        ({}, None),
        ({"webhook-id": "msg_1"}, "msg_1"),
        ({"idempotency-key": '"8e03978e-40d5-43dd"'}, "8e03978e-40d5-43dd"),
        ({"idempotency-key": "urn:uuid:1+2/3="}, "urn:uuid:1+2/3="),
        ({"webhook-id": "msg_1", "idempotency-key": "b"}, "msg_1"),
        ({"webhook-id": "two words", "idempotency-key": "b"}, "b"),
        ({"webhook-id": "a, b"}, None),
        ({"webhook-id": '"a'}, None),
        ({"webhook-id": "x" * 257}, None),
        ({"idempotency-key": "ada@school.example"}, None),
    ],
)
def test_the_id_of_a_delivery_is_one_plain_token(headers, found):
    received = Received(header(PAIR) | headers, BODY)

    assert Basic.with_secrets([PAIR]).verify(received, NOW).delivery_id == found


@pytest.mark.parametrize(
    ("secret", "remedy"),
    [
        ("a password without a colon", "has no colon: store the whole user:password"),
        ("sis:too-short", "has fewer than 16 characters in user and password together"),
        (":" + "x" * 15, "has fewer than 16"),
        ("user:a password with an end\n", "holds a line end"),
    ],
)
def test_a_pair_that_is_none_is_told_with_its_remedy_and_never_printed(secret, remedy):
    with pytest.raises(UnusableSecret) as raised:
        Basic.with_secrets([secret])

    assert str(raised.value).startswith(remedy)
    assert secret.strip().rpartition(":")[2] not in told(raised)


def test_a_scheme_shows_nothing_of_its_pairs():
    assert repr(Basic.with_secrets([PAIR])) == "Basic()"
