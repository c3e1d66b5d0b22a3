"""Standard Webhooks: the published vectors, and that what is altered in one is not believed."""

import base64
from datetime import UTC, datetime

import pytest

from enrollment.verify.received import Received, Why
from enrollment.verify.standard_webhooks import StandardWebhooks, sign
from tests.unit.verify.saying import SECONDS, why
from tests.unit.verify.standard_webhooks import CURRENT, OLD, scheme

JOSE = (
    '{"type":"enrollment.created","timestamp":"2026-09-01T08:00:00Z","data":{"student":'
    '{"email":"josé@school.example"},"course":{"sourcedId":"MATH-101-3"}}}'
).encode()
# Secret, id, time, body and signature; the first two as their owners publish them.
VECTORS = {
    "of every reference library": (
        "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        b'{"test": 2432232314}',
        "g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=",
    ),
    "of Svix": (
        "whsec_plJ3nmyCDGBKInavdOK15jsl",
        "msg_loFOjxBNrRLzqYUf",
        1731705121,
        b'{"event_type":"ping","data":{"success":true}}',
        "rAvfW3dJ/X/qxhsaXPOyyCGmRKsaKWcsNccKXlIktD0=",
    ),
    "beyond ASCII": (
        CURRENT,
        "msg_intake_0001",
        SECONDS,
        JOSE,
        "fnez/9KJbokJ/J3SwIJn39QZiro9MRRReVi+8GI2rVA=",
    ),
    "of the old key": (
        OLD,
        "msg_intake_0001",
        SECONDS,
        JOSE,
        "Qa9Q9TULYsmSoruHEGU7XnWxl2kJPqfpzAw4Qt6LFUw=",
    ),
}


@pytest.mark.parametrize("name", VECTORS)
def test_a_published_vector_is_believed(name):
    secret, delivery, seconds, body, signature = VECTORS[name]
    sent_at = datetime.fromtimestamp(seconds, UTC)
    headers = {
        "webhook-id": delivery,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{signature}",
    }

    # The key itself, because Svix's example is of 18 bytes, fewer than the specification has.
    key = base64.b64decode(secret.removeprefix("whsec_"))

    verified = StandardWebhooks((key,)).verify(Received(headers, body), sent_at)

    assert (verified.body, verified.delivery_id) == (body, delivery)


@pytest.mark.parametrize("name", ["of every reference library", "beyond ASCII", "of the old key"])
def test_a_published_vector_is_what_we_sign(name):
    secret, delivery, seconds, body, signature = VECTORS[name]

    headers = sign(secret, delivery, datetime.fromtimestamp(seconds, UTC), body)

    assert headers == {
        "webhook-id": delivery,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{signature}",
    }


def test_the_published_vector_with_one_letter_changed_is_not():
    secret, delivery, seconds, body, signature = VECTORS["of every reference library"]
    headers = {
        "webhook-id": delivery,
        "webhook-timestamp": str(seconds),
        "webhook-signature": f"v1,{signature[:-2]}A=",
    }

    reason = why(scheme(secret), headers, body, datetime.fromtimestamp(seconds, UTC))

    assert reason is Why.WRONG_SIGNATURE
