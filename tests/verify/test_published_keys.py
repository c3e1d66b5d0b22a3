"""Keys are fetched from where an issuer publishes them, kept, and never asked for too often."""

import threading

import pytest

from enrollment.adapters import keys as adapter
from enrollment.adapters.keys import PublishedKeys
from enrollment.ports import Unavailable
from enrollment.reasons import Reason
from enrollment.verify.canvas_jwt import CanvasJwt
from enrollment.verify.received import Received
from tests.doubles import MovableClock
from tests.tokens import jwk, jwks, private_key, token
from tests.unit.verify.saying import NOW
from tests.verify.elsewhere import Answer, elsewhere


@pytest.fixture
def issuer():
    with elsewhere() as there:
        there.answer = Answer(jwks())
        yield there


@pytest.fixture
def clock():
    return MovableClock()


@pytest.fixture
def keys(issuer, clock):
    return PublishedKeys(f"{issuer.address}/jwks", clock.monotonic)


def kept_for(issuer, clock, keys):
    """For how long, in seconds and to the minute, keys are kept."""
    keys.key("current")
    for minutes in range(1, 24 * 60 + 2):
        clock.advance(minutes=1)
        keys.key("current")
        if len(issuer.asked) > 1:
            return minutes * 60
    return None


def test_a_published_key_is_found_by_its_id_with_one_call(issuer, keys):
    found = [keys.key("current") for _ in range(3)]

    assert found == [private_key().public_key()] * 3
    assert issuer.asked == [("/jwks", None)]


def test_an_event_is_believed_by_a_key_that_was_fetched(keys):
    event = {"metadata": {"root_account_uuid": "uuid"}}
    body = token(event).encode()

    verified = CanvasJwt.of(["uuid"], keys).verify(Received({}, body), NOW)

    assert b"uuid" in verified.body


@pytest.mark.parametrize(
    ("cache_control", "seconds"),
    [
        ("public, max-age=21600, must-revalidate", 21600),
        ("max-age=60", 300),
        ("max-age=0", 300),
        ("max-age=604800", 86400),
        ("Max-Age = 7200", 7200),
        ("s-maxage=7200", 300),
        ("no-store", 300),
        ("max-age=soon", 300),
        ("", 300),
    ],
)
def test_keys_are_kept_as_long_as_the_issuer_says_within_reason(
    issuer, clock, keys, cache_control, seconds
):
    issuer.answer.headers = {"cache-control": cache_control}

    assert kept_for(issuer, clock, keys) == seconds


def test_a_key_that_is_new_is_found_at_once(issuer, clock, keys):
    keys.key("current")
    clock.advance(seconds=60)
    issuer.answer = Answer(jwks(jwk("current"), jwk("next")))

    assert keys.key("next") == private_key().public_key()
    assert len(issuer.asked) == 2


def test_ids_that_somebody_makes_up_do_not_reach_the_issuer_each_time(issuer, clock, keys):
    found = set()
    for number in range(600):
        found.add(keys.key(f"made up {number}"))
        clock.advance(seconds=0.5)

    assert found == {None}
    assert len(issuer.asked) == 5  # in five minutes


def test_while_the_issuer_is_away_the_old_keys_serve(issuer, clock, keys):
    keys.key("current")
    issuer.answer = Answer(b"the message of a proxy", 503)
    clock.advance(hours=30)

    assert keys.key("current") == private_key().public_key()
    with pytest.raises(Unavailable, match="the answer is 503"):  # perhaps it is a new one
        keys.key("unknown")


SECRETIVE = b"somebody's words"


@pytest.mark.parametrize(
    ("answer", "fact"),
    [
        (Answer(SECRETIVE, 404), "the answer is 404"),
        (Answer(SECRETIVE, 302, {"location": "/elsewhere"}), "the answer is 302"),
        (Answer(SECRETIVE), "what is there is no set of keys"),
        (Answer(b'{"keys": []}'), "what is there has no RSA key of 2048 bits or more"),
        (Answer(b" " * 70_000), "what is there is larger than 64 KiB"),
        (Answer(b'{"keys": [', length=9_999), "what is there is no set of keys"),
    ],
)
def test_without_keys_nobody_is_believed_and_the_place_is_told(issuer, keys, answer, fact):
    issuer.answer = answer

    with pytest.raises(Unavailable) as raised:
        keys.key("current")

    assert raised.value.reason is Reason.KEYS_DOWN
    assert raised.value.detail.startswith(f"{issuer.address}/jwks: {fact}")
    assert SECRETIVE.decode() not in str(raised.value)
    assert len(issuer.asked) == 1  # nobody else may say where the keys are


def test_an_issuer_that_is_slow_is_given_up(issuer, monkeypatch):
    never = threading.Event()
    issuer.answer = Answer(jwks(), slowly=never)
    monkeypatch.setattr(adapter, "SECONDS", 0.1)

    with pytest.raises(Unavailable, match=r"there is no answer \(TimeoutError\)"):
        PublishedKeys(issuer.address).key("current")

    never.set()


def test_an_issuer_that_is_not_there_is_told():
    with elsewhere() as there:
        address = there.address

    with pytest.raises(Unavailable, match=r"there is no answer \(ConnectionRefusedError\)"):
        PublishedKeys(address).key("current")


@pytest.mark.parametrize(
    "address", ["http://issuer.example/jwks", "file:///etc/passwd", "ftp://127.0.0.1/", "", "x"]
)
def test_keys_come_over_https_or_from_this_machine(address):
    with pytest.raises(ValueError, match="is no https address"):
        PublishedKeys(address)
