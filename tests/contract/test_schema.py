"""The committed JSON Schema is the model's, and says the same about messages."""

import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from enrollment.request import EnrollmentRequest, Origin
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
    {"replay": 3.0},
    {"received_at": "2026-08-20t18:26:01.123456789z"},
    {"received_at": "2026-08-20T18:26:01-05:00"},
    {"origin": {"occurred_at": None}},
    {"origin": {"occurred_at": "2026-08-20T18:26:01+14:00"}},
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
    {"replay": "3"},
    {"replay": True},
    {"replay": 2.5},
    {"replay": None},
    {"replay": 10**7},
    {"retry": "yes"},
    {"retry": 1},
    {"retry": None},
    {"received_at": 1787250361},
    {"received_at": 1787250361.5},
    {"received_at": "1787250361"},
    {"received_at": True},
    {"received_at": None},
    {"received_at": "2026-08-20"},
    {"received_at": "2026-08-20 18:26:01Z"},
    {"received_at": "2026-08-20T18:26Z"},
    {"received_at": "2026-08-20T18:26:01"},
    {"received_at": "2026-08-20T18:26:60Z"},
    {"received_at": "0000-08-20T18:26:01Z"},
    {"received_at": "20260820T182601Z"},
    {"origin": {"occurred_at": 1787250361}},
    {"origin": {"kind": None}},
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


PLAIN = st.text("aZ09:-._@! \u00fc", max_size=12)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 10**7)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from([0.0, 3.0, 1e6, 1e7, "true", "3", "1", "1.2", "admin", "code", "enroll"])
    | st.datetimes(timezones=st.just(UTC)).map(datetime.isoformat)
    | st.datetimes().map(str)
    | PLAIN,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(PLAIN, inner, max_size=2),
    max_leaves=4,
)
FIELDS = [(name,) for name in EnrollmentRequest.model_fields]
FIELDS += [("origin", name) for name in Origin.model_fields]


@pytest.mark.parametrize("place", FIELDS, ids=".".join)
@given(value=ANYTHING)
def test_model_and_schema_never_differ(place, value):
    for name in reversed(place):
        value = {name: value}
    message = a_message(**value)

    try:
        decode(json.dumps(message).encode())
    except Unreadable:
        taken = False
    else:
        taken = True

    assert taken == VALIDATOR.is_valid(message)
