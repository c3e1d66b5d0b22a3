"""The OpenAPI documents: the committed ones, valid ones, and one with what reads the bodies."""

import json
import re

import pytest
import schemathesis
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from enrollment.openapi import FILES, SAID, Door, document, text
from enrollment.pages.form import Asked, form_page
from enrollment.problems import TYPE, Kind
from enrollment.request import Mode, Origin
from enrollment.sources.declared import Declaration
from enrollment.sources.events import Unfit, Wrong
from enrollment.sources.native import NativeRequest, read_native

DOORS = pytest.mark.parametrize("door", Door)
BODY = Draft202012Validator(
    {
        "$ref": "#/components/schemas/Body",
        "components": document(Door.SIS_WEBHOOK)["components"],
    }
)
NOT_ALLOWED = (f"{TYPE}{Kind.NOT_ALLOWED.code}", 405, 405)
ADA = {"course_id": "d:BIO-7", "student": "ada@northside.example"}


def taken(body):
    try:
        reading = read_native(body, source="sis", mode=Mode.ADMIN)
    except Unfit:
        return False
    return not any(isinstance(each, Wrong) for each in reading.records)


def operations(door):
    """Each operation, and its answers by their statuses."""
    for path in document(door)["paths"].values():
        for method in path.keys() & {"get", "post"}:
            yield path[method], path[method]["responses"]


def problems(door):
    """Each problem that is an answer: its kind, and the status that it and its answer say."""
    return {
        (kind, said["status"]["const"], int(status))
        for _, answers in operations(door)
        for status, answer in answers.items()
        for media, each in answer.get("content", {}).items()
        if media == "application/problem+json"
        for said in [each["schema"]["allOf"][1]["properties"]]
        for kind in said["type"]["enum"]
    }


@DOORS
def test_the_committed_document_is_the_generated_one(door):
    assert FILES[door].read_text(encoding="utf-8") == text(door), "python -m enrollment.openapi"


@DOORS
def test_the_document_is_one_of_openapi_3_1(door):
    schemathesis.openapi.from_dict(json.loads(text(door))).validate()

    for schema in document(door)["components"]["schemas"].values():
        Draft202012Validator.check_schema(schema)


@DOORS
def test_every_problem_is_an_answer_of_its_status(door):
    told = {(f"{TYPE}{each.code}", each.status, each.status) for each in SAID[door].PROBLEMS}

    assert problems(door) | {NOT_ALLOWED} == told


def test_every_kind_of_problem_is_one_of_a_door():
    assert {each for door in Door for each in SAID[door].PROBLEMS} == set(Kind)


@DOORS
def test_only_where_a_page_may_be_missing_the_answer_is_one_for_other_methods(door):
    listed = {said["operationId"] for said, answers in operations(door) if "405" in answers}

    assert listed == ({"show"} if door is Door.FORM_INTAKE else set())
    assert f"405, `{NOT_ALLOWED[0]}`" in document(door)["info"]["description"]


def test_the_doors_take_the_same_bodies_and_tell_programs_the_same():
    webhook, forms = (document(each) for each in (Door.SIS_WEBHOOK, Door.FORM_INTAKE))
    bodies = [each["components"]["schemas"] for each in (webhook, forms)]
    shared = [{n: said for n, said in each.items() if n != "Problem"} for each in bodies]

    assert shared[0].items() <= shared[1].items()
    assert shared[1].keys() - shared[0].keys() == {"FilledIn"}


def test_what_a_form_may_send_is_what_its_page_has_as_fields():
    described = document(Door.FORM_INTAKE)["components"]["schemas"]["FilledIn"]["properties"]
    shown = form_page(
        Asked(
            declaration=Declaration(mode=Mode.CODE),
            here="signup",
            person=None,
            token="",
            filled={},
            errors={},
        )
    )

    assert set(described) == set(re.findall(r' name="(\w+)"', shown.partition("<form")[2]))


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
