"""Every answer that the OpenAPI document of `sis_webhook` lists is given, and as it is listed."""

import pytest
from jsonschema import Draft202012Validator

from enrollment.openapi import Door, document
from enrollment.wiring import intakes
from tests.functions.open_door import conforms, operations
from tests.functions.open_source import (
    CHOSEN,
    UNKNOWN,
    WISH,
    credentials,
    sent_before,
)

DOOR = Door.SIS_WEBHOOK
# One way to each documented answer: what is sent, and where it is sent to.
POST, GET = operations(DOOR)
CHOSEN_PATH = f"/requests/{CHOSEN}"
ANSWERS = [
    (POST, 202, {"path": "/sis", "json": WISH}),
    (POST, 400, {"path": "/sis", "data": b"{"}),
    (POST, 401, {"path": "/sis", "json": WISH, "headers": {}}),
    (POST, 404, {"path": "/nobody", "json": WISH}),
    (POST, 404, {"path": "/s%0Ais", "json": WISH}),
    (POST, 413, {"path": "/sis", "data": b" " * 262_145}),
    (POST, 415, {"path": "/sis", "data": b"{}", "content_type": "text/plain"}),
    (POST, 422, {"path": "/sis", "json": {}}),
    (POST, 429, {"path": "/sis", "json": WISH}),
    (POST, 500, {"path": "/sis", "json": WISH}),
    (POST, 503, {"path": "/sis", "json": WISH | {"version": "2"}}),
    (GET, 200, {"path": CHOSEN_PATH}),
    (GET, 401, {"path": CHOSEN_PATH, "headers": {}}),
    (GET, 404, {"path": f"/requests/{UNKNOWN}"}),
    (GET, 500, {"path": CHOSEN_PATH}),
    (GET, 503, {"path": CHOSEN_PATH}),
]


@pytest.fixture
def sent_doors(doors, tmp_path):
    sent_before(doors, tmp_path)
    return doors


def in_trouble(doors, method, status, tmp_path):
    """What has to be wrong for a status; the others need nothing to be."""
    match status:
        case 429:
            rate = intakes.intakes().rate
            rate.burst = 0.0
            rate._left.clear()
        case 500:
            broken = tmp_path / "broken.toml"
            broken.write_text("[sources")
            doors.start_again(SOURCES_FILE=str(broken))
        case 503 if method == "POST":
            doors.start_again(ENROLLMENT_REQUESTS_TOPIC="nowhere")
        case 503:
            doors.start_again(FIRESTORE_EMULATOR_HOST="127.0.0.1:1")


def test_every_documented_answer_has_its_example():
    documented = {
        ((path, method), int(status))
        for path, method in operations(DOOR)
        for status in document(DOOR)["paths"][path][method.lower()]["responses"]
    }

    assert {each[:2] for each in ANSWERS} == documented


@pytest.mark.parametrize(
    ("operation", "status", "sent"),
    ANSWERS,
    ids=[f"{each[0][1]} {each[1]} {each[2]['path']}" for each in ANSWERS],
)
def test_every_documented_answer_is_given(sent_doors, tmp_path, operation, status, sent):
    client = sent_doors.app("sis_webhook").test_client()
    in_trouble(sent_doors, operation[1], status, tmp_path)

    usual = {"headers": credentials(), "content_type": "application/json"}
    reply = client.open(method=operation[1], **(usual | sent))

    conforms(DOOR, operation, status, reply)


@pytest.mark.parametrize(
    ("method", "path", "kind", "allow"),
    [
        ("GET", "/sis", "method-not-allowed", "POST"),
        ("POST", CHOSEN_PATH, "method-not-allowed", "GET"),
        ("POST", "/", "not-found", None),
        ("GET", "/a/b/c", "not-found", None),
        ("GET", "/requests/a%0Ab", "not-found", None),
        ("POST", "/robots.txt", "not-found", None),
    ],
)
def test_what_stands_nowhere_in_the_document_is_a_problem_too(
    sent_doors, method, path, kind, allow
):
    reply = sent_doors.app("sis_webhook").test_client().open(path, method=method)

    assert reply.content_type == "application/problem+json"
    assert reply.headers.get("Allow") == allow
    assert reply.json["type"].endswith(f":{kind}")
    problem = {"$ref": "#/components/schemas/Problem", "components": document(DOOR)["components"]}
    Draft202012Validator(problem).validate(reply.json)


@pytest.mark.parametrize("function", ["sis_webhook", "form_intake"])
@pytest.mark.parametrize("host", ["..", "x" * 64, f"{'x' * 64}.northside.example"])
def test_at_a_host_that_is_none_nothing_is_there(doors, function, host):
    reply = doors.app(function).test_client().post("/sis", headers={"Host": host})

    assert (reply.status_code, reply.content_type) == (404, "application/problem+json")
