"""Keyless delegation: whose token is asked for, how often, and what becomes of it."""

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from enrollment.adapters.classroom.credentials import (
    FRESH_SECONDS,
    SUBJECTS,
    LoopbackIdentities,
)
from enrollment.ports import Misconfigured, Refused, Unavailable
from enrollment.reasons import Reason
from tests.unit.classroom.identities import (
    ADA,
    ADMIN,
    DELEGATE,
    ROSTERS,
    SIGN_JWT,
    TOKEN,
    Google,
    delegation,
)


def token(identities, subject=ADMIN, *, as_student=False):
    return identities.headers(subject, as_student=as_student, timeout=5.0)["authorization"]


def age(identities, subject, seconds):
    """Make the subject's token so much older."""
    kept = identities._tokens[subject]
    kept.renewed_at -= seconds
    kept.credentials.expiry -= timedelta(seconds=seconds)


def test_the_service_account_signs_for_the_subject_and_one_scope():
    google = Google()

    token(delegation(google))

    ((url, authorization, _),) = google.signed
    (claims,) = google.claims
    assert (url, authorization) == (SIGN_JWT, "Bearer source")
    assert (claims["iss"], claims["sub"], claims["scope"]) == (DELEGATE, ADMIN, ROSTERS)
    assert claims["aud"] == TOKEN
    assert claims["exp"] - claims["iat"] <= 3600  # the token endpoint takes no longer one
    assert google.granted[0]["assertion"] == ["signed-1"]


def test_every_subject_has_a_token_of_its_own():
    google = Google()
    identities = delegation(google)

    given = [token(identities), token(identities, ADA, as_student=True), token(identities)]

    assert given == ["Bearer token-1", "Bearer token-2", "Bearer token-1"]
    assert [claims["sub"] for claims in google.claims] == [ADMIN, ADA]


def test_a_token_is_kept_while_it_is_fresh_and_renewed_before_it_ends():
    google = Google()
    identities = delegation(google)

    first = [token(identities) for _ in range(3)]
    age(identities, ADMIN, 3600 - 60)
    renewed = token(identities)

    assert first == ["Bearer token-1"] * 3
    assert renewed == "Bearer token-2"
    assert [claims["sub"] for claims in google.claims] == [ADMIN, ADMIN]


def test_a_token_that_is_stale_from_the_start_is_renewed_each_time_and_keeps_its_subject():
    google = Google(lasts=60)
    identities = delegation(google)

    for _ in range(3):
        token(identities, ADA, as_student=True)

    assert [claims["sub"] for claims in google.claims] == [ADA] * 3


def test_the_tokens_of_no_more_than_so_many_subjects_are_kept_the_latest_used():
    google = Google()
    identities = delegation(google)
    token(identities)

    for n in range(2 * SUBJECTS):
        token(identities, f"student-{n}@northside.example", as_student=True)
        token(identities)

    assert len(identities._tokens) == SUBJECTS
    assert token(identities) == "Bearer token-1"


def test_threads_that_want_one_subjects_token_at_once_ask_for_it_once():
    google = Google()
    identities = delegation(google)
    start = threading.Barrier(8)

    def one(_):
        start.wait(5)
        return token(identities)

    with ThreadPoolExecutor(8) as pool:
        given = set(pool.map(one, range(8)))

    assert given == {"Bearer token-1"}
    assert len(google.granted) == 1


def test_nobody_waits_longer_than_allowed_for_another_threads_renewal():
    identities = delegation(Google())
    token(identities)
    with identities._tokens[ADMIN].lock, pytest.raises(Unavailable) as raised:
        identities.headers(ADMIN, as_student=False, timeout=0.02)

    assert raised.value.reason is Reason.CLASSROOM_DOWN


def test_a_rejected_token_that_was_old_is_renewed():
    identities = delegation(Google())
    sent = identities.headers(ADMIN, as_student=False, timeout=5.0)
    age(identities, ADMIN, FRESH_SECONDS)

    fresh = identities.rejected(ADMIN, sent)

    assert not fresh
    assert token(identities) == "Bearer token-2"


def test_a_rejected_token_that_was_fresh_says_that_a_new_one_will_not_help():
    identities = delegation(Google())
    sent = identities.headers(ADMIN, as_student=False, timeout=5.0)

    assert identities.rejected(ADMIN, sent)


def test_of_many_calls_with_one_rejected_token_none_takes_its_successor_for_rejected():
    google = Google()
    identities = delegation(google)
    sent = identities.headers(ADMIN, as_student=False, timeout=5.0)
    age(identities, ADMIN, FRESH_SECONDS)

    first = identities.rejected(ADMIN, sent)
    renewed = token(identities)
    others = [identities.rejected(ADMIN, sent) for _ in range(3)]

    assert [first, *others] == [False] * 4
    assert token(identities) == renewed
    assert len(google.granted) == 2


@pytest.mark.parametrize(
    ("as_student", "expected"), [(False, Misconfigured), (True, Refused)], ids=["admin", "student"]
)
def test_a_refused_token_is_trouble_and_is_asked_for_again_next_time(as_student, expected):
    google = Google(refusal="invalid_grant")
    identities = delegation(google)

    for _ in range(2):
        with pytest.raises(expected):
            token(identities, ADA, as_student=as_student)

    assert len(google.granted) == 2


def test_the_patience_of_the_call_is_the_transports():
    google = Google()

    delegation(google).headers(ADMIN, as_student=False, timeout=1.5)

    assert google.timeouts == [1.5]


def test_a_name_on_a_loopback_school_is_always_fresh():
    identities = LoopbackIdentities()

    sent = identities.headers(ADA, as_student=True, timeout=5.0)

    assert sent == {"authorization": f"Bearer loopback:{ADA}"}
    assert identities.rejected(ADA, sent)
