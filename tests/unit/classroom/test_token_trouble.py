"""What each way of not getting a token means, with the errors that google-auth itself builds."""

import json
from types import SimpleNamespace

import httplib2
import pytest
from google.auth import exceptions, iam, impersonated_credentials
from google.auth.compute_engine import credentials as compute_engine
from google.auth.credentials import AnonymousCredentials
from google.oauth2 import _client

from enrollment.adapters.classroom.credentials import token_trouble
from enrollment.ports import Misconfigured, Refused, Unavailable
from enrollment.reasons import Reason

OURS = (Misconfigured, Reason.DELEGATION_REFUSED)
SIGNING = (Misconfigured, Reason.SIGNING_REFUSED)
THEIRS = (Refused, Reason.STUDENT_ACCESS)
AWAY = (Unavailable, Reason.CLASSROOM_DOWN)
UNKNOWN = (Unavailable, Reason.UNKNOWN_ANSWER)
SERVICE_ACCOUNT = "enroller@school.iam.gserviceaccount.com"


def result(error, *, as_student):
    trouble = token_trouble(error, as_student=as_student)
    assert "@" not in trouble.detail
    return type(trouble), trouble.reason


def answering(status, body, **headers):
    """A transport with one answer to everything."""
    data = body if isinstance(body, bytes) else json.dumps(body).encode()
    return lambda **call: SimpleNamespace(status=status, data=data, headers=headers)


def raised_by(call, *arguments, **named):
    with pytest.raises(exceptions.GoogleAuthError) as raised:
        call(*arguments, **named)
    return raised.value


def from_token_endpoint(status, error, description=None):
    """What google-auth raises when the token endpoint says this."""
    said = {"error": error} | ({"error_description": description} if description else {})
    transport = answering(status, said)
    return raised_by(_client.jwt_grant, transport, "https://t/token", "a.jwt", can_retry=False)


def from_sign_jwt(status, body):
    """What google-auth raises when IAM says this to signJwt."""
    return raised_by(
        impersonated_credentials._sign_jwt_request,
        answering(status, body),
        SERVICE_ACCOUNT,
        {},
        {"sub": "admin@northside.example"},
    )


# error, description, HTTP status, what it means for the administrator, and for a student.
TOKEN_ENDPOINT = [
    ("unauthorized_client", "Unauthorized client or scope in request.", 401, OURS, OURS),
    (
        "unauthorized_client",
        "Client is unauthorized to retrieve access tokens using this method, or client not auth…",
        401,
        OURS,
        OURS,
    ),
    ("access_denied", "Requested client not authorized.", 403, OURS, OURS),
    ("admin_policy_enforced", None, 400, OURS, THEIRS),
    ("invalid_grant", "Not a valid email or user ID.", 400, OURS, THEIRS),
    ("invalid_grant", "Invalid email or User ID", 400, OURS, THEIRS),
    ("invalid_grant", "The account has been deleted", 400, OURS, THEIRS),
    ("invalid_grant", "reauth related error (invalid_rapt)", 400, OURS, THEIRS),
    ("invalid_grant", "Bad Request", 400, OURS, THEIRS),
    ("invalid_account", "Forbidden", 403, OURS, THEIRS),
    ("access_denied", "Account restricted", 403, OURS, THEIRS),
    (
        "invalid_grant",
        "Invalid JWT: Token must be a short-lived token (60 minutes) and in a reasonable timeframe",
        400,
        OURS,
        OURS,
    ),
    ("invalid_grant", "Invalid JWT Signature.", 400, OURS, OURS),
    ("invalid_grant", "Token has been expired or revoked.", 400, OURS, OURS),  # of the source
    ("invalid_scope", "Invalid OAuth scope or ID token audience provided.", 400, OURS, OURS),
    ("disabled_client", "The OAuth client was disabled.", 401, OURS, OURS),
    ("deleted_client", "The OAuth client was deleted.", 401, OURS, OURS),
    (
        "org_internal",
        "This client is restricted to users within its organization.",
        403,
        OURS,
        OURS,
    ),
    ("invalid_client", "The OAuth client was not found.", 401, OURS, OURS),
    ("something_new", "Nobody knows.", 400, OURS, UNKNOWN),
    ("internal_failure", None, 400, AWAY, AWAY),
    ("server_error", None, 400, AWAY, AWAY),
    ("temporarily_unavailable", None, 400, AWAY, AWAY),
    *[("x", None, status, AWAY, AWAY) for status in (408, 429, 500, 503, 504)],
]


@pytest.mark.parametrize(
    ("error", "description", "status", "admin", "student"),
    TOKEN_ENDPOINT,
    ids=[f"{n} {row[0]} {row[2]}" for n, row in enumerate(TOKEN_ENDPOINT)],
)
def test_each_refusal_of_the_token_endpoint(error, description, status, admin, student):
    refused = from_token_endpoint(status, error, description)

    assert result(refused, as_student=False) == admin
    assert result(refused, as_student=True) == student


def an_iam_error(code, status):
    said = f"Permission 'iam.serviceAccounts.signJwt' denied on {SERVICE_ACCOUNT}"
    return {"error": {"code": code, "message": said, "status": status}}


@pytest.mark.parametrize(
    ("status", "body", "expected"),
    [
        (403, an_iam_error(403, "PERMISSION_DENIED"), SIGNING),
        (404, an_iam_error(404, "NOT_FOUND"), SIGNING),
        (400, an_iam_error(400, "INVALID_ARGUMENT"), SIGNING),
        (429, an_iam_error(429, "RESOURCE_EXHAUSTED"), AWAY),
        (500, an_iam_error(500, "INTERNAL"), AWAY),
        (503, an_iam_error(503, "UNAVAILABLE"), AWAY),
        (502, b"<!DOCTYPE html><title>Error 502</title>", AWAY),
        (200, b"OK", AWAY),
        (200, {"keyId": "1"}, AWAY),
    ],
    ids=lambda value: str(value)[:24],
)
@pytest.mark.parametrize("as_student", [False, True], ids=["admin", "student"])
def test_each_answer_of_sign_jwt_that_is_no_signature(status, body, expected, as_student):
    assert result(from_sign_jwt(status, body), as_student=as_student) == expected


@pytest.mark.parametrize("as_student", [False, True], ids=["admin", "student"])
def test_a_sign_blob_that_is_denied_looks_like_the_network_and_is_not(as_student):
    transport = answering(403, an_iam_error(403, "PERMISSION_DENIED"))
    signer = iam.Signer(transport, AnonymousCredentials(), SERVICE_ACCOUNT)

    denied = raised_by(signer.sign, b"a message")

    assert isinstance(denied, exceptions.TransportError)
    assert result(denied, as_student=as_student) == SIGNING


@pytest.mark.parametrize("as_student", [False, True], ids=["admin", "student"])
def test_a_metadata_server_that_is_away_refuses_nobody_and_holds_nothing(as_student):
    source = compute_engine.Credentials(scopes=["cloud-platform"])

    away = raised_by(source.refresh, answering(404, b"no service account"))

    assert isinstance(away, exceptions.RefreshError)
    assert not away.retryable
    assert result(away, as_student=as_student) == AWAY


@pytest.mark.parametrize(
    "error",
    [
        exceptions.TransportError(httplib2.ServerNotFoundError("no such host")),
        exceptions.TransportError("no time is left"),
        httplib2.ServerNotFoundError("no such host"),
        TimeoutError("timed out"),
        ConnectionRefusedError(111, "refused"),
        ConnectionResetError(104, "reset"),
    ],
    ids=lambda error: type(error).__name__ + str(error)[:8],
)
@pytest.mark.parametrize("as_student", [False, True], ids=["admin", "student"])
def test_a_network_that_fails_is_not_now(error, as_student):
    assert result(error, as_student=as_student) == AWAY


@pytest.mark.parametrize("as_student", [False, True], ids=["admin", "student"])
def test_no_credentials_at_all_are_our_fault(as_student):
    missing = exceptions.DefaultCredentialsError("Your default credentials were not found.")

    found = result(missing, as_student=as_student)

    assert found == (Misconfigured, Reason.NO_CREDENTIALS)
