"""The committed JSON Schema is the model's, and says the same about messages."""

import json

import pytest
from jsonschema import Draft202012Validator

from enrollment.request import EnrollmentRequest
from enrollment.schema import FILE, text
from enrollment.wire import Unreadable, decode, encode
from tests.builders import a_request

SCHEMA = json.loads(text())
VALIDATOR = Draft202012Validator(SCHEMA)
CODE = {"mode": "code", "enrollment_code": "x7gk2p"}

GOOD = [
    {},
    CODE,
    {"student": "112233445566778899001"},
    {"course_id": "668219554310"},
    {"course_id": "p:Chor & Orchester"},
    {"origin": {"kind": "sis", "event_id": "enr-88121"}},
    {"schema_version": "1.2", "homeroom": "7b"},
    {"replay": 2, "retry": True},
]
BAD = [
    {"student": "me"},
    {"student": "ada@northside"},
    {"student": "a" * 244 + "@school.edu"},
    {"course_id": "MATH"},
    {"course_id": "d:a/b"},
    {"course_id": "d: a"},
    {"course_id": "d:a "},
    {"mode": "code"},
    {"mode": "code", "enrollment_code": None},
    {"mode": "teacher"},
    {"action": "drop"},
    {"schema_version": "2"},
    {"request_id": "short"},
    {"source": "a b"},
    {"replay": -1},
    {"origin": "sis"},
]


def a_message(**changes):
    return json.loads(encode(a_request()).body) | changes


def test_the_committed_schema_is_the_models():
    assert FILE.read_text(encoding="utf-8") == text(), "run: python -m enrollment.schema"


def test_the_schema_is_one():
    Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("changes", GOOD, ids=str)
def test_what_the_schema_takes_the_model_takes(changes):
    message = a_message(**changes)

    VALIDATOR.validate(message)
    decode(json.dumps(message).encode())


@pytest.mark.parametrize("changes", BAD, ids=lambda each: str(each)[:40])
def test_what_the_schema_refuses_the_model_refuses(changes):
    message = a_message(**changes)

    assert not VALIDATOR.is_valid(message)
    with pytest.raises(Unreadable):
        decode(json.dumps(message).encode())


@pytest.mark.parametrize(
    "field", [name for name, each in EnrollmentRequest.model_fields.items() if each.is_required()]
)
def test_what_the_model_needs_the_schema_needs(field):
    message = a_message()
    del message[field]

    assert not VALIDATOR.is_valid(message)
