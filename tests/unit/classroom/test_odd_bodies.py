"""Bodies that are not what Google's pages promise: none breaks anything, none decides too much."""

import json

import pytest

from enrollment.adapters.classroom.answers import read_problem
from enrollment.adapters.classroom.verdicts import verdict
from enrollment.ports import CreateAnswer, Misconfigured, Refused, Unavailable
from enrollment.reasons import Reason
from tests.unit.classroom.bodies import V1, V2, body, error

HTML = b"<!DOCTYPE html>\n<html lang=en>\n<title>Error (Not Found)!!1</title>\n"
LOST = (Unavailable, Reason.NO_ANSWER)
UNKNOWN = (Unavailable, Reason.UNKNOWN_ANSWER)
LIMITED = (Unavailable, Reason.RATE_LIMITED)
DOWN = (Unavailable, Reason.CLASSROOM_DOWN)
KEY = (Misconfigured, Reason.CREDENTIALS_REJECTED)


def becomes(http, content, *, as_student=False):
    found = verdict(read_problem(http, content), as_student=as_student)
    return found if isinstance(found, CreateAnswer) else (type(found), found.reason)


@pytest.mark.parametrize("shape", [V1, V2])
@pytest.mark.parametrize(
    ("http", "status", "message", "expected"),
    [
        (409, "ALREADY_EXISTS", "Requested entity already exists", CreateAnswer.EXISTS),
        (403, "PERMISSION_DENIED", "@CannotDirectAddUser x", CreateAnswer.CANNOT_ADD),
        (400, "FAILED_PRECONDITION", "@CourseNotModifiable x", (Refused, Reason.COURSE_CLOSED)),
        (429, "RESOURCE_EXHAUSTED", "Exhausted.", LIMITED),
    ],
)
def test_a_list_around_the_body_changes_nothing(shape, http, status, message, expected):
    content = json.dumps([error(http, status, message, shape=shape)]).encode()

    assert becomes(http, content) == expected


@pytest.mark.parametrize(
    ("http", "message", "reason", "expected"),
    [
        (409, "Requested entity already exists", "alreadyExists", CreateAnswer.EXISTS),
        (409, "Requested entity already exists", "duplicate", CreateAnswer.EXISTS),
        (409, "The operation was aborted.", "aborted", DOWN),
        (404, "Requested entity was not found.", "notFound", CreateAnswer.NOT_FOUND),
        (403, "The caller does not have permission", "forbidden", CreateAnswer.FORBIDDEN),
        (400, "x", "failedPrecondition", (Refused, Reason.ACCOUNT_DISABLED)),
        (400, "x", "invalidArgument", (Refused, Reason.INVALID_REQUEST)),
        (400, "@CourseNotModifiable x", "failedPrecondition", (Refused, Reason.COURSE_CLOSED)),
        (401, "x", "authError", KEY),
        (429, "x", "rateLimitExceeded", LIMITED),
        (500, "x", "backendError", DOWN),
    ],
)
def test_a_missing_status_is_told_by_the_coarse_reason(http, message, reason, expected):
    assert becomes(http, body(http, None, message, shape=V1, reason=reason)) == expected


@pytest.mark.parametrize(
    ("reason", "expected"),
    [
        ("rateLimitExceeded", LIMITED),
        ("userRateLimitExceeded", LIMITED),
        ("quotaExceeded", LIMITED),
        ("accessNotConfigured", (Misconfigured, Reason.API_DISABLED)),
        ("insufficientPermissions", (Misconfigured, Reason.SCOPES_MISSING)),
        ("forbidden", CreateAnswer.FORBIDDEN),
    ],
)
def test_the_coarse_reason_alone_tells_what_a_403_is(reason, expected):
    assert becomes(403, body(403, "PERMISSION_DENIED", "No.", shape=V1, reason=reason)) == expected


@pytest.mark.parametrize(
    ("http", "message", "expected"),
    [
        (409, "Requested entity already exists", CreateAnswer.EXISTS),
        (409, "The operation was aborted.", DOWN),
        (404, "Requested entity was not found.", CreateAnswer.NOT_FOUND),
        (403, "The caller does not have permission", CreateAnswer.FORBIDDEN),
        (403, "Quota exceeded for quota metric 'Requests'", LIMITED),
        (403, "@CannotDirectAddUser x", CreateAnswer.CANNOT_ADD),
        (400, "Precondition check failed.", UNKNOWN),
    ],
)
def test_without_status_and_reason_the_http_status_decides_or_nothing_does(http, message, expected):
    assert becomes(http, body(http, None, message)) == expected


@pytest.mark.parametrize(
    ("http", "content", "expected"),
    [
        (429, b"Quota exceeded for quota metric 'Requests' and limit 'a minute'", LIMITED),
        (403, b"Request rate higher than configured.", LIMITED),
        (503, b"Quota exceeded for the current request", LIMITED),
        (502, b"Bad Gateway", DOWN),
        (504, b"Gateway Timeout", DOWN),
        (503, b"", DOWN),
        (400, HTML, LOST),
        (404, HTML, LOST),
        (403, HTML, LOST),
        (409, HTML, LOST),
        (302, HTML, LOST),
        (502, HTML, DOWN),
        (401, HTML, KEY),
        (429, HTML, LIMITED),
    ],
)
def test_what_is_no_json_is_nobodys_verdict_on_a_request(http, content, expected):
    assert becomes(http, content) == expected


WHOLE = body(403, "PERMISSION_DENIED", "@ClassroomDisabled x", shape=V1)


@pytest.mark.parametrize("http", [400, 403, 404, 409])
@pytest.mark.parametrize("length", [0, 1, len(WHOLE) // 2, len(WHOLE) - 1])
def test_half_an_answer_refuses_nobody(http, length):
    assert becomes(http, WHOLE[:length]) == LOST


@pytest.mark.parametrize(
    "content",
    [
        b"null",
        b"[]",
        b"7",
        b'"text"',
        b"{}",
        b'{"error": "invalid_grant"}',
        b'{"error": [1]}',
        b'[["error"]]',
        b"[" * 100_000,
        b"\xff\xfe\x00",
    ],
    ids=lambda content: repr(content[:24]),
)
@pytest.mark.parametrize("http", [400, 403, 404, 409])
def test_json_that_is_no_error_refuses_nobody(http, content):
    assert becomes(http, content) == LOST


@pytest.mark.parametrize(
    "odd",
    [
        {"message": 5},
        {"message": None},
        {"message": {"text": "x"}},
        {"status": 7},
        {"status": "ada@northside.example"},
        {"errors": "x"},
        {"errors": [None, 1, {"reason": ["x"]}]},
        {"details": {"reason": "SERVICE_DISABLED"}},
    ],
    ids=str,
)
def test_a_field_of_another_type_is_as_if_it_were_not_there(odd):
    content = json.dumps({"error": {"code": 400} | odd}).encode()

    problem = read_problem(400, content)

    assert becomes(400, content) == UNKNOWN
    assert problem.detail == "400"


@pytest.mark.parametrize("message", ["@ClassroomApiDisabled", "@ClassroomApiDisabled: x", "@ x"])
def test_a_code_without_the_space_behind_it_is_none_that_we_know(message):
    content = body(403, "PERMISSION_DENIED", message)

    assert becomes(403, content) == UNKNOWN


@pytest.mark.parametrize("message", ["The @ClassroomDisabled x", " @ClassroomDisabled x"])
def test_a_code_stands_at_the_beginning_or_is_none(message):
    assert becomes(403, body(403, "PERMISSION_DENIED", message)) == CreateAnswer.FORBIDDEN


def test_a_longer_code_is_another_code():
    content = body(403, "PERMISSION_DENIED", "@ClassroomDisabledForever x")

    assert becomes(403, content) == UNKNOWN


@pytest.mark.parametrize("http", [400, 403, 404, 409, 429])
def test_a_code_that_nobody_knows_is_not_now_and_kept_word_for_word(http):
    content = body(http, "PERMISSION_DENIED", "@SomethingNew2027 about ada@northside.example")

    found = verdict(read_problem(http, content), as_student=False)

    assert (type(found), found.reason) == UNKNOWN
    assert found.detail == f"{http} PERMISSION_DENIED @SomethingNew2027"


@pytest.mark.parametrize(
    ("http", "code"),
    [(403, "CourseMemberLimitReached"), (400, "ClassroomDisabled"), (400, "CannotDirectAddUser")],
)
def test_a_known_code_under_another_http_status_decides_nothing(http, code):
    assert becomes(http, body(http, "X_Y", f"@{code} x")) == UNKNOWN


def test_the_words_of_an_answer_are_not_in_its_detail():
    words = b"Not found: ada@northside.example"

    for content in (words, body(404, "NOT_FOUND", words.decode(), shape=V1)):
        assert "ada" not in read_problem(404, content).detail
