"""The OpenAPI document: the committed one, a valid one, and one with what reads the bodies."""

import json

import pytest
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from enrollment.openapi import FILE, document, text
from enrollment.problems import TYPE, Kind
from enrollment.request import Mode, Origin
from enrollment.sources.events import Unfit, Wrong
from enrollment.sources.native import NativeRequest, read_native

DOCUMENT = document()
BODY = Draft202012Validator(
    {"$ref": "#/components/schemas/Body", "components": DOCUMENT["components"]}
)
ADA = {"course_id": "d:BIO-7", "student": "ada@northside.example"}


def taken(body):
    try:
        reading = read_native(body, source="sis", mode=Mode.ADMIN)
    except Unfit:
        return False
    return not any(isinstance(each, Wrong) for each in reading.records)


def answers():
    for path in DOCUMENT["paths"].values():
        for method in path.keys() & {"get", "post"}:
            yield from path[method]["responses"].items()


def test_the_committed_document_is_the_generated_one():
    assert FILE.read_text(encoding="utf-8") == text(), "run: python -m enrollment.openapi"


def test_the_document_is_one_of_openapi_3_1():
    schemathesis.openapi.from_dict(json.loads(text())).validate()

    for schema in DOCUMENT["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


def test_every_problem_is_an_answer_of_its_status():
    told = {
        (kind, problem["status"]["const"], int(status))
        for status, answer in answers()
        for media, each in answer["content"].items()
        if media == "application/problem+json"
        for problem in [each["schema"]["allOf"][1]["properties"]]
        for kind in problem["type"]["enum"]
    }

    assert told == {
        (f"{TYPE}{each.code}", each.status, each.status) for each in set(Kind) - {Kind.NOT_ALLOWED}
    }


def test_no_operation_answers_what_is_for_other_methods():
    assert "405" not in {status for status, _ in answers()}
    assert f"405, `{TYPE}{Kind.NOT_ALLOWED.code}`" in DOCUMENT["info"]["description"]


@pytest.mark.parametrize(
    "body",
    [
        ADA,
        ADA | {"class_id": None, "homeroom": "7b"},
        {"class_id": "7", "user_id": "8"},
        {"requests": [ADA, ADA | {"requests": 7}], "more": 1},
        {"requests": [ADA], "course_id": 7},
        {"type": None, "data": ADA, "student": 7},
        {"type": "wish", "data": {"requests": [ADA]}},
        {"data": ADA, **ADA},
        {"type": "wish", "data": [], **ADA},
    ],
    ids=str,
)
def test_what_is_read_is_described(body):
    assert taken(body)
    BODY.validate(body)


@pytest.mark.parametrize(
    "body",
    [
        [],
        {},
        {"course_id": None, "student": "ada@northside.example"},
        ADA | {"class_id": "7"},
        ADA | {"course_id": "d" * 257},
        ADA | {"mode": "teacher"},
        ADA | {"action": "drop"},
        ADA | {"requests": []},
        {"requests": [ADA] * 501},
        {"requests": [ADA, 7]},
        {"requests": ADA},
        {"type": "wish", "data": {}, **ADA},
        {"data": ADA},
        {"type": "a", "data": {"type": "b", "data": ADA}},
    ],
    ids=lambda each: str(each)[:100],
)
def test_what_is_not_read_is_not_described(body):
    assert not taken(body)
    assert not BODY.is_valid(body)


PLAIN = st.text("aZ09:-._@! \u00fc", max_size=12)
ANYTHING = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-2, 10**7)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.sampled_from(["1", "1.2", "enroll", "fall26:sis:1", "2026-08-20T18:25:43Z", ADA, [ADA]])
    | PLAIN,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(PLAIN, inner, max_size=2),
    max_leaves=4,
)
# What the source's declaration decides, no document can say.
FREE = set(NativeRequest.model_fields) - {"source", "mode"}
FIELDS = [(name,) for name in sorted({*FREE, "requests", "data", "type"})]
FIELDS += [("origin", name) for name in Origin.model_fields]


@pytest.mark.parametrize("place", FIELDS, ids=".".join)
@pytest.mark.parametrize("wrapped", [False, True], ids=["bare", "batch in an envelope"])
@given(value=ANYTHING)
def test_document_and_reader_never_differ(place, wrapped, value):
    for name in reversed(place):
        value = {name: value}
    body = ADA | value
    if wrapped:
        body = {"type": "wish", "data": {"requests": [body]}}

    assert taken(body) == BODY.is_valid(body)
