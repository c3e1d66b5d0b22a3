"""Standard Webhooks: the edges of its rules, and what it refuses."""

import base64
from datetime import timedelta, timezone

import pytest

from enrollment.verify.plain_secrets import UnusableSecret
from enrollment.verify.received import Received, Why
from enrollment.verify.standard_webhooks import key_of, sign
from tests.unit.verify.saying import NOW, told, why
from tests.unit.verify.standard_webhooks import BODY, CURRENT, OLD, scheme, signed


def test_the_names_of_svix_mean_the_same():
    headers = {name.replace("webhook", "svix"): each for name, each in signed().items()}

    verified = scheme().verify(Received(headers, BODY), NOW)

    assert verified.delivery_id == "msg_1"


def test_two_families_of_names_are_never_mixed():
    headers = signed()
    headers["svix-id"] = headers.pop("webhook-id")

    assert why(scheme(), headers, BODY) is Why.HEADER_MISSING


def test_a_part_of_the_one_family_does_not_hide_the_other():
    headers = {name.replace("webhook", "svix"): each for name, each in signed().items()}

    verified = scheme().verify(Received(headers | {"webhook-id": "mine"}, BODY), NOW)

    assert verified.delivery_id == "msg_1"


@pytest.mark.parametrize("secret", [CURRENT, OLD])
def test_while_a_secret_is_changed_both_are_believed(secret):
    verified = scheme(CURRENT, OLD).verify(Received(signed(secret), BODY), NOW)

    assert verified.body == BODY


def test_a_secret_that_is_no_longer_live_is_not():
    assert why(scheme(CURRENT), signed(OLD), BODY) is Why.WRONG_SIGNATURE


def test_one_good_signature_among_others_is_enough():
    good = signed()["webhook-signature"]
    listed = f"v1a,AAAA v1,AAAA nonsense  v1,é v1,a,b {good} v2,x"

    verified = scheme().verify(Received(signed(signature=listed), BODY), NOW)

    assert verified.delivery_id == "msg_1"


@pytest.mark.parametrize("offset", [-300, 300])
def test_five_minutes_to_the_second_are_near_enough(offset):
    headers = signed(sent_at=NOW + timedelta(seconds=offset))

    assert scheme().verify(Received(headers, BODY), NOW).body == BODY


@pytest.mark.parametrize(
    ("microseconds", "reason"), [(-300_000_001, Why.TOO_OLD), (300_000_001, Why.TOO_NEW)]
)
def test_more_is_not(microseconds, reason):
    headers = signed()

    assert why(scheme(), headers, BODY, NOW - timedelta(microseconds=microseconds)) is reason


def test_a_sender_in_another_time_zone_signs_the_same_second():
    elsewhere = NOW.astimezone(timezone(timedelta(hours=-7)))

    assert signed(sent_at=elsewhere) == signed(sent_at=NOW)


@pytest.mark.parametrize(
    "seconds",
    [
        "",
        " ",
        "-1",
        "+1",
        "1788249600.0",
        " 1788249600",
        "1788249600 ",
        "1788249600\n",
        "1.7e9",
        "1_788_249_600",
        "\u0661\u0667",
        "nan",
        "inf",
        "9" * 13,
        "0x6a",
        "1788249600,",
    ],
)
def test_a_time_is_up_to_twelve_digits_and_nothing_else(seconds):
    assert why(scheme(), signed(timestamp=seconds), BODY) in (
        Why.HEADER_MALFORMED,
        Why.HEADER_MISSING,
    )


def test_the_latest_time_that_can_be_written_is_only_too_new():
    assert why(scheme(), signed(timestamp="9" * 12), BODY) is Why.TOO_NEW


@pytest.mark.parametrize("delivery", ["a.b", "a b", "a\n", "\x7f", "é", "x" * 257])
def test_an_id_is_visible_ascii_without_a_dot(delivery):
    assert why(scheme(), signed(id=delivery), BODY) is Why.HEADER_MALFORMED
    with pytest.raises(ValueError, match="without a dot"):
        sign(CURRENT, delivery, NOW, BODY)


def test_an_id_of_256_characters_is_believed():
    headers = sign(CURRENT, "!~" * 128, NOW, BODY)

    assert scheme().verify(Received(headers, BODY), NOW).delivery_id == "!~" * 128


@pytest.mark.parametrize("name", ["id", "timestamp", "signature"])
def test_no_header_may_be_missing(name):
    headers = signed()
    del headers[f"webhook-{name}"]

    assert why(scheme(), headers, BODY) is Why.HEADER_MISSING


def test_sixteen_signatures_are_looked_at_and_seventeen_are_not():
    good = signed()["webhook-signature"]
    sixteen, seventeen = " ".join(["v1,AAAA"] * 15 + [good]), " ".join(["v1,AAAA"] * 16 + [good])

    assert scheme().verify(Received(signed(signature=sixteen), BODY), NOW).body == BODY
    assert why(scheme(), signed(signature=seventeen), BODY) is Why.TOO_MANY_SIGNATURES


def test_a_header_of_more_than_4096_characters_is_not_looked_at():
    good = signed()["webhook-signature"]
    fits, is_longer = (f"{good} {'x' * (most - len(good) - 1)}" for most in (4096, 4097))

    assert scheme().verify(Received(signed(signature=fits), BODY), NOW).body == BODY
    assert why(scheme(), signed(signature=is_longer), BODY) is Why.HEADER_MALFORMED


@pytest.mark.parametrize(
    ("signature", "body"),
    [
        ("v1", BODY),
        ("v1,a,b", BODY),
        ("v1,x  v1,y", BODY),
        ("v1,!!!!", BODY),
        ("v1,ä", BODY),
        ("v1,AAAA", b"\xff\xfe"),
    ],
)
def test_what_the_reference_library_stumbles_over_is_just_not_believed(signature, body):
    assert why(scheme(), signed(signature=signature), body) is Why.WRONG_SIGNATURE


@pytest.mark.parametrize("body", [b"", b"\xff\xfe", b"no JSON", b"{", bytes(range(256))])
def test_the_raw_bytes_are_signed_whatever_they_are(body):
    verified = scheme().verify(Received(signed(body=body), body), NOW)

    assert verified.body == body


def test_signatures_are_of_version_one_alone():
    other = signed()["webhook-signature"].replace("v1,", "v1a,")

    assert why(scheme(), signed(signature=other), BODY) is Why.WRONG_SIGNATURE


def test_characters_that_are_not_base64_do_not_slip_into_a_signature():
    good = signed()["webhook-signature"]

    assert why(scheme(), signed(signature=good[:10] + "!" + good[10:]), BODY) is Why.WRONG_SIGNATURE


def secret_of(size):
    return "whsec_" + base64.b64encode(bytes(range(1, size + 1))).decode()


@pytest.mark.parametrize("size", [24, 32, 64])
def test_a_secret_has_24_to_64_bytes(size):
    assert key_of(secret_of(size)) == bytes(range(1, size + 1))


def test_the_padding_of_a_secret_may_be_missing():
    assert key_of(secret_of(32).rstrip("=")) == bytes(range(1, 33))


@pytest.mark.parametrize(
    ("secret", "remedy"),
    [
        (secret_of(23), "is not of 24 to 64 bytes: make one"),
        (secret_of(65), "is not of 24 to 64 bytes: make one"),
        ("whsec_QQ==", "is not of 24 to 64 bytes: make one"),
        ("whsec_", "is not of 24 to 64 bytes: make one"),
        (secret_of(32).removeprefix("whsec_"), "does not begin with whsec_: take it"),
        ("whsec_-_-_AAAAAAAAAAAAAAAAAAAAAAAAAAAA", "is URL-safe base64: write + for"),
        (secret_of(32) + "\n", "is no base64 behind whsec_: store it without spaces"),
        ("whsec_" + "ä" * 32, "is no base64 behind whsec_"),
    ],
)
def test_a_secret_that_is_none_is_told_with_its_remedy_and_never_printed(secret, remedy):
    with pytest.raises(UnusableSecret) as raised:
        scheme(secret)

    assert str(raised.value).startswith(remedy)
    assert len(secret) < 12 or secret[6:].strip() not in told(raised)


def test_a_scheme_shows_none_of_its_keys():
    assert repr(scheme()) == "StandardWebhooks()"
